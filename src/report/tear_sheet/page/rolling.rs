//! Charts of the Sharpe ratio and the volatility over a moving window.

use maud::{Markup, html};

use super::TearSheet;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::market::date::Date;
use crate::report::page::parts::figure;
use crate::stats::rolling::rolling as rolled;

/// Returns in a window: a year, or a third of the curve if that is shorter.
const WINDOW: usize = 252;
const WINDOW_LEAST: usize = 20;
const HEIGHT: f64 = 170.0;

/// The section: both charts.
pub(crate) fn rolling(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let count = result.equity.len().saturating_sub(1);
    let window = WINDOW.min(count / 3);
    if window < WINDOW_LEAST {
        return html! { p { "The curve is too short for a moving window." } };
    }
    let rules = sheet.strategy.rules();
    let series = |returns: &[f64]| {
        rolled(&returns[1..], window, sheet.periods_per_year(), &rules)[window - 1..].to_vec()
    };
    let own = series(&sheet.curve.returns);
    let other = sheet.benchmark.as_ref().map(|curve| series(&curve.returns));
    let dates = &result.dates[window..];
    let part =
        |values: &[[f64; 2]], which: usize| values.iter().map(|pair| pair[which]).collect::<Vec<f64>>();
    let chart = |which: usize, what: &str, format| {
        let own = part(&own, which);
        let other = other.as_ref().map(|other| part(other, which));
        let mean = own.iter().filter(|value| value.is_finite()).sum::<f64>() / own.len().max(1) as f64;
        drawn(
            sheet,
            dates,
            &own,
            other.as_deref(),
            format,
            format!("{what} over a moving window, on average {mean:.2}."),
        )
    };
    let caption = format!("Over the {window} {} up to each.", sheet.days_named());
    html! {
        (figure("Rolling Sharpe ratio", &caption, chart(0, "Sharpe ratio", ValueFormat::Number)))
        (figure("Rolling volatility", &caption, chart(1, "Volatility", ValueFormat::Percent)))
    }
}

fn drawn(
    sheet: &TearSheet,
    dates: &[Date],
    own: &[f64],
    other: Option<&[f64]>,
    format: ValueFormat,
    description: String,
) -> Markup {
    let line = |name: String, class, values| ChartLine { name, class, dates, values };
    let mut lines = Vec::new();
    if let (Some(name), Some(other)) = (sheet.benchmark_name(), other) {
        lines.push(line(name, "benchmark", other));
    }
    lines.push(line("Strategy".to_owned(), "best", own));
    TimeChart { description, lines, format, growth: false, filled: false, height: HEIGHT }.draw()
}
