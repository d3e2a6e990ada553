//! `slope(x, n)`: the rise a day of the line through the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::line::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `slope(x, n)`: the rise a day of the line through the last n values.
pub(crate) static SLOPE: Operator = Operator {
    name: "slope",
    usage: "slope(x, n)",
    synonyms: &["linreg_slope", "linearreg_slope"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "By how much the line of least squares through the last n values rises a day; exactly 0 \
        where they are all equal. `slope(x, n) / x` compares assets. n is at least 2.",
    absent: Absent::UntilFull(""),
    example: &["A: slope(3) -> -, -, -0.5, 0, 3, 0"],
    remarks: "",
    source: "TA-Lib: LINEARREG_SLOPE; qlib: Slope",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    line::fill(x, window.reach(), days, out, |_| 0.0, |_, line| line.slope());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, NAN, 5.0, 0.1, 0.1];
        check(&SLOPE, &[2.0], &[&x], &[NAN, 1.0, NAN, NAN, -4.9, 0.0]);
        // 1, 2 and 5 at the places 1, 2 and 4 lie on no line: the best rises 19 / 14 a day.
        check_partial(&SLOPE, &[4.0], &[&x[..4]], &[NAN, 1.0, 1.0, 19.0 / 14.0]);
        check(&SLOPE, &[ALL], &[&x[..4]], &[NAN, 1.0, NAN, 19.0 / 14.0]);
        check(&SLOPE, &[ALL], &[&[0.1; 3]], &[NAN, 0.0, 0.0]);
    }
}
