//! The result of one backtest for people: a page, and text for a terminal.

pub mod figure;
pub mod page;
pub mod terminal;
