//! The verdict for a terminal: a short paragraph, and a panel of the figures behind it.

use crate::stats::overfitting::evidence::finding::Line;
use crate::stats::overfitting::examination::Examination;

/// Characters of a line.
const WIDTH: usize = 100;
/// Characters of the label of a line.
const LABEL_WIDTH: usize = 13;

/// The verdict and its reasons as a paragraph.
pub(crate) fn paragraph(examination: &Examination) -> String {
    let mut text = format!("Verdict: {}.", examination.verdict);
    for reason in &examination.reasons {
        let mut letters = reason.chars();
        let first = letters.next().map(char::to_uppercase);
        text.push(' ');
        text.extend(first.into_iter().flatten());
        text.push_str(letters.as_str());
        text.push('.');
    }
    wrapped(&text)
}

/// Text wrapped to lines of at most 100 characters.
pub(crate) fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > WIDTH {
            out.push('\n');
            length = 0;
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += letters;
    }
    out.push('\n');
    out
}

/// Lines with their labels in a column.
pub(crate) fn labelled(lines: impl IntoIterator<Item = Line>) -> String {
    let mut out = String::new();
    for Line { label, text } in lines {
        out.push_str(format!(" {label:<LABEL_WIDTH$} {text}").trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_wrapped_between_words() {
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().all(|line| line.len() <= WIDTH && !line.ends_with(' ')));
        assert_eq!(text.split_whitespace().count(), 40);
    }
}
