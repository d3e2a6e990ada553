//! Why a matrix cannot be judged.

use std::error::Error;
use std::fmt;

use crate::market::date::Date;
use crate::matrix::values::NoReturn;
use crate::text::quoted;

/// A matrix that cannot be judged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum VerdictError {
    /// A matrix has not one name for each column, or its columns and dates have not all the same length.
    Shape,
    /// The dates of a matrix do not rise.
    DatesFall,
    /// There are no resamples.
    NoResamples,
    /// The mean length of the blocks is below 1 or not finite.
    MeanBlock(f64),
    /// The number of rows of a year is not above 0, or not finite.
    PeriodsPerYear(f64),
    /// The benchmark names no column.
    UnknownBenchmark {
        /// Its name.
        name: String,
        /// The column that is spelled most like it.
        nearest: Option<String>,
    },
    /// An asset names no column.
    UnknownAsset {
        /// Its name.
        name: String,
        /// The column that is spelled most like it.
        nearest: Option<String>,
    },
    /// The benchmark or an asset is the name of several columns.
    Ambiguous(String),
    /// The benchmark has a return that is no number.
    BenchmarkWithGap,
    /// An asset, which is named, has a return that is no number in a row of the trials.
    AssetWithGap(String),
    /// There is no column, or none beside benchmark and assets.
    NoTrial,
    /// A column behind the index has the name of an index.
    IndexColumn(String),
    /// A number is no return.
    NoReturn {
        /// Its column.
        column: String,
        /// Its row, counted from 1.
        row: usize,
        /// What it is, and what to do.
        message: String,
    },
    /// The assets have no row for a date of the trials.
    AssetsWithoutDate(Date),
    /// The assets have a row for a date between two rows of the trials.
    AssetsBetween(Date),
    /// Without dates in both matrices, the assets have another number of rows.
    AssetRows {
        /// Rows of the trials.
        trials: usize,
        /// Rows of the assets.
        assets: usize,
    },
    /// The matrix of assets cannot be used.
    Assets(Box<VerdictError>),
    /// The returns do not fall into so many blocks; the text says why.
    Blocks(String),
}

impl VerdictError {
    /// A number that is no return, in a matrix with these names.
    pub(crate) fn no_return(names: &[String], fault: &NoReturn) -> VerdictError {
        let column = names[fault.column].clone();
        VerdictError::NoReturn { column, row: fault.row, message: fault.to_string() }
    }
}

impl fmt::Display for VerdictError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut say = |text: &str| formatter.write_str(text);
        match self {
            VerdictError::UnknownBenchmark { name, nearest }
            | VerdictError::UnknownAsset { name, nearest } => {
                say(&format!("there is no column '{}'; ", quoted::text(name)))?;
                match nearest {
                    Some(nearest) => say(&format!("did you mean '{}'?", quoted::text(nearest))),
                    None => say("give the name of a column"),
                }
            }
            VerdictError::Shape => {
                say("expected a name for each column, and columns and dates of one length")
            }
            VerdictError::DatesFall => say("expected the oldest row first"),
            VerdictError::NoResamples => say("expected at least one resample"),
            VerdictError::MeanBlock(length) => {
                say(&format!("blocks of {length} periods: expected a mean length of at least 1"))
            }
            VerdictError::PeriodsPerYear(periods) => {
                say(&format!("{periods} periods a year: expected a number above 0"))
            }
            VerdictError::Ambiguous(name) => {
                say(&format!("more than one column is called '{}': give it another name", quoted::text(name)))
            }
            VerdictError::BenchmarkWithGap => say("the benchmark has a return that is no number"),
            VerdictError::AssetWithGap(name) => say(&format!(
                "the asset '{}' has a return that is no number in a row of the trials",
                quoted::text(name)
            )),
            VerdictError::NoTrial => say("there is no column beside benchmark and assets: there is no trial"),
            VerdictError::IndexColumn(name) if name.is_empty() => {
                say("a column behind the first has no name: an index is the first column, a trial has a name")
            }
            VerdictError::IndexColumn(name) => say(&format!(
                "column '{}' is an index by its name: make it the first column, take it out, or give a trial another name",
                quoted::text(name)
            )),
            VerdictError::NoReturn { column, row, message } => {
                say(&format!("column '{}', row {row}: {message}", quoted::text(column)))
            }
            VerdictError::AssetsWithoutDate(date) => {
                say(&format!("there is no row for {date}, a row of the trials"))
            }
            VerdictError::AssetsBetween(date) => say(&format!(
                "there is a row for {date}, on which the trials have none: returns of the assets are needed over the same periods"
            )),
            VerdictError::AssetRows { trials, assets } => say(&format!(
                "{assets} rows, and {trials} of the trials: give dates in both, or as many rows"
            )),
            VerdictError::Assets(error) => say(&format!("the assets: {error}")),
            VerdictError::Blocks(reason) => say(reason),
        }
    }
}

impl Error for VerdictError {}
