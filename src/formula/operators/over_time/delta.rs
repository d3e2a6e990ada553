//! `delta(x, n)`: x less x n days ago.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `delta(x, n)`: x less x n days ago.
pub(crate) static DELTA: Operator = Operator {
    name: "delta",
    usage: "delta(x, n)",
    synonyms: &["diff", "ts_delta"],
    arguments: &[Argument::ValueOrClose, Argument::whole(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "earlier values, returns, momentum",
    definition: "The change over n days, `x - lag(x, n)`, in the unit of x. As a share of the old value it is `returns(x, n)`.",
    absent: Absent::Rule("It looks at two days alone: absent where x is absent on one of them."),
    example: &["A: delta(1) -> -, 2, -3, 3, 3, -3", "A: delta(volume, 2) -> -, -, 100, -200, 200, 100"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n) = (window.x(), window.n());
    days.fill(out, |t| t.checked_sub(n).map_or(f64::NAN, |before| finite(x[t] - x[before])));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn days_in_between_may_be_absent() {
        check(&DELTA, &[2.0], &[&[1.0, NAN, 4.0, 3.0, 9.0]], &[NAN, NAN, 3.0, NAN, 5.0]);
    }
}
