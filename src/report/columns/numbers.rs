//! How numbers of the verdict on columns read in sentences.

use crate::text::number;

/// A part of 1 in per cent, with two decimals where it is below 1 %: `9.1 %`, `0.24 %`.
pub(crate) fn per_cent(value: f64) -> String {
    let value = 100.0 * value;
    let decimals = if value.abs() < 0.995 && value.abs() >= 0.005 { 2 } else { 1 };
    let text = format!("{value:.decimals$} %");
    if text == "-0.0 %" { "0.0 %".to_owned() } else { text }
}

/// How often something happens, in a hundred cases.
pub(crate) fn of_a_hundred(p: f64) -> String {
    match (100.0 * p).round() {
        0.0 => "fewer than 1 of 100 cases".to_owned(),
        100.0 => "nearly all cases".to_owned(),
        times => format!("{times:.0} of 100 cases"),
    }
}

/// A p with digits enough to be told from its limits.
pub(crate) fn p(value: f64) -> String {
    if value < 0.1 { format!("{value:.4}") } else { format!("{value:.3}") }
}

/// A number with a noun: `1 trial`, `4,900 trials`.
pub(crate) fn count(value: usize, noun: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number::whole(value as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let shown = [0.0912, -0.0024, 0.0, -0.000_01, 1.5, 0.01].map(per_cent);
        assert_eq!(shown, ["9.1 %", "-0.24 %", "0.0 %", "0.0 %", "150.0 %", "1.0 %"]);
        let shown = [0.001, 0.64, 0.996].map(of_a_hundred);
        assert_eq!(shown, ["fewer than 1 of 100 cases", "64 of 100 cases", "nearly all cases"]);
        assert_eq!([0.049_56, 0.31].map(p), ["0.0496", "0.310"]);
        assert_eq!([count(1, "trial"), count(4900, "trial")], ["1 trial", "4,900 trials"]);
    }
}
