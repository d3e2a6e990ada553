//! The verdict on the best of many trials, as JSON and as text for a terminal.

pub(crate) mod json;
pub(crate) mod panel;
