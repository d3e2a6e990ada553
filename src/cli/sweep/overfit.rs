//! `sweep overfit`: the verdict for somebody else's matrix of returns.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::{Common, output};
use crate::matrix::file::MatrixFileError;
use crate::matrix::return_matrix::ReturnMatrix;
use crate::matrix::values::Values;
use crate::sweep::error::SweepError;
use crate::text::quoted;
use crate::verdict::error::VerdictError;
use crate::verdict::options::VerdictOptions;
use crate::verdict::verdict;

/// The benchmark that is no column: a return of 0.
const ZERO: &str = "zero";

#[derive(Debug, Args)]
#[command(
    after_help = "RETURNS.csv has a row a period, oldest first, and a column a trial, with names in the first line. A first column \
without a name, called date, time, index or the like, or with dates, epochs or counts is the index and no trial; with dates \
the test looks at weeks and months too. A Parquet file is read the same way, and the index of pandas is none of its trials. \
Give every trial you made, not only the good ones. Returns are simple, of one period and in excess of cash: 0.01 is one percent.

Without assets the question is whether the trials beat cash or the benchmark, which a position in an asset that rose does \
without any skill. With the assets that were traded it is whether moving in and out of them earned more.

Examples:
  sweep overfit returns.csv --asset SPY --asset TLT
  sweep overfit returns.csv --assets etf_returns.csv --json
  sweep overfit equity_curves.csv --equity --benchmark SPY"
)]
pub(crate) struct OverfitArguments {
    /// A matrix of returns as CSV or Parquet
    returns: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// A column with the returns of an asset that was traded, and no trial; may be given several times
    #[arg(long = "asset", value_name = "COLUMN")]
    asset_columns: Vec<String>,
    /// A file like RETURNS with the returns of the assets that were traded
    #[arg(long, value_name = "FILE")]
    assets: Option<PathBuf>,
    /// What the trials must beat where no assets are given: zero, or a column, which is no trial then
    #[arg(long, value_name = "zero|COLUMN", default_value = "zero")]
    benchmark: String,
    /// The files hold equity curves or prices, of which returns are made
    #[arg(long, conflicts_with = "percent")]
    equity: bool,
    /// The returns are in per cent
    #[arg(long)]
    percent: bool,
    /// Periods of a year, for figures a year [default: what the dates say, or 252]
    #[arg(long, value_name = "N", value_parser = positive)]
    periods_per_year: Option<f64>,
    /// Blocks of the cross-validation [default: 16, or 10 for fewer than 500 periods]
    #[arg(long, value_name = "N")]
    blocks: Option<usize>,
    /// Resamples of the bootstrap behind SPA and Reality Check, which the verdict does not ask
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    resamples: u32,
    /// Mean block length of the bootstrap in periods [default: what suits the returns]
    #[arg(long, value_name = "LENGTH", value_parser = block)]
    mean_block: Option<f64>,
    /// Seed of its random numbers
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
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
    let matrix = read(path, common)?;
    let assets = arguments.assets.as_deref().map(|path| read(path, common)).transpose()?;
    let options = VerdictOptions {
        benchmark: Some(arguments.benchmark.clone()).filter(|name| name != ZERO),
        asset_columns: arguments.asset_columns.clone(),
        assets,
        values: match (arguments.equity, arguments.percent) {
            (true, _) => Values::Equity,
            (_, true) => Values::PerCent,
            _ => Values::Returns,
        },
        periods_per_year: arguments.periods_per_year,
        blocks: arguments.blocks,
        resamples: arguments.resamples as usize,
        mean_block: arguments.mean_block,
        seed: arguments.seed,
    };
    let found = verdict(&matrix, &options).map_err(|error| refused(arguments, error))?;
    for left_out in &found.left_out {
        output::note(common.quiet, &format!("{}: {left_out}", path.display()));
    }
    if arguments.json {
        return output::json(&found.judged);
    }
    output::result(&format!("{}\n{}", found.paragraph(), found.table()))
}

/// Reads a matrix, and notes what was taken for its index.
fn read(path: &Path, common: &Common) -> Result<ReturnMatrix, MatrixFileError> {
    let matrix = quietly(|| ReturnMatrix::read(path))?;
    if let Some(index) = &matrix.index {
        let name = match index.as_str() {
            "" => "the first column, which has no name,".to_owned(),
            name => format!("column '{}'", quoted::text(name)),
        };
        let dates = match matrix.dates.as_deref() {
            Some([first, .., last]) => format!("dates from {first} to {last}"),
            _ => "no dates, so that rows are looked at and neither weeks nor months".to_owned(),
        };
        output::note(common.quiet, &format!("{}: {name} is the index and no trial: {dates}", path.display()));
    }
    Ok(matrix)
}

fn refused(arguments: &OverfitArguments, error: VerdictError) -> Exit {
    let of = |path: &Path, error: VerdictError| {
        Exit::Sweep(SweepError::Data(format!("{}: {error}", path.display())))
    };
    match (error, &arguments.assets) {
        (error @ VerdictError::UnknownBenchmark { nearest: None, .. }, _) => {
            Exit::Usage(format!("--benchmark: {error}, or {ZERO}"))
        }
        (error @ VerdictError::UnknownBenchmark { .. }, _) => Exit::Usage(format!("--benchmark: {error}")),
        (error @ VerdictError::UnknownAsset { .. }, _) => Exit::Usage(format!("--asset: {error}")),
        (error @ VerdictError::Blocks(_), _) => Exit::Usage(format!("--blocks: {error}")),
        (VerdictError::Assets(error), Some(path)) => of(path, *error),
        (error, _) => of(&arguments.returns, error),
    }
}

/// Does something whose panics are caught without their being printed.
fn quietly<R>(act: impl FnOnce() -> R) -> R {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let given = act();
    std::panic::set_hook(hook);
    given
}
