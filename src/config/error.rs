//! An error in a configuration file: its location, what was expected, and the line with the wrong characters marked. Finds no
//! errors itself.

use std::error::Error;
use std::fmt;

use crate::text::nearest::nearest;
use crate::text::quoted;

/// Largest number of characters of a message, which may quote any text of a file.
const MESSAGE_LIMIT: usize = 1000;
/// Largest number of characters of a line that an excerpt shows.
const LINE_LIMIT: usize = 120;

/// An error in a file or in an override of one of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// `file:line:column`, or the command-line option that set the value.
    pub location: String,
    /// What is wrong and what was expected, with the nearest name if a name is unknown.
    pub message: String,
    /// The line with the wrong characters.
    pub excerpt: Option<Excerpt>,
}

/// A line of a file with some of its characters marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub line: String,
    /// Number of characters before the marked ones.
    pub start: usize,
    /// Number of marked characters, at least 1.
    pub length: usize,
}

impl Error for ConfigError {}

/// The message about an unknown name, with the most similar known name, or with all known names if none is similar. `what` says
/// what kind of name it is.
pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let help = match nearest(name, known.iter().copied()) {
        Some(nearest) => format!("did you mean '{nearest}'?"),
        None => format!("expected one of: {}", known.join(", ")),
    };
    format!("unknown {what} '{name}'; {help}")
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.location, quoted::message(&self.message, MESSAGE_LIMIT))?;
        match &self.excerpt {
            Some(excerpt) => write!(formatter, "\n{excerpt}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.line.trim_end().chars().count().max(self.start);
        let from = if count > LINE_LIMIT { self.start.saturating_sub(LINE_LIMIT / 2) } else { 0 };
        // Tabs would shift the marks, and a terminal would act on other control characters.
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
