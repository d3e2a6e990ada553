//! `sweep overfit`: the verdict for somebody else's matrix of returns.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::{Common, output};
use crate::matrix::return_matrix::{ReturnMatrix, read};
use crate::report::overfitting::{json, panel};
use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::examine_columns;
use crate::sweep::error::SweepError;
use crate::text::nearest::nearest;

/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

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
    let matrix = matrix(&arguments.returns)?;
    let benchmark = benchmark(&matrix, &arguments.benchmark)?;
    let trials: Vec<usize> = (0..matrix.names.len()).filter(|column| Some(*column) != benchmark).collect();
    if trials.is_empty() {
        return Err(bad(&arguments.returns, "the benchmark is the only column: there is no trial"));
    }
    for &trial in &trials {
        let absent = matrix.columns[trial].iter().position(|x| !x.is_finite());
        if let Some(row) = absent {
            let (path, name) = (arguments.returns.display(), &matrix.names[trial]);
            output::note(
                common.quiet,
                &format!("{path}: '{name}' is left out: its return in row {} is no number", row + 1),
            );
        }
    }
    let columns: Vec<&[f64]> = trials.iter().map(|&trial| matrix.columns[trial].as_slice()).collect();
    let settings = Settings {
        resamples: arguments.resamples as usize,
        mean_block: arguments.mean_block,
        seed: arguments.seed,
    };
    let compared = benchmark.map(|column| (matrix.names[column].as_str(), matrix.columns[column].as_slice()));
    if compared.is_some_and(|(_, returns)| returns.iter().any(|x| !x.is_finite())) {
        return Err(bad(&arguments.returns, "the benchmark has a return that is no number"));
    }
    let (found, selected) = examine_columns(&columns, arguments.blocks, compared, &settings)
        .map_err(|reason| Exit::Usage(format!("--blocks: {reason}")))?;
    let name = selected.map_or("", |selected| matrix.names[trials[selected]].as_str());
    match arguments.json {
        true => output::json(&json::entry(&found, name)),
        false => {
            let panel = panel::panel(&found, name, arguments.periods_per_year);
            output::result(&format!("{}\n{panel}", panel::paragraph(&found)))
        }
    }
}

fn bad(path: &Path, message: &str) -> Exit {
    Exit::Sweep(SweepError::Data(format!("{}: {message}", path.display())))
}

fn matrix(path: &Path) -> Result<ReturnMatrix, Exit> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Exit::Sweep(SweepError::Missing(format!("{}: no such file", path.display()))),
        _ => Exit::Sweep(SweepError::Io { path: path.to_owned(), error }),
    })?;
    let mut reader = BufReader::new(file);
    let start =
        reader.fill_buf().map_err(|error| Exit::Sweep(SweepError::Io { path: path.to_owned(), error }))?;
    match start.starts_with(PARQUET) {
        true => of_parquet(path, reader.into_inner()),
        false => {
            read(reader).map_err(|error| Exit::Sweep(SweepError::Data(format!("{}:{error}", path.display()))))
        }
    }
}

#[cfg(feature = "parquet")]
fn of_parquet(path: &Path, mut file: File) -> Result<ReturnMatrix, Exit> {
    use std::io::Seek;
    file.rewind().map_err(|error| Exit::Sweep(SweepError::Io { path: path.to_owned(), error }))?;
    // The library panics at some damaged files; they are to be bad data like any other.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let matrix = std::panic::catch_unwind(|| crate::matrix::parquet::read(file));
    std::panic::set_hook(hook);
    let damaged = |_| Err(crate::matrix::return_matrix::MatrixError::new("the file is damaged"));
    matrix.unwrap_or_else(damaged).map_err(|error| bad(path, &error.to_string()))
}

#[cfg(not(feature = "parquet"))]
fn of_parquet(path: &Path, _: File) -> Result<ReturnMatrix, Exit> {
    Err(bad(path, "Parquet, which this program was built without; give it as CSV"))
}

/// The benchmark's column; `None` for zero.
fn benchmark(matrix: &ReturnMatrix, name: &str) -> Result<Option<usize>, Exit> {
    if name == "zero" {
        return Ok(None);
    }
    let found = matrix.names.iter().position(|known| known == name);
    found.map(Some).ok_or_else(|| {
        let help = match nearest(name, matrix.names.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => "give the name of a column, or zero".to_owned(),
        };
        Exit::Usage(format!("--benchmark: there is no column '{name}'; {help}"))
    })
}
