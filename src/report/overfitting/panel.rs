//! The verdict for a terminal: a short paragraph, and a panel of the figures behind it.

use crate::stats::overfitting::evidence::finding::{Line, Reader};
use crate::stats::overfitting::examination::Examination;
use crate::text::wrap::wrapped;

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

/// The figures with what they rest on, a line each. `trial` names the selected trial.
pub(crate) fn panel(examination: &Examination, trial: &str, periods_per_year: f64) -> String {
    let mut out = String::new();
    for Line { label, text } in examination.findings.lines(&Reader { trial, periods_per_year }) {
        out.push_str(format!(" {label:<LABEL_WIDTH$} {text}").trim_end());
        out.push('\n');
    }
    out
}
