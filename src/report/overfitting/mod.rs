//! What was found out about the best of many trials: JSON, and text for a terminal.

pub(crate) mod json;
pub(crate) mod panel;
