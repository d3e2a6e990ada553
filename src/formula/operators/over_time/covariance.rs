//! `covariance(x, y, n)`: the sample covariance of two values over the last n days.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::pair::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `covariance(x, y, n)`: the sample covariance of two values over the last n days.
pub(crate) static COVARIANCE: Operator = Operator {
    name: "covariance",
    usage: "covariance(x, y, n)",
    synonyms: &["cov"],
    arguments: &[Argument::ValueOrClose, Argument::Value, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "The sample covariance (divided by n - 1) of x and y over the last n days; exactly 0 where \
        one of them does not move. n is at least 2.",
    absent: Absent::UntilFull(""),
    example: &["A: covariance(close, volume, 3) -> -, -, 100, 0, 300, 250"],
    remarks: "",
    source: "pandas: rolling(n).cov()",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let &[x, y] = window.columns else { return };
    pair::fill([x, y], window.reach(), days, out, |pair| {
        let [xy, _, _] = pair.sums;
        if pair.flat.contains(&true) { 0.0 } else { xy / (pair.count - 1.0) }
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
        let y = [1.0, 4.0, 9.0, 9.0, 1.0, 5.0];
        check(&COVARIANCE, &[2.0], &[&x, &y], &[NAN, 1.5, NAN, NAN, 11.6, 0.0]);
        check_partial(&COVARIANCE, &[3.0], &[&x, &y], &[NAN, 1.5, 1.5, 2.5, 11.6, 5.8]);
        check(&COVARIANCE, &[ALL], &[&x[..4], &y[..4]], &[NAN, 1.5, NAN, 4.0]);
        check(&COVARIANCE, &[ALL], &[&[0.1; 3], &y[..3]], &[NAN, 0.0, 0.0]);
    }
}
