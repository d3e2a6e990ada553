//! One backtest: the figures of a strategy file, its equity curve and its benchmark.
//!
//! `cargo run --example one_backtest -- strategies/momentum.toml lookback=63 costs.commission=0.001`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use backtest::{BacktestError, BacktestResult, Benchmark, Date, Metric, Notice, Strategy, run, write_json};

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
    if let (Some(first), Some(last)) = (result.dates.first(), result.dates.last()) {
        show_span(*first, *last);
    }
    if let Some(Benchmark { asset, equity, .. }) = &result.benchmark {
        println!("  holding {asset} ends at {:.2}", equity.last().copied().unwrap_or(f64::NAN));
    }
    result.notices.iter().for_each(show_notice);
    // Everything: fills, target weights, drawdowns, orders for tomorrow.
    let mut file = BufWriter::new(File::create(std::env::temp_dir().join("one_backtest.json"))?);
    write_json(&strategy, &result, &mut file)?;
    file.flush()?;
    Ok(())
}

fn show_span(first: Date, last: Date) {
    println!("  from {first} to {last}");
}

fn show_notice(notice: &Notice) {
    println!("  note: {notice}");
}
