//! What can go wrong between a strategy file and its result.

use std::fmt;

use crate::config::error::ConfigError;
use crate::engine::failure::Failure;
use crate::market::input::error::{FileError, FileErrorKind};

/// Why there is no result.
#[derive(Debug)]
pub enum BacktestError {
    /// The strategy file cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// The reason.
        error: std::io::Error,
    },
    /// The strategy is wrong.
    Config(ConfigError),
    /// A price file is missing or wrong.
    File(FileError),
    /// Prices that cannot be used; the text names file, line and date.
    Prices(String),
    /// The backtest cannot be carried out.
    Failure(Failure),
}

impl BacktestError {
    /// Whether something that was asked for does not exist.
    pub fn is_missing(&self) -> bool {
        match self {
            BacktestError::Unreadable { error, .. } => is_missing(error),
            BacktestError::File(file) => {
                matches!(
                    file.kind,
                    FileErrorKind::Missing { .. } | FileErrorKind::NoFolder | FileErrorKind::NoPriceFile
                )
            }
            _ => false,
        }
    }
}

/// Whether there is no such file; what lies below a file does not exist either.
fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

impl fmt::Display for BacktestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BacktestError::Unreadable { path, error } => match is_missing(error) {
                true => write!(formatter, "{path}: no such file"),
                false => write!(formatter, "{path}: cannot read: {error}"),
            },
            BacktestError::Config(error) => error.fmt(formatter),
            BacktestError::File(error) => error.fmt(formatter),
            BacktestError::Prices(text) => write!(formatter, "{text}"),
            BacktestError::Failure(failure) => failure.fmt(formatter),
        }
    }
}

impl From<ConfigError> for BacktestError {
    fn from(error: ConfigError) -> BacktestError {
        BacktestError::Config(error)
    }
}

impl From<FileError> for BacktestError {
    fn from(error: FileError) -> BacktestError {
        BacktestError::File(error)
    }
}

impl From<Failure> for BacktestError {
    fn from(failure: Failure) -> BacktestError {
        BacktestError::Failure(failure)
    }
}
