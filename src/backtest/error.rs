//! What can go wrong between a strategy file and its result.

use std::fmt;

use crate::engine::failure::Failure;
use crate::market::files::{FileError, FileErrorKind};

/// Characters of a line that an excerpt shows before and after the marks.
const EXCERPT_WIDTH: usize = 100;

/// A fault in a strategy file or in an override of one of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// `file:line:column`, or the option that gave the value.
    pub place: String,
    /// What is wrong, what was expected, the nearest name.
    pub message: String,
    /// The line it stands on, and which of its characters.
    pub excerpt: Option<Excerpt>,
}

/// A line of a file with some of its characters marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub line: String,
    /// Characters before the marked ones.
    pub start: usize,
    /// Number of marked characters, at least 1.
    pub length: usize,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)?;
        let Some(Excerpt { line, start, length }) = &self.excerpt else {
            return Ok(());
        };
        // Of a long line only what stands around the marks.
        let skipped = if *start > EXCERPT_WIDTH / 2 { start - EXCERPT_WIDTH / 2 } else { 0 };
        let (start, length) = (start - skipped, (*length).min(EXCERPT_WIDTH));
        // Tabs and other control characters would shift the marks.
        let shown = |character: char| if character.is_control() { ' ' } else { character };
        let line: String =
            line.chars().skip(skipped).take(EXCERPT_WIDTH + EXCERPT_WIDTH / 2).map(shown).collect();
        write!(formatter, "\n  | {}\n  | {}{}", line.trim_end(), " ".repeat(start), "^".repeat(length))
    }
}

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
            BacktestError::Unreadable { error, .. } => error.kind() == std::io::ErrorKind::NotFound,
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

impl fmt::Display for BacktestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BacktestError::Unreadable { path, error } => match error.kind() {
                std::io::ErrorKind::NotFound => write!(formatter, "{path}: no such file"),
                _ => write!(formatter, "{path}: cannot read: {error}"),
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
