//! `backtest run`: one backtest.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::{Common, output};
use crate::backtest::run::{self, BacktestResult};
use crate::backtest::strategy::Strategy;
use crate::market::quoted;
use crate::report;
use crate::stats::curve::curve;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backtest run strategies/momentum.toml
  backtest run strategies/momentum.toml --params lookback=90 --params costs.commission=0.001
  backtest run strategies/momentum.toml --output result.json --fills fills.csv --format json")]
pub struct RunArguments {
    /// The strategy file
    strategy: PathBuf,
    /// Set a parameter or any key by its dotted path; values are TOML, anything else is text (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Write the whole result as JSON with QSTrader's keys
    #[arg(long, value_name = "FILE.json")]
    output: Option<PathBuf>,
    /// Write the equity curve as CSV
    #[arg(long, value_name = "FILE.csv")]
    equity: Option<PathBuf>,
    /// Write the fills as CSV
    #[arg(long, value_name = "FILE.csv")]
    fills: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A tear sheet for people
    Table,
    /// The figures as JSON
    Json,
}

pub fn run(arguments: &RunArguments, common: &Common) -> Result<(), Exit> {
    refuse_overlap(arguments)?;
    refuse_without_value(&arguments.params)?;
    let strategy = Strategy::read(&arguments.strategy, &arguments.params)?;
    let result = run::run(&strategy)?;
    for notice in &result.notices {
        output::note(common.quiet, &notice.to_string());
    }
    write_files(arguments, &strategy, &result)?;
    match arguments.format {
        Format::Table => output::result(&report::tear_sheet::tear_sheet(&strategy, &result)),
        Format::Json => {
            output::result(&format!("{}\n", report::json::summary(&strategy, &result).map_err(json_error)?))
        }
    }
}

/// Refuses outputs that would replace the strategy or each other.
fn refuse_overlap(arguments: &RunArguments) -> Result<(), Exit> {
    let RunArguments { strategy, output, equity, fills, .. } = arguments;
    let outputs = [("--output", output), ("--equity", equity), ("--fills", fills)];
    let outputs: Vec<_> =
        outputs.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))).collect();
    for (place, (option, path)) in outputs.iter().enumerate() {
        if output::is_same_file(path, strategy) {
            let strategy = strategy.display();
            return Err(Exit::Usage(format!("{option} would replace the strategy {strategy}")));
        }
        let earlier = outputs[..place].iter().find(|(_, earlier)| output::is_same_file(earlier, path));
        if let Some((earlier, _)) = earlier {
            return Err(Exit::Usage(format!("both {earlier} and {option} write {}", path.display())));
        }
    }
    Ok(())
}

/// Refuses what is no assignment: a strategy's keys are set, not switched on.
fn refuse_without_value(params: &[String]) -> Result<(), Exit> {
    match params.iter().find(|assignment| !assignment.contains('=')) {
        Some(assignment) => {
            Err(Exit::Usage(format!("--params {}: expected NAME=VALUE", quoted::text(assignment))))
        }
        None => Ok(()),
    }
}

fn write_files(arguments: &RunArguments, strategy: &Strategy, result: &BacktestResult) -> Result<(), Exit> {
    if let Some(path) = &arguments.output {
        output::file_by(path, |writer| {
            report::json::result(strategy, result, &mut *writer)?;
            writer.write_all(b"\n")
        })?;
    }
    if let Some(path) = &arguments.equity {
        let curve = curve(&result.equity, strategy.conventions.high_water_start);
        output::file(path, &report::csv::equity(result, &curve.drawdowns, &curve.returns))?;
    }
    if let Some(path) = &arguments.fills {
        output::file(path, &report::csv::fills(result))?;
    }
    Ok(())
}

fn json_error(error: serde_json::Error) -> Exit {
    Exit::Internal(format!("cannot write the result as JSON: {error}"))
}
