//! The tear sheet of a backtest, as a page and as text for a terminal.

pub(crate) mod figure;
mod happened;
mod longest_drawdown;
pub(crate) mod page;
mod positions;
pub(crate) mod terminal;
