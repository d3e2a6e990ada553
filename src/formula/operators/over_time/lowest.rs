//! `lowest(x, n)`: the smallest of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::end::End;
use crate::formula::kernel::extreme;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `lowest(x, n)`: the smallest of the last n values.
pub(crate) static LOWEST: Operator = Operator {
    name: "lowest",
    usage: "lowest(x, n)",
    synonyms: &["ts_min", "llv", "rolling_min"],
    arguments: &[Argument::ValueOrClose, Argument::window(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "extremes and channels",
    definition: "The smallest of the last n values, today's included.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &["A: lowest(low, 3) -> -, -, 8, 8, 8, 9"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    extreme::fill(End::Lowest, x, window.reach(), days, out, |_, extreme| x[extreme]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    #[test]
    fn hand_worked_values() {
        check(&LOWEST, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[NAN, 1.0, 2.0, 3.0]);
        check(&LOWEST, &[2.0], &[&[1.0, NAN, 4.0]], &[NAN; 3]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_values() {
        let x = [NAN, 2.0, NAN, 1.0, 3.0];
        check_partial(&LOWEST, &[2.0], &[&x], &[NAN, 2.0, 2.0, 1.0, 1.0]);
        check(&LOWEST, &[f64::INFINITY], &[&x], &[NAN, 2.0, NAN, 1.0, 1.0]);
    }
}
