//! Lines of a text that is sealed. Knows no key.

use std::fmt::{Display, Write};

/// Lines `name = words`, in the order in which they were written.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    text: String,
    /// Where the last line begins.
    last: usize,
}

impl Lines {
    /// Writes a line.
    pub(crate) fn line(&mut self, name: &str, words: impl Display) {
        self.last = self.text.len();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{name} = {words}");
    }

    /// Writes a word at the end of the last line if that has this name, else a line of this word.
    pub(crate) fn word(&mut self, name: &str, word: impl Display) {
        let rest = self.text[self.last..].strip_prefix(name);
        if rest.is_some_and(|rest| rest.starts_with(" = ")) {
            self.text.pop();
            let _ = writeln!(self.text, " {word}");
        } else {
            self.line(name, word);
        }
    }

    /// The text.
    pub(crate) fn text(self) -> String {
        self.text
    }
}
