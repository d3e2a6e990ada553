//! Why a backtest has no result: the errors of all its steps in one type. Checks nothing itself.

use std::error::Error;
use std::fmt;

use crate::config::error::ConfigError;
use crate::engine::failure::Failure;
use crate::market::input::error::{FileError, FileErrorKind};
use crate::text::quoted;

/// Largest number of characters of a message about a file of the universe, which may quote any text of it, and of its path.
const MESSAGE_LIMIT: usize = 1000;

/// Why there is no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum BacktestError {
    /// The strategy file, or a file that it names for its universe, cannot be read.
    Unreadable {
        /// Path of the file.
        path: String,
        /// Why it cannot be read.
        error: std::io::Error,
    },
    /// The strategy file is wrong.
    Config(ConfigError),
    /// A file of assets or members is wrong; the text has its line.
    Universe(String),
    /// Keys that leave no day: no session or close in the period, or no symbol of a members file.
    NoDay {
        /// The file, where it is that of members; with the line, if it has one.
        file: Option<String>,
        /// What is missing.
        message: String,
    },
    /// A price file is missing or wrong.
    File(FileError),
    /// A price is needed that is missing or cannot be traded; the text names the asset.
    Prices(String),
    /// The simulation failed.
    Failure(Failure),
}

impl Error for BacktestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            BacktestError::Unreadable { error, .. } => Some(error),
            // What only hands on the text of another error has the causes of that one.
            BacktestError::Config(error) => error.source(),
            BacktestError::File(error) => error.source(),
            BacktestError::Failure(failure) => failure.source(),
            BacktestError::Universe(_) | BacktestError::NoDay { .. } | BacktestError::Prices(_) => None,
        }
    }
}

impl BacktestError {
    /// Whether the reason is what keys say, not what files hold: with other values of the same keys there may be a result.
    pub(crate) fn is_of_keys(&self) -> bool {
        matches!(self, BacktestError::Config(_) | BacktestError::NoDay { .. })
    }

    /// Whether the reason is a file or folder that does not exist.
    pub fn is_missing(&self) -> bool {
        match self {
            BacktestError::Unreadable { error, .. } => is_missing(error),
            BacktestError::File(file) => {
                matches!(
                    file.kind,
                    FileErrorKind::Missing { .. }
                        | FileErrorKind::NoFolder
                        | FileErrorKind::NoPriceFile
                        | FileErrorKind::NoNumbers { .. }
                )
            }
            _ => false,
        }
    }
}

/// Whether the file does not exist. A path below a file does not exist either.
fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

impl fmt::Display for BacktestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BacktestError::Unreadable { path, error } => {
                let path = quoted::message(path, MESSAGE_LIMIT);
                match is_missing(error) {
                    true => write!(formatter, "{path}: no such file"),
                    false => write!(formatter, "{path}: cannot read: {error}"),
                }
            }
            BacktestError::Config(error) => error.fmt(formatter),
            BacktestError::File(error) => error.fmt(formatter),
            BacktestError::Universe(text) => formatter.write_str(&quoted::message(text, MESSAGE_LIMIT)),
            BacktestError::NoDay { file: Some(file), message } => {
                formatter.write_str(&quoted::message(&format!("{file}: {message}"), MESSAGE_LIMIT))
            }
            BacktestError::NoDay { file: None, message } => formatter.write_str(message),
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
