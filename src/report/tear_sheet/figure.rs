//! How figures are written on a tear sheet.

use crate::strategy::figures::{Figure, FigureKind, date_of};
use crate::text::number::{decimal, money, percent};

/// A value with its unit; `-` if it is undefined. `days` is what the days of the curve are called.
pub(crate) fn shown(kind: FigureKind, value: f64, days: &str) -> String {
    match kind {
        FigureKind::Number => decimal(value),
        FigureKind::Fraction | FigureKind::Times => percent(value),
        FigureKind::Money => money(value),
        FigureKind::Count => format!("{value}"),
        FigureKind::Days => format!("{value} {days}"),
        FigureKind::Date => date_of(value).map_or("-".to_owned(), |date| date.to_string()),
    }
}

/// Whether a tear sheet has a line for a figure with this value.
pub(crate) fn is_shown(figure: &Figure, value: f64) -> bool {
    !figure.only_if_any || !(value.is_nan() || value == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units() {
        let kinds = [
            FigureKind::Number,
            FigureKind::Fraction,
            FigureKind::Times,
            FigureKind::Money,
            FigureKind::Count,
            FigureKind::Days,
            FigureKind::Date,
        ];
        let texts = ["2.00", "200.00 %", "200.00 %", "2.00", "2", "2 sessions", "1970-01-03"];
        assert_eq!(kinds.map(|kind| shown(kind, 2.0, "sessions")), texts);
        assert_eq!(shown(FigureKind::Fraction, f64::NAN, "sessions"), "-");
    }
}
