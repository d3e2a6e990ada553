//! The result of one backtest for people: a page, and text for a terminal.

pub(crate) mod figure;
pub(crate) mod page;
pub(crate) mod terminal;
