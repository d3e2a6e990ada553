//! Numbers as tables and pages show them. Knows no figure by name.

/// Whether a number is whole and small enough for 64 bits.
pub(crate) fn is_whole(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() < 9e18
}

/// A number of shares: whole ones in groups of three digits, others with up to six decimals.
pub(crate) fn shares(value: f64) -> String {
    if is_whole(value) {
        return whole(value);
    }
    format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount with two decimals and groups of three digits: `1234567.891` as `1,234,567.89`.
pub(crate) fn money(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{grouped}.{cents}")
}

/// A rounded number with groups of three digits: `1234567.2` as `1,234,567`.
pub(crate) fn whole(value: f64) -> String {
    let text = money(value.round());
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// A fraction in per cent with two decimals: `0.12345` as `12.35 %`; `-` for NaN.
pub(crate) fn percent(value: f64) -> String {
    decimal_with(value * 100.0, " %")
}

/// A number with two decimals; `-` for NaN.
pub(crate) fn decimal(value: f64) -> String {
    decimal_with(value, "")
}

fn decimal_with(value: f64, unit: &str) -> String {
    match value {
        value if value.is_nan() => "-".to_owned(),
        value if value.is_infinite() => {
            if value > 0.0 {
                "inf".to_owned()
            } else {
                "-inf".to_owned()
            }
        }
        value => format!("{value:.2}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(money(1_234_567.891), "1,234,567.89");
        assert_eq!(money(-1_000.0), "-1,000.00");
        assert_eq!(money(0.5), "0.50");
        assert_eq!([1_234_567.2, -0.2].map(whole), ["1,234,567", "0"]);
        assert_eq!(percent(0.12345), "12.35 %");
        assert_eq!(decimal(f64::NAN), "-");
        assert_eq!([12_345.0, 0.123_456_78, 2.5, 1e-9].map(shares), ["12,345", "0.123457", "2.5", "0"]);
        assert_eq!(decimal(f64::INFINITY), "inf");
    }
}
