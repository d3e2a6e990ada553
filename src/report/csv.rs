//! The equity curve and the fills of a backtest as CSV.

use std::fmt::Write;

use crate::market::date::Phase;
use crate::strategy::run::BacktestResult;

/// The columns `date,equity,return,drawdown`, and `benchmark` if there is one, with a row for each day of the curve.
pub(crate) fn equity(result: &BacktestResult, drawdowns: &[f64], returns: &[f64]) -> String {
    let benchmark = result.benchmark.as_ref().map(|benchmark| &benchmark.equity);
    let mut text = String::from("date,equity,return,drawdown");
    text.push_str(if benchmark.is_some() { ",benchmark\n" } else { "\n" });
    for (day, date) in result.dates.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{date},{},{},{}",
            number(result.equity[day]),
            number(returns[day]),
            number(drawdowns[day])
        );
        if let Some(benchmark) = benchmark {
            let _ = write!(text, ",{}", number(benchmark[day]));
        }
        text.push('\n');
    }
    text
}

/// The columns `time,asset,quantity,price,commission,cash`, with a row for each fill in order of execution.
pub(crate) fn fills(result: &BacktestResult) -> String {
    let mut text = String::from("time,asset,quantity,price,commission,cash\n");
    for fill in &result.record.fills {
        let time = result.market.date(fill.day).at(Phase::Open);
        let asset = result.market.symbol(fill.asset);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{time},{asset},{},{},{},{}",
            fill.quantity as i64,
            number(fill.price),
            number(fill.commission),
            number(fill.cash)
        );
    }
    text
}

/// The shortest text that reads back to the same number; empty for NaN.
fn number(value: f64) -> String {
    if value.is_nan() { String::new() } else { format!("{value:?}") }
}
