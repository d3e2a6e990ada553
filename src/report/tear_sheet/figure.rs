//! How figures are written on a tear sheet.

use crate::strategy::figures::FigureKind;
use crate::text::number::{decimal, money, percent};

/// A value with its unit; `-` if it is undefined.
pub(crate) fn shown(kind: FigureKind, value: f64) -> String {
    match kind {
        FigureKind::Number => decimal(value),
        FigureKind::Fraction | FigureKind::Times => percent(value),
        FigureKind::Money => money(value),
        FigureKind::Count => format!("{value}"),
        FigureKind::Days => format!("{value} days"),
    }
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
        ];
        let texts = ["2.00", "200.00 %", "200.00 %", "2.00", "2", "2 days"];
        assert_eq!(kinds.map(|kind| shown(kind, 2.0)), texts);
        assert_eq!(shown(FigureKind::Fraction, f64::NAN), "-");
    }
}
