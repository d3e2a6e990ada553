//! `beta(y, x, n)`: the slope of y on x over the last n days.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::pair::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `beta(y, x, n)`: the slope of y on x over the last n days.
pub(crate) static BETA: Operator = Operator {
    name: "beta",
    usage: "beta(y, x, n)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::Value, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "How much y moves with x: the slope of the line of least squares of y on x over the last n \
        days; exactly 0 where y alone does not move. The beta of a share is `beta(returns(1), of(\"SPY\", \
        returns(1)), 60)`. n is at least 2.",
    absent: Absent::UntilFull("Absent too where x does not move."),
    example: &["A: beta(close, of(\"B\", close), 3) -> -, -, -2, -1.5, -4.5, -1.5"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let &[y, x] = window.columns else { return };
    pair::fill([x, y], window.reach(), days, out, |pair| {
        let [xy, xx, _] = pair.sums;
        match pair.flat {
            [true, _] => f64::NAN,
            [false, true] => 0.0,
            [false, false] => xy / xx,
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, NAN, 3.0, 0.1, 0.1];
        let y = [1.0, 4.0, 9.0, 9.0, 9.0, 5.0];
        check(&BETA, &[2.0], &[&y, &x], &[NAN, 3.0, NAN, NAN, 0.0, NAN]);
        check_partial(&BETA, &[4.0], &[&y[..4], &x[..4]], &[NAN, 3.0, 3.0, 4.0]);
        check(&BETA, &[ALL], &[&y[..4], &x[..4]], &[NAN, 3.0, NAN, 4.0]);
        check(&BETA, &[ALL], &[&[0.1; 2], &x[..2]], &[NAN, 0.0]);
        check(&BETA, &[ALL], &[&[0.1; 3], &[0.1; 3]], &[NAN; 3]);
    }
}
