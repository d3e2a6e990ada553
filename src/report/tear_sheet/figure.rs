//! How figures are written on a tear sheet.

use crate::strategy::figures::Kind;
use crate::text::number::{decimal, money, percent};

/// A value with its unit; `-` if it is undefined.
pub(crate) fn shown(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Number => decimal(value),
        Kind::Fraction | Kind::Times => percent(value),
        Kind::Money => money(value),
        Kind::Count => format!("{value}"),
        Kind::Days => format!("{value} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units() {
        let kinds = [Kind::Number, Kind::Fraction, Kind::Times, Kind::Money, Kind::Count, Kind::Days];
        let texts = ["2.00", "200.00 %", "200.00 %", "2.00", "2", "2 days"];
        assert_eq!(kinds.map(|kind| shown(kind, 2.0)), texts);
        assert_eq!(shown(Kind::Fraction, f64::NAN), "-");
    }
}
