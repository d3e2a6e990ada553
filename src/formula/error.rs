//! What is wrong with a formula, and at which characters.

use std::error::Error;
use std::fmt;
use std::ops::Range;

/// A range of bytes of the formula's text.
pub(crate) type Span = Range<usize>;

/// An error has at most so many letters, message and help together, whatever the formula repeats in it.
const MOST_LETTERS: usize = 500;
/// At most so many of them are the message.
const MOST_OF_MESSAGE: usize = 380;

/// A fault in a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormulaError {
    /// The characters with the fault; an empty range at the end of the text.
    pub span: Span,
    /// What is wrong and what was expected.
    pub message: String,
    /// The nearest valid name, or the valid ones.
    pub help: Option<String>,
    /// The signal in whose text the characters are; `None` for the formula itself.
    pub signal: Option<String>,
}

impl FormulaError {
    /// An error without further help.
    pub(crate) fn new(span: Span, message: impl Into<String>) -> FormulaError {
        FormulaError { span, message: cut(message.into(), MOST_OF_MESSAGE), help: None, signal: None }
    }

    /// The error in the text of a signal.
    pub(crate) fn in_signal(mut self, name: &str) -> FormulaError {
        self.signal = Some(name.to_owned());
        self
    }

    /// Adds help to the error.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> FormulaError {
        let room = MOST_LETTERS - self.message.chars().count().min(MOST_OF_MESSAGE) - 2;
        self.help = Some(cut(help.into(), room));
        self
    }
}

/// A text cut to a number of letters, where it is longer.
fn cut(text: String, most: usize) -> String {
    const MARK: &str = "...";
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => text.chars().take(most - MARK.len()).chain(MARK.chars()).collect(),
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl Error for FormulaError {}
