//! What is wrong with a formula, and at which characters.

use std::error::Error;
use std::fmt;
use std::ops::Range;

/// A range of bytes of the formula's text.
pub(crate) type Span = Range<usize>;

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
        FormulaError { span, message: message.into(), help: None, signal: None }
    }

    /// The error in the text of a signal.
    pub(crate) fn in_signal(mut self, name: &str) -> FormulaError {
        self.signal = Some(name.to_owned());
        self
    }

    /// Adds help to the error.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> FormulaError {
        self.help = Some(help.into());
        self
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
