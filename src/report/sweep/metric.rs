//! How the figures of a sweep and the values of its axes are written.

use crate::draw::value_format::ValueFormat;
use crate::strategy::figures::{FigureKind, Metric, date_of};
use crate::sweep::space::Space;
use crate::sweep::value::AxisValue;
use crate::text::number::{decimal, money, percent};
use crate::text::quoted;

/// The most characters of an axis value in a table.
const VALUE_LIMIT: usize = 24;

/// Fractions with more characters than this are rounded: a number drawn at random has seventeen digits.
const VALUE_LENGTH: usize = 8;

/// The value of an axis for people: a number with many digits is rounded to four.
pub(crate) fn value_text(value: &AxisValue) -> String {
    let text = value.plain();
    match value.number() {
        Some(number) if text.len() > VALUE_LENGTH && number.fract() != 0.0 => {
            let magnitude = libm::floor(libm::log10(number.abs())) as i32;
            if (-4..=3).contains(&magnitude) {
                format!("{number:.decimals$}", decimals = (3 - magnitude) as usize)
            } else {
                format!("{number:.3e}")
            }
        }
        _ => text,
    }
}

/// A figure for people: fractions in percent, money with commas, counts as whole numbers, dates as such, `-` if undefined.
pub(crate) fn text(metric: Metric, value: f64) -> String {
    match metric.figure().kind {
        _ if value.is_nan() => "-".to_owned(),
        FigureKind::Fraction => percent(value),
        FigureKind::Money => money(value),
        FigureKind::Count | FigureKind::Days => format!("{value}"),
        FigureKind::Number | FigureKind::Times => decimal(value),
        FigureKind::Date => date_of(value).map_or("-".to_owned(), |date| date.to_string()),
    }
}

/// A text cut to the width of a column, without control characters.
pub(crate) fn short(value: &str) -> String {
    let text = quoted::text(value);
    if text.chars().count() <= VALUE_LIMIT {
        return text;
    }
    text.chars().take(VALUE_LIMIT - 1).chain(['…']).collect()
}

/// The values of a point with the names of their axes: `lookback = 168, top_n = 1`.
pub(crate) fn named(space: &Space, point: u64) -> String {
    let names = space.axes.iter().map(|axis| short(&axis.name));
    let values = space.values(point);
    let pairs = names.zip(values).map(|(name, value)| format!("{name} = {}", short(&value_text(&value))));
    pairs.collect::<Vec<_>>().join(", ")
}

/// The format of a figure on a chart.
pub(crate) fn format(metric: Metric) -> ValueFormat {
    match metric.figure().kind {
        FigureKind::Fraction => ValueFormat::Percent,
        FigureKind::Money => ValueFormat::Money,
        FigureKind::Count | FigureKind::Days | FigureKind::Date => ValueFormat::Whole,
        FigureKind::Number | FigureKind::Times => ValueFormat::Number,
    }
}

/// The figures that a table shows: the one that ranks, then the usual ones.
pub(crate) fn shown(rank: Metric) -> Vec<Metric> {
    let others = Metric::all().filter(|metric| metric.figure().is_usual && *metric != rank);
    std::iter::once(rank).chain(others).collect()
}

/// The heading of a column with a figure.
pub(crate) fn heading(metric: Metric) -> &'static str {
    metric.figure().short.unwrap_or(metric.name())
}
