//! One backtest: the figures of a strategy file, its equity curve and its benchmark.
//!
//! `cargo run --example one_backtest -- strategies/momentum.toml lookback=63 costs.commission=0.001`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use backtest::error::BacktestError;
use backtest::{BacktestResult, Metric, Strategy, run, write_json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().map_or("strategies/momentum.toml".into(), PathBuf::from);
    let overrides: Vec<String> = arguments.collect();
    let strategy = match Strategy::read(&path, &overrides) {
        Ok(strategy) => strategy,
        // The text has file, line and column, and the line with its fault marked.
        Err(BacktestError::Config(error)) => return Err(error.to_string().into()),
        Err(error) => return Err(error.into()),
    };
    let result: BacktestResult = run(&strategy)?;
    println!("{}: {}", strategy.name, strategy.description.as_deref().unwrap_or("no description"));
    for metric in Metric::all() {
        println!("  {:<24} {:>14.4}", metric.name(), result.figure(metric));
    }
    if let (Some(first), Some(last)) = (result.dates().first(), result.dates().last()) {
        println!("  from {first} to {last}");
    }
    if let Some(benchmark) = result.benchmark() {
        let end = benchmark.equity().last().copied().unwrap_or(f64::NAN);
        println!("  holding {} ends at {end:.2}", benchmark.asset());
    }
    for notice in result.notices() {
        println!("  note: {notice}");
    }
    // Everything: fills, target weights, drawdowns, orders for tomorrow.
    let path = std::env::temp_dir().join("one_backtest.json");
    let mut file = BufWriter::new(File::create(&path)?);
    write_json(&strategy, &result, &mut file)?;
    file.flush()?;
    println!("  everything: {}", path.display());
    Ok(())
}
