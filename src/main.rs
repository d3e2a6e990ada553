//! The backtest command.
fn main() {}
