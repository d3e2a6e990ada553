//! `residual(x, n)`: the distance of x from the line through its last n values.

use crate::formula::kernel::arithmetic::present;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::line::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `residual(x, n)`: the distance of x from the line through its last n values.
pub(crate) static RESIDUAL: Operator = Operator {
    name: "residual",
    usage: "residual(x, n)",
    synonyms: &["resi"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "How far x lies above the line of least squares through its last n values; exactly 0 where \
        they are all equal. The end of the line itself, LINEARREG of TA-Lib, is `x - residual(x, n)`. n is \
        at least 2.",
    absent: Absent::UntilFull(""),
    example: &["A: residual(3) -> -, -, -0.8333, 1, 0, -1"],
    remarks: "",
    source: "qlib: Resi",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    line::fill(
        x,
        window.reach(),
        days,
        out,
        |t| present(0.0, x[t]),
        |t, line| (x[t] - line.mean) - line.slope() * line.today,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, 6.0, NAN, 0.1, 0.1];
        check(&RESIDUAL, &[3.0], &[&x], &[NAN, NAN, 0.5, NAN, NAN, NAN]);
        check_partial(&RESIDUAL, &[2.0], &[&x], &[NAN, 0.0, 0.0, NAN, NAN, 0.0]);
        // 1, 2 and 5 at the places 1, 2 and 4: the line rises 19 / 14 a day and passes 8 / 3 at 7 / 3.
        let gap = [1.0, 2.0, NAN, 5.0];
        let distance = (5.0 - 8.0 / 3.0) - 19.0 / 14.0 * (4.0 - 7.0 / 3.0);
        check_partial(&RESIDUAL, &[4.0], &[&gap], &[NAN, 0.0, NAN, distance]);
        check(&RESIDUAL, &[ALL], &[&gap], &[NAN, 0.0, NAN, distance]);
        check(&RESIDUAL, &[ALL], &[&[0.1; 3]], &[NAN, 0.0, 0.0]);
    }
}
