//! The equity curve and the fills of a backtest as CSV.

use std::fmt::Write;

use crate::strategy::run::BacktestResult;
use crate::text::number::is_whole;

/// The columns `date,equity,return,drawdown`, and `benchmark` if there is one, with a row for each point of the curve.
pub(crate) fn equity(result: &BacktestResult, drawdowns: &[f64], returns: &[f64]) -> String {
    let benchmark = result.benchmark.as_ref().map(|benchmark| &benchmark.equity);
    let mut text = String::from("date,equity,return,drawdown");
    text.push_str(if benchmark.is_some() { ",benchmark\n" } else { "\n" });
    for (point, date) in result.dates.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{date},{},{},{}",
            number(result.equity[point]),
            number(returns[point]),
            number(drawdowns[point])
        );
        if let Some(benchmark) = benchmark {
            let _ = write!(text, ",{}", number(benchmark[point]));
        }
        text.push('\n');
    }
    text
}

/// The columns `time,asset,quantity,price,commission,cash,kind`, with a row for each fill in order of execution.
pub(crate) fn fills(result: &BacktestResult) -> String {
    let mut text = String::from("time,asset,quantity,price,commission,cash,kind\n");
    for fill in &result.record.fills {
        let time = result.market.date(fill.day).at(fill.phase);
        let asset = result.market.symbol(fill.asset);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{time},{asset},{},{},{},{},{}",
            quantity(fill.quantity),
            number(fill.price),
            number(fill.commission),
            number(fill.cash),
            fill.kind.name()
        );
    }
    text
}

/// A number of shares, without a point if it is whole.
fn quantity(shares: f64) -> String {
    if is_whole(shares) { format!("{shares:.0}") } else { number(shares) }
}

/// The shortest text that reads back to the same number; empty for NaN.
fn number(value: f64) -> String {
    if value.is_nan() { String::new() } else { format!("{value:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_a_point_only_if_they_are_parts() {
        assert_eq!([232_697.0, -1.0, 0.5, 1e-7].map(quantity), ["232697", "-1", "0.5", "1e-7"]);
    }
}
