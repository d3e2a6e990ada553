//! What can go wrong between a strategy file and its result.

use std::fmt;

use crate::engine::failure::Failure;
use crate::market::input::error::{FileError, FileErrorKind};
use crate::market::quoted;

/// Characters of a message, which may quote any text of a file.
const MESSAGE_LIMIT: usize = 1000;
/// Characters of a line that an excerpt shows.
const LINE_LIMIT: usize = 120;

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
        write!(formatter, "{}: {}", self.place, quoted::message(&self.message, MESSAGE_LIMIT))?;
        match &self.excerpt {
            Some(excerpt) => write!(formatter, "\n{excerpt}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.line.trim_end().chars().count().max(self.start);
        let from = match count > LINE_LIMIT {
            true => self.start.saturating_sub(LINE_LIMIT / 2),
            false => 0,
        };
        // Tabs would shift the marks, and a terminal would obey other control characters.
        let shown = |character: char| match character {
            '\t' => ' ',
            character if character.is_control() => char::REPLACEMENT_CHARACTER,
            character => character,
        };
        let line: String = self.line.chars().skip(from).take(LINE_LIMIT).map(shown).collect();
        let before = if from > 0 { "…" } else { "" };
        let after = if count > from + LINE_LIMIT { "…" } else { "" };
        let indent = " ".repeat(self.start - from + before.chars().count());
        let marks = "^".repeat(self.length.min((from + LINE_LIMIT).saturating_sub(self.start)).max(1));
        write!(formatter, "  | {before}{}{after}\n  | {indent}{marks}", line.trim_end())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, start: usize, length: usize, expected: &str) {
        assert_eq!(Excerpt { line: line.into(), start, length }.to_string(), expected);
    }

    #[test]
    fn excerpts_mark_characters_below_their_line() {
        check("a = 1x  ", 5, 1, "  | a = 1x\n  |      ^");
        check("\ta = \u{1b}[31m", 5, 1, "  |  a = \u{fffd}[31m\n  |      ^");
        check("", 0, 1, "  | \n  | ^");
        check("a = ", 4, 1, "  | a =\n  |     ^");
    }

    #[test]
    fn excerpts_of_long_lines_show_the_marked_part() {
        let line = format!("{}ab{}", "x".repeat(500), "y".repeat(500));
        let text = Excerpt { line, start: 500, length: 400 }.to_string();
        let (line, marks) = text.split_once('\n').unwrap();
        assert_eq!(line.chars().count(), 4 + 122);
        assert_eq!(line.chars().position(|character| character == 'a'), marks.find('^'));
        assert_eq!(marks.chars().count(), 4 + 121, "the marks end with the line");
    }
}
