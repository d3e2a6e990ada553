//! `count_true(c, n)`: the number of the last n days on which a condition is true.

use crate::formula::kernel::arithmetic::truth;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::Present;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `count_true(c, n)`: the number of the last n days on which a condition is true.
pub(crate) static COUNT_TRUE: Operator = Operator {
    name: "count_true",
    usage: "count_true(c, n)",
    synonyms: &["countif", "ts_count"],
    arguments: &[Argument::Value, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "counting and events",
    definition: "The number of the last n days on which c is true: not 0. A comparison with an absent side \
        is absent and makes the count absent; `c or 0` counts it as false.",
    absent: Absent::UntilFull(""),
    example: &[
        "A: count_true(close > lag(close, 1), 3) -> -, -, -, 2, 2, 2",
        "A: count_true(close > lag(close, 1) or 0, 3) -> -, -, 1, 2, 2, 2",
    ],
    remarks: "",
    source: "",
};

/// The fewest values that have a count.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    let mut count = 0.0;
    let counts = present.running(|[condition], _| {
        count += truth(condition != 0.0);
        count
    });
    let before = |value: usize| value.checked_sub(1).map_or(0.0, |last| counts[last]);
    present.fill(days, out, |_, window| before(window.end) - before(window.start));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let c = [1.0, 0.0, NAN, -2.0, 0.5, -0.0];
        check(&COUNT_TRUE, &[2.0], &[&c], &[NAN, 1.0, NAN, NAN, 2.0, 1.0]);
        check_partial(&COUNT_TRUE, &[3.0], &[&c], &[1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
        check(&COUNT_TRUE, &[ALL], &[&c], &[1.0, 1.0, NAN, 2.0, 3.0, 3.0]);
    }
}
