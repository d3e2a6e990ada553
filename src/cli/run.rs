//! `backtest run`: one backtest, of a strategy or of a point of a sweep, or one task of a sweep.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::share::ShareArguments;
use super::task::read_sweep;
use super::{Common, array, output};
use crate::report;
use crate::report::tear_sheet::page::TearSheet;
use crate::stats::curve::curve;
use crate::strategy::definition::Strategy;
use crate::strategy::run::{self, BacktestResult};
use crate::sweep::definition::Sweep;
use crate::sweep::plan::Plan;
use crate::text::quoted;
use crate::text::shell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backtest run strategies/momentum.toml
  backtest run strategies/momentum.toml --params lookback=90 --params costs.commission=0.001
  backtest run strategies/momentum.toml --output result.json --fills fills.csv --format json
  backtest run strategies/momentum.toml --report tearsheet.html
  backtest run --params sweeps/momentum.toml --point 17
  backtest run --params sweeps/momentum.toml --task 3 --tasks 12 --results /sharedfs/results")]
pub(crate) struct RunArguments {
    /// The strategy file; without it --params names a sweep
    #[arg(conflicts_with = "ComputeArguments")]
    strategy: Option<PathBuf>,
    /// Set a parameter or any key by its dotted path; values are TOML, anything else is text (repeatable). Without STRATEGY: a
    /// sweep file, a plan, or - for a plan on standard input
    #[arg(long, value_name = "NAME=VALUE")]
    params: Vec<String>,
    #[command(flatten)]
    share: ShareArguments,
    /// Write the whole result as JSON with QSTrader's keys
    #[arg(long, value_name = "FILE.json")]
    output: Option<PathBuf>,
    /// Write the equity curve as CSV
    #[arg(long, value_name = "FILE.csv")]
    equity: Option<PathBuf>,
    /// Write the fills as CSV
    #[arg(long, value_name = "FILE.csv")]
    fills: Option<PathBuf>,
    /// Write the tear sheet as a page that needs no network
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tear sheet for people
    Table,
    /// The figures as JSON
    Json,
}

pub(crate) fn run(arguments: &RunArguments, common: &Common) -> Result<(), Exit> {
    refuse_overlap(arguments)?;
    match (&arguments.strategy, arguments.params.as_slice(), arguments.share.point) {
        (Some(strategy), params, _) => {
            refuse_without_value(params)?;
            one(&Strategy::read(strategy, params)?, arguments, common)
        }
        (None, [sweep], Some(point)) => {
            let sweep = read_sweep(Path::new(sweep))?;
            let strategy = strategy_of_point(&sweep, point)?;
            if sweep.document.table().get("plan").is_some() {
                // Refuses a plan that is not what its seal says.
                Plan::new(sweep, 0)?;
            }
            one(&strategy, arguments, common)
        }
        (None, [_], None) if is_of_one(arguments) => Err(Exit::Usage(
            "--output, --equity, --fills, --report and --format json show one backtest: give --point I as well"
                .to_owned(),
        )),
        (None, [sweep], None) => array::task(Path::new(sweep), &arguments.share, common),
        (None, _, _) => Err(Exit::Usage(
            "expected a strategy file, or --params with one sweep file, for instance: backtest run \
             strategies/momentum.toml (see --help)"
                .to_owned(),
        )),
    }
}

/// One backtest with everything it can tell.
fn one(strategy: &Strategy, arguments: &RunArguments, common: &Common) -> Result<(), Exit> {
    let result = run::run(strategy)?;
    for notice in &result.notices {
        output::note(common.quiet, &notice.to_string());
    }
    write_files(arguments, strategy, &result)?;
    match arguments.format {
        Format::Table => output::result(&report::tear_sheet::terminal::tear_sheet(strategy, &result)),
        Format::Json => {
            output::result(&format!("{}\n", report::json::summary(strategy, &result).map_err(json_error)?))
        }
    }
}

fn strategy_of_point(sweep: &Sweep, point: u64) -> Result<Strategy, Exit> {
    if point >= sweep.count {
        return Err(Exit::Usage(format!("--point {point}: the sweep's points are 0 to {}", sweep.count - 1)));
    }
    if !sweep.space.keeps(point) {
        return Err(Exit::Usage(format!(
            "--point {point}: 'keep' is false there, so there is no such point"
        )));
    }
    Ok(sweep.strategy_at(&sweep.space.values(point))?)
}

/// Whether something is asked for that only one backtest has.
fn is_of_one(arguments: &RunArguments) -> bool {
    let RunArguments { output, equity, fills, report, format, .. } = arguments;
    [output, equity, fills, report].into_iter().any(Option::is_some) || *format == Format::Json
}

/// Refuses outputs that would replace the strategy or each other.
fn refuse_overlap(arguments: &RunArguments) -> Result<(), Exit> {
    let RunArguments { output, equity, fills, report, .. } = arguments;
    // What is read: the strategy, or the sweep.
    let read = arguments.strategy.clone().or(arguments.params.first().map(PathBuf::from)).unwrap_or_default();
    let outputs = [("--output", output), ("--equity", equity), ("--fills", fills), ("--report", report)];
    let outputs: Vec<_> =
        outputs.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))).collect();
    for (index, (option, path)) in outputs.iter().enumerate() {
        if output::is_same_file(path, &read) {
            return Err(Exit::Usage(format!("{option} would replace the strategy {}", read.display())));
        }
        let earlier = outputs[..index].iter().find(|(_, earlier)| output::is_same_file(earlier, path));
        if let Some((earlier, _)) = earlier {
            return Err(Exit::Usage(format!("both {earlier} and {option} write {}", path.display())));
        }
    }
    Ok(())
}

/// Refuses what is no assignment: a strategy's keys are set, not switched on.
pub(super) fn refuse_without_value(params: &[String]) -> Result<(), Exit> {
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
            report::json::write_json(strategy, result, &mut *writer)?;
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
    if let Some(path) = &arguments.report {
        output::file(path, &TearSheet::new(strategy, result, again(arguments)).text())?;
    }
    Ok(())
}

/// The command that makes the same result again, without the files it writes.
fn again(arguments: &RunArguments) -> String {
    let mut words = vec!["backtest run".to_owned()];
    words.extend(arguments.strategy.as_ref().map(|path| shell::path(&path.to_string_lossy())));
    words.extend(arguments.params.iter().map(|assignment| format!("--params {}", shell::bash(assignment))));
    words.extend(arguments.share.point.map(|point| format!("--point {point}")));
    words.join(" ")
}

fn json_error(error: serde_json::Error) -> Exit {
    Exit::Internal(format!("cannot write the result as JSON: {error}"))
}
