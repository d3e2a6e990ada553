//! How the figures and values of a sweep read.

use crate::market::quoted;
use crate::report::figure::{decimal, money, percent};
use crate::report::plot::value_format::ValueFormat;
use crate::sweep::row::METRICS;
use crate::sweep::space::Space;
use crate::sweep::value::AxisValue;

/// Characters of an axis value in a table.
const VALUE_LIMIT: usize = 24;

/// A drawn number has seventeen digits, of which a person reads fewer than so many.
const VALUE_LENGTH: usize = 8;

/// The value of an axis as people read it: numbers with many digits are rounded to four.
pub fn value_text(value: &AxisValue) -> String {
    let text = value.plain();
    match value.number() {
        Some(number) if text.len() > VALUE_LENGTH && number.fract() != 0.0 => {
            let magnitude = libm::floor(libm::log10(number.abs())) as i32;
            match (-4..=3).contains(&magnitude) {
                true => format!("{number:.places$}", places = (3 - magnitude) as usize),
                false => format!("{number:.3e}"),
            }
        }
        _ => text,
    }
}

/// A figure as people read it: fractions in percent, money with commas, counts whole.
pub fn text(metric: usize, value: f64) -> String {
    match METRICS[metric] {
        _ if value.is_nan() => "-".to_owned(),
        "cagr" | "annualised_vol" | "max_drawdown" | "total_return" | "exposure" => percent(value),
        "final_equity" | "costs_paid" => money(value),
        "fills" | "max_drawdown_duration" => format!("{value}"),
        _ => decimal(value),
    }
}

/// Text short enough for a column, without control characters.
pub fn short(value: &str) -> String {
    let shown = quoted::text(value);
    match shown.chars().count() > VALUE_LIMIT {
        true => shown.chars().take(VALUE_LIMIT - 1).chain(['…']).collect(),
        false => shown,
    }
}

/// The values of a point with the names of their axes: `lookback = 168, top_n = 1`.
pub fn named(space: &Space, point: u64) -> String {
    let names = space.axes.iter().map(|axis| short(&axis.name));
    let values = space.values(point);
    let pairs = names.zip(values).map(|(name, value)| format!("{name} = {}", short(&value_text(&value))));
    pairs.collect::<Vec<_>>().join(", ")
}

/// How a figure reads on a chart.
pub fn format(metric: usize) -> ValueFormat {
    match METRICS[metric] {
        "cagr" | "annualised_vol" | "max_drawdown" | "total_return" | "exposure" => ValueFormat::Percent,
        "final_equity" | "costs_paid" => ValueFormat::Money,
        "fills" | "max_drawdown_duration" => ValueFormat::Whole,
        _ => ValueFormat::Number,
    }
}

/// The figures of a table for people: the one ranked by, then the usual ones.
pub fn shown(rank: usize) -> Vec<usize> {
    let usual = ["sharpe", "cagr", "annualised_vol", "max_drawdown", "fills", "turnover"];
    let place = |name: &str| METRICS.iter().position(|known| *known == name);
    let others = usual.into_iter().filter_map(place).filter(|metric| *metric != rank);
    std::iter::once(rank).chain(others).collect()
}

/// A heading short enough for a column.
pub fn heading(metric: usize) -> &'static str {
    match METRICS[metric] {
        "annualised_vol" => "vol",
        "max_drawdown" => "drawdown",
        "max_drawdown_duration" => "drawdown days",
        "final_equity" => "equity",
        "total_return" => "return",
        "costs_paid" => "costs",
        name => name,
    }
}
