//! `returns(x, n)`: the change over n days, as a fraction.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `returns(x, n)`: the change over n days, as a fraction.
pub(crate) static RETURNS: Operator = Operator {
    name: "returns",
    usage: "returns(x, n)",
    synonyms: &["pct_change", "roc"],
    arguments: &[Argument::ValueOrClose, Argument::whole(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "earlier values, returns, momentum",
    definition: "The change over n days as a fraction: `x / lag(x, n) - 1`. Only the two days named are looked at.",
    absent: Absent::Short { fewer_than: "n days before it", qstrader: "absent" },
    example: &["A: returns(2) -> -, -, -0.1, 0, 0.6667, 0"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n) = (window.x(), window.n());
    days.fill(out, |t| if t < n { f64::NAN } else { finite(x[t] / x[t - n] - 1.0) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&RETURNS, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[NAN, NAN, 3.0, 0.5]);
        check(&RETURNS, &[2.0], &[&[1.0, NAN, 4.0, 3.0, 6.0]], &[NAN, NAN, 3.0, NAN, 0.5]);
        check(&RETURNS, &[1.0], &[&[0.0, 1.0]], &[NAN, NAN]);
    }
}
