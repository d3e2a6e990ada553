//! Lines of a text that is sealed. Knows no key.

use std::fmt::Display;

/// Lines `name = words`, in the order in which they were written.
#[derive(Debug, Default)]
pub struct Lines {
    lines: Vec<(String, String)>,
}

impl Lines {
    /// Writes a line.
    pub fn line(&mut self, name: &str, words: impl Display) {
        self.lines.push((name.to_owned(), words.to_string()));
    }

    /// Writes a word at the end of the last line if that has this name, else a line of this word.
    pub fn word(&mut self, name: &str, word: impl Display) {
        match self.lines.last_mut() {
            Some((last, words)) if last == name => *words += &format!(" {word}"),
            _ => self.line(name, word),
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|(name, words)| format!("{name} = {words}\n")).collect()
    }
}
