//! `days_since_lowest(x, n)`: the days since the smallest of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::end::End;
use crate::formula::kernel::extreme;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `days_since_lowest(x, n)`: the days since the smallest of the last n values.
pub(crate) static DAYS_SINCE_LOWEST: Operator = Operator {
    name: "days_since_lowest",
    usage: "days_since_lowest(x, n)",
    synonyms: &["argmin", "ts_argmin", "idxmin", "lowestbars"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "extremes and channels",
    definition: "The number of days since the smallest of the last n values, 0 where it is today. Of equal \
        values the oldest counts. Aroon down is `100 * (n - days_since_lowest(low, n + 1)) / n`.",
    absent: Absent::UntilFull(""),
    example: &["A: days_since_lowest(low, 3) -> -, -, 0, 1, 2, 2"],
    remarks: "On equal lows it differs from TA-Lib, which takes the newest.",
    source: "numpy: argmin; qlib: IdxMin",
};

/// The fewest values that have an extreme.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let since = |t: usize, extreme: usize| (t - extreme) as f64;
    extreme::fill(End::Lowest, window.x(), window.reach(), days, out, since);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [-1.0, -5.0, NAN, -5.0, -3.0, -2.0];
        check(&DAYS_SINCE_LOWEST, &[2.0], &[&x], &[NAN, 0.0, NAN, NAN, 1.0, 1.0]);
        check_partial(&DAYS_SINCE_LOWEST, &[3.0], &[&x], &[0.0, 0.0, 1.0, 2.0, 1.0, 2.0]);
        check(&DAYS_SINCE_LOWEST, &[ALL], &[&x], &[0.0, 0.0, NAN, 2.0, 3.0, 4.0]);
    }
}
