//! `quantile(x, n, q)`: the quantile q of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::Present;
use crate::formula::kernel::sorted;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `quantile(x, n, q)`: the quantile q of the last n values.
pub(crate) static QUANTILE: Operator = Operator {
    name: "quantile",
    usage: "quantile(x, n, q)",
    synonyms: &["percentile", "qtile"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST), Argument::number(0.0, 1.0)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "quantiles and ranks over time",
    definition: "The quantile q of the last n values, q from 0 to 1: 0 is the smallest, 1 the largest, 0.5 \
        the median. Between two values it lies on the straight line, as the `linear` of numpy and pandas.",
    absent: Absent::UntilFull(""),
    example: &["A: quantile(4, 0.25) -> -, -, -, 9.75, 11.25, 11.25"],
    remarks: "",
    source: "pandas: rolling(n).quantile(q)",
};

/// The fewest values that have a quantile.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let q = window.constants.get(1).copied().unwrap_or(f64::NAN);
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    sorted::fill(&present, days, out, |_, values| sorted::quantile(values, q));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [4.0, 2.0, NAN, 9.0, 1.0, 5.0];
        check(&QUANTILE, &[3.0, 0.25], &[&x], &[NAN, NAN, NAN, NAN, NAN, 3.0]);
        check_partial(&QUANTILE, &[3.0, 0.25], &[&x], &[4.0, 2.5, 2.5, 3.75, 3.0, 3.0]);
        check(&QUANTILE, &[ALL, 1.0], &[&x], &[4.0, 4.0, NAN, 9.0, 9.0, 9.0]);
        check(&QUANTILE, &[ALL, 0.0], &[&x], &[4.0, 2.0, NAN, 2.0, 1.0, 1.0]);
    }
}
