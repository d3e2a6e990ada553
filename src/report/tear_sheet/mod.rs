//! The tear sheet of a backtest, as a page and as text for a terminal.

pub(crate) mod figure;
pub(crate) mod page;
pub(crate) mod terminal;
