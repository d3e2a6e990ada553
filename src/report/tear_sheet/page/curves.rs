//! Equity and drawdown over time, beside those of the benchmark.

use maud::{Markup, html};

use super::TearSheet;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::figure;
use crate::text::number::{money, percent};

const EQUITY_HEIGHT: f64 = 300.0;
const DRAWDOWN_HEIGHT: f64 = 150.0;

/// The section: both charts.
pub(crate) fn curves(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let dates = &result.dates;
    let line = |name: &str, class, values| ChartLine { name: name.to_owned(), class, dates, values };
    let beside = sheet.benchmark_name();
    let mut equity = Vec::new();
    if let (Some(name), Some(benchmark)) = (&beside, &result.benchmark) {
        equity.push(line(name, "benchmark", benchmark.equity.as_slice()));
    }
    equity.push(line("Strategy", "best", result.equity.as_slice()));
    let below = |falls: &[f64]| falls.iter().map(|fall| 0.0 - fall).collect::<Vec<f64>>();
    let own_falls = below(&sheet.curve.drawdowns);
    let other_falls = sheet.benchmark.as_ref().map(|curve| below(&curve.drawdowns));
    let mut falls = Vec::new();
    if let (Some(name), Some(other)) = (&beside, &other_falls) {
        falls.push(line(name, "benchmark", other.as_slice()));
    }
    falls.push(line("Strategy", "best", own_falls.as_slice()));
    let first = result.equity.first().copied().unwrap_or(f64::NAN);
    let equity = TimeChart {
        description: format!("Equity from {} to {}.", money(first), money(result.performance.final_equity)),
        lines: equity,
        format: ValueFormat::Money,
        growth: true,
        filled: false,
        height: EQUITY_HEIGHT,
    };
    let falls = TimeChart {
        description: format!("Drawdown over time, at worst {}.", percent(result.performance.max_drawdown)),
        lines: falls,
        format: ValueFormat::Percent,
        growth: false,
        filled: true,
        height: DRAWDOWN_HEIGHT,
    };
    html! {
        (figure("Equity", "At every close. A logarithmic scale where it grows manyfold.", equity.draw()))
        (figure("Drawdown", "Fall from the highest equity so far.", falls.draw()))
    }
}
