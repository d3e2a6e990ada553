//! `sweep overfit`: the verdict for somebody else's matrix of returns.

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::{Common, output};
use crate::matrix::return_matrix::ReturnMatrix;
use crate::report::overfitting::json;
use crate::sweep::error::SweepError;
use crate::verdict::{MatrixTrials, VerdictError, VerdictOptions};

/// The benchmark that is no column: a return of 0.
const ZERO: &str = "zero";

#[derive(Debug, Args)]
#[command(
    after_help = "RETURNS.csv has a row a period, oldest first, and a column a trial, with names in the first line; a first column \
without a name or with dates is the index. A Parquet file is read the same way, and the index of pandas is none of its trials. \
Give every trial you made, not only the good ones. Returns are simple and of one period: 0.01 is one percent.

Examples:
  sweep overfit returns.csv
  sweep overfit returns.csv --benchmark SPY --json"
)]
pub(crate) struct OverfitArguments {
    /// A matrix of returns as CSV or Parquet
    returns: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Blocks of the cross-validation [default: 16, or 10 for fewer than 500 periods]
    #[arg(long, value_name = "N")]
    blocks: Option<usize>,
    /// Resamples of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    resamples: u32,
    /// Mean block length of the bootstrap in periods [default: what suits the returns]
    #[arg(long, value_name = "LENGTH", value_parser = block)]
    mean_block: Option<f64>,
    /// Seed of the random numbers
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// What the trials must beat: zero, or a column, which is no trial then
    #[arg(long, value_name = "zero|COLUMN", default_value = "zero")]
    benchmark: String,
    /// Periods of a year, for the figures a year in the text
    #[arg(long, value_name = "N", default_value_t = 252.0, value_parser = positive)]
    periods_per_year: f64,
}

fn block(text: &str) -> Result<f64, String> {
    let length = text.parse::<f64>().ok().filter(|length| length.is_finite() && *length >= 1.0);
    length.ok_or_else(|| "expected a number from 1 on".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

pub(crate) fn overfit(arguments: &OverfitArguments, common: &Common) -> Result<(), Exit> {
    let path = &arguments.returns;
    let matrix = quietly(|| ReturnMatrix::read(path))?;
    let options = VerdictOptions {
        benchmark: Some(arguments.benchmark.clone()).filter(|name| name != ZERO),
        blocks: arguments.blocks,
        resamples: arguments.resamples as usize,
        mean_block: arguments.mean_block,
        seed: arguments.seed,
    };
    let refused = |error: VerdictError| match error {
        VerdictError::UnknownBenchmark { nearest: None, .. } => {
            Exit::Usage(format!("--benchmark: {error}, or {ZERO}"))
        }
        VerdictError::UnknownBenchmark { .. } => Exit::Usage(format!("--benchmark: {error}")),
        VerdictError::Blocks(_) => Exit::Usage(format!("--blocks: {error}")),
        error => Exit::Sweep(SweepError::Data(format!("{}: {error}", path.display()))),
    };
    let trials = MatrixTrials::new(&matrix, options.benchmark.as_deref()).map_err(refused)?;
    for (name, row) in &trials.left_out {
        let path = path.display();
        output::note(
            common.quiet,
            &format!("{path}: '{name}' is left out: its return in row {row} is no number"),
        );
    }
    let verdict = trials.judge(&options).map_err(refused)?;
    if arguments.json {
        return output::json(&json::entry(&verdict.examination, verdict.selected.as_deref().unwrap_or("")));
    }
    output::result(&format!("{}\n{}", verdict.paragraph(), verdict.table(arguments.periods_per_year)))
}

/// Does something whose panics are caught without their being printed.
fn quietly<R>(act: impl FnOnce() -> R) -> R {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let given = act();
    std::panic::set_hook(hook);
    given
}
