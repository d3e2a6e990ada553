//! Figures for a terminal.

use crate::stats::overfitting::evidence::finding::Line;

/// Characters of the label of a line.
const LABEL_WIDTH: usize = 13;

/// Lines with their labels in a column.
pub(crate) fn labelled(lines: impl IntoIterator<Item = Line>) -> String {
    let mut out = String::new();
    for Line { label, text } in lines {
        out.push_str(format!(" {label:<LABEL_WIDTH$} {text}").trim_end());
        out.push('\n');
    }
    out
}
