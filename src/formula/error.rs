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

/// A text cut to a number of letters, where it is longer: its beginning and its end.
fn cut(text: String, most: usize) -> String {
    const MARK: &str = "...";
    let count = text.chars().count();
    if count <= most {
        return text;
    }
    let kept = most - MARK.len();
    let end = kept / 3;
    text.chars().take(kept - end).chain(MARK.chars()).chain(text.chars().skip(count - end)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        assert_eq!(
            (cut("abcdef".to_owned(), 6), cut("äbcdefghij".to_owned(), 9)),
            ("abcdef".to_owned(), "äbcd...ij".to_owned())
        );
        let error = FormulaError::new(0..1, "x".repeat(9000)).with_help("y".repeat(9000));
        assert_eq!(error.to_string().chars().count(), 500);
    }
}
