//! `lag(x, n)`: the value n days ago.

use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `lag(x, n)`: the value n days ago.
pub(crate) static LAG: Operator = Operator {
    name: "lag",
    usage: "lag(x, n)",
    synonyms: &["ref", "shift", "delay", "ts_delay", "prev"],
    arguments: &[Argument::ValueOrClose, Argument::whole(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "earlier values, returns, momentum",
    definition: "The value n days ago.",
    absent: Absent::Short { fewer_than: "n days before it", qstrader: "absent" },
    example: &["A: lag(close, 2) -> -, -, 10, 12, 9, 12"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n) = (window.x(), window.n());
    days.fill(out, |t| if t < n { f64::NAN } else { x[t - n] });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&LAG, &[1.0], &[&[1.0, 2.0, 4.0, 3.0]], &[NAN, 1.0, 2.0, 4.0]);
        check(&LAG, &[1.0], &[&[1.0, NAN, 4.0]], &[NAN, 1.0, NAN]);
    }
}
