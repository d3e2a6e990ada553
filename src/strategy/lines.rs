//! The text that a seal is the hash of, line by line. Knows no key.

use std::fmt::{Display, Write};

/// Lines `name = words`, in the order in which they were written.
#[derive(Debug, Default)]
pub(crate) struct SealLines {
    text: String,
    /// Offset of the last line in the text.
    last: usize,
}

impl SealLines {
    /// Writes a line.
    pub(crate) fn line(&mut self, name: &str, words: impl Display) {
        self.last = self.text.len();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{name} = {words}");
    }

    /// Appends a word to the last line if that has this name, and writes a new line with the word otherwise.
    pub(crate) fn word(&mut self, name: &str, word: impl Display) {
        let rest = self.text[self.last..].strip_prefix(name);
        if rest.is_some_and(|rest| rest.starts_with(" = ")) {
            self.text.pop();
            let _ = writeln!(self.text, " {word}");
        } else {
            self.line(name, word);
        }
    }

    /// All lines.
    pub(crate) fn text(self) -> String {
        self.text
    }
}
