//! `hold(enter, exit, size)`: 1 from the day on which `enter` holds until a day on which `exit` holds.

use crate::formula::kernel::arithmetic::is_true;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, no_depth};

/// `hold(enter, exit, size)`: 1 from the day on which `enter` holds until a day on which `exit` holds.
pub(crate) static HOLD: Operator = Operator {
    name: "hold",
    usage: "hold(enter, exit, size)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::Value, Argument::Value],
    optional: 1,
    rule: None,
    depth: no_depth,
    compute: Compute::Hold(compute),
    purpose: "positions with a memory",
    definition: "A position with a memory: 0 at first, 1 from the day on which `enter` is true until a day on which \
        `exit` is true. Where both are true it is 0. With a size it has that value while it is in. In `exit` and \
        `size` the words [`age`](#age), [`entry`](#entryx), [`peak`](#peakx) and [`trough`](#troughx) are about \
        this hold; they stand under arithmetic, comparisons, `and`, `or`, `not`, `if`, `fill` and functions of numbers.",
    absent: Absent::Rule(
        "It looks at every close since the asset's first day, whatever the schedule and the burn-in: a strategy \
        that decides once a month sees what happened in between. It has no window of its own; absent conditions \
        are false.",
    ),
    example: &[
        "A: hold(close > 11, close < 10) -> 0, 1, 0, 1, 1, 1",
        "A: hold(close > 11, close < 10, 1 / entry(close)) -> 0, 0.0833, 0, 0.0833, 0.0833, 0.0833",
        "A: hold(close > 11, close > 14) -> 0, 1, 1, 1, 0, 1",
    ],
    remarks: "Under `qstrader` the conditions see short histories before the gate opens, so a position may have been \
        entered on them. Under `sound` they are absent until their windows are full.",
    source: "",
};

/// 0 at first; becomes 1 where `enter` is true and `exit` is not, and 0 where `exit` is true.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let [enter, exit] = *window.columns else { return };
    let mut held = false;
    let column: Vec<f64> = enter
        .iter()
        .zip(exit)
        .map(|(enter, exit)| {
            held = !is_true(*exit) && (held || is_true(*enter));
            f64::from(u8::from(held))
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn it_stays_until_exit_and_exit_wins() {
        let enter = [1.0, 0.0, 1.0, -2.0, NAN];
        let exit = [NAN, 0.0, 1.0, 0.0, 1.0];
        check(&HOLD, &[], &[&enter, &exit], &[1.0, 1.0, 0.0, 1.0, 0.0]);
    }
}
