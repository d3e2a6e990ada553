//! Findings on the best of many trials, as JSON and as lines for a terminal.

pub(crate) mod json;
pub(crate) mod panel;
