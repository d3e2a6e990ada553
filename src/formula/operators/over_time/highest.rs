//! `highest(x, n)`: the largest of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::end::End;
use crate::formula::kernel::extreme;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `highest(x, n)`: the largest of the last n values.
pub(crate) static HIGHEST: Operator = Operator {
    name: "highest",
    usage: "highest(x, n)",
    synonyms: &["ts_max", "hhv", "rolling_max"],
    arguments: &[Argument::ValueOrClose, Argument::window(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "extremes and channels",
    definition: "The largest of the last n values, today's included. `lag(highest(high, 20), 1)` is the upper end of the \
        channel up to yesterday.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &[
        "A: highest(high, 3) -> -, -, 13, 13, 16, 16",
        "A: lag(highest(high, 3), 1) -> -, -, -, 13, 13, 16",
    ],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    extreme::fill(End::Highest, x, window.reach(), days, out, |_, extreme| x[extreme]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    #[test]
    fn hand_worked_values() {
        check(&HIGHEST, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[NAN, 2.0, 4.0, 4.0]);
        check(&HIGHEST, &[2.0], &[&[1.0, NAN, 4.0]], &[NAN; 3]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_values() {
        let x = [NAN, 2.0, NAN, 1.0, 3.0];
        check_partial(&HIGHEST, &[2.0], &[&x], &[NAN, 2.0, 2.0, 1.0, 3.0]);
        check(&HIGHEST, &[f64::INFINITY], &[&x], &[NAN, 2.0, NAN, 2.0, 3.0]);
    }
}
