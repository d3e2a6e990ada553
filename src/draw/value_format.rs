//! How numbers on a chart are written: with as many digits as tell neighbours apart, and no more.

/// What a number is, which decides its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueFormat {
    /// A fraction, shown as `12.3 %`.
    Percent,
    /// A plain number, such as a Sharpe ratio.
    Number,
    /// An amount of money, shown as `1,234,567` or `1.23M`.
    Money,
    /// A count.
    Whole,
}

/// How many digits the numbers of one chart have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Digits {
    /// The smallest difference that the digits show.
    pub resolution: f64,
    /// The largest magnitude. It decides the unit, so that all numbers of a chart have the same.
    pub largest: f64,
}

/// The resolution is the range of the chart over this.
const STEPS: f64 = 50.0;
/// Numbers from here on are written in scientific notation.
const LARGE: f64 = 1e9;
/// Numbers that need more decimals than this are written in scientific notation.
const DECIMALS_MOST: i32 = 5;
const MONEY_UNITS: [(f64, &str); 3] = [(1e12, "T"), (1e9, "B"), (1e6, "M")];

impl Digits {
    /// The digits for numbers from `low` to `high`.
    pub(crate) fn between(low: f64, high: f64) -> Digits {
        let largest = low.abs().max(high.abs());
        let span = if low < high { high - low } else { largest };
        Digits { resolution: span / STEPS, largest }
    }
}

impl ValueFormat {
    /// The text of a value.
    pub(crate) fn text(self, value: f64, Digits { resolution, largest }: Digits) -> String {
        let scaled = |unit: f64| plain(value / unit, resolution / unit, largest / unit);
        match self {
            ValueFormat::Percent => format!("{} %", scaled(0.01)),
            ValueFormat::Number => scaled(1.0),
            ValueFormat::Whole => plain(value, resolution.max(1.0), largest),
            ValueFormat::Money => match MONEY_UNITS.into_iter().find(|(unit, _)| largest >= *unit) {
                Some((unit, name)) => format!("{}{name}", scaled(unit)),
                None => scaled(1.0),
            },
        }
    }
}

/// A number without a unit.
fn plain(value: f64, resolution: f64, largest: f64) -> String {
    if !value.is_finite() {
        return match value {
            f64::INFINITY => "∞".to_owned(),
            f64::NEG_INFINITY => "\u{2212}∞".to_owned(),
            _ => "–".to_owned(),
        };
    }
    let known = resolution > 0.0 && resolution.is_finite();
    let finest = if known { magnitude(resolution) } else { -2 };
    let text = if largest >= LARGE || finest < -DECIMALS_MOST {
        let digits = (magnitude(value) - finest).clamp(0, 6) as usize;
        if value == 0.0 { "0".to_owned() } else { format!("{value:.digits$e}") }
    } else {
        let decimals = (-finest).max(0) as usize;
        grouped(&format!("{value:.decimals$}"))
    };
    match text.strip_prefix('-') {
        // No sign before a zero.
        Some(positive) if positive.chars().all(|letter| "0.,".contains(letter)) => positive.to_owned(),
        _ => text.replace('-', "\u{2212}"),
    }
}

/// The power of ten of the first digit.
fn magnitude(value: f64) -> i32 {
    // A resolution such as 0.1 must not fall to 0.01 by rounding.
    if value == 0.0 { 0 } else { (libm::log10(value.abs()) + 1e-9).floor() as i32 }
}

/// Puts commas between groups of three digits before the point if there are five digits or more.
fn grouped(text: &str) -> String {
    let digits = text.trim_start_matches('-').split('.').next().map_or(0, str::len);
    if digits < 5 {
        return text.to_owned();
    }
    let start = text.len() - text.trim_start_matches('-').len();
    let mut out = String::with_capacity(text.len() + digits / 3);
    for (index, letter) in text.chars().enumerate() {
        let inside = index.wrapping_sub(start);
        if 0 < inside && inside < digits && (digits - inside).is_multiple_of(3) {
            out.push(',');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_resolution() {
        let cases = [
            (ValueFormat::Number, 1.23456, 0.02, "1.23"),
            (ValueFormat::Number, -1.23456, 0.1, "−1.2"),
            (ValueFormat::Number, -0.001, 0.1, "0.0"),
            (ValueFormat::Number, 123456.7, 5.0, "123,457"),
            (ValueFormat::Number, 1234.7, 5.0, "1235"),
            (ValueFormat::Number, 1.5e12, 1e10, "1.50e12"),
            (ValueFormat::Number, 2.5e-9, 1e-10, "2.5e−9"),
            (ValueFormat::Number, -1.5e14, 1e12, "−1.50e14"),
            (ValueFormat::Percent, 0.1234, 0.001, "12.3 %"),
            (ValueFormat::Percent, 0.5, 0.1, "50 %"),
            (ValueFormat::Whole, 12.0, 0.01, "12"),
            (ValueFormat::Money, 1234567.0, 10_000.0, "1.23M"),
            (ValueFormat::Money, -98765.4, 100.0, "−98,765"),
            (ValueFormat::Number, f64::INFINITY, 1.0, "∞"),
            (ValueFormat::Percent, f64::MAX, 1.0, "∞ %"),
            (ValueFormat::Number, 2.0, 0.0, "2.00"),
        ];
        for (format, value, resolution, expected) in cases {
            let digits = Digits { resolution, largest: value.abs() };
            assert_eq!(format.text(value, digits), expected, "{format:?} {value}");
        }
    }

    #[test]
    fn figures_of_a_chart_have_one_unit() {
        let digits = Digits::between(800_000.0, 1_400_000.0);
        let texts = [800_000.0, 1_400_000.0].map(|value| ValueFormat::Money.text(value, digits));
        assert_eq!(texts, ["0.80M", "1.40M"]);
        let digits = Digits::between(2.0, 2.0);
        assert_eq!(ValueFormat::Number.text(2.0, digits), "2.00");
    }
}
