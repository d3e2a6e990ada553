//! `kama(x, n, fast, slow)`: Kaufman's adaptive average.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::node::COUNT_LIMIT;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::pairwise_sum;

/// `kama(x, n, fast, slow)`: Kaufman's adaptive average.
pub(crate) static KAMA: Operator = Operator {
    name: "kama",
    usage: "kama(x, n, fast, slow)",
    synonyms: &[],
    arguments: &[
        Argument::ValueOrClose,
        Argument::whole(1),
        Argument::number(1.0, COUNT_LIMIT as f64),
        Argument::number(1.0, COUNT_LIMIT as f64),
    ],
    optional: 2,
    rule: None,
    depth: |constants| window(constants) + 1,
    compute: Compute::OverTime(compute),
    purpose: "moving averages",
    definition: "Kaufman's adaptive moving average: fast in a straight move, slow in a jagged one. Its efficiency e is the \
        distance from the value n values before, over the sum of the n absolute changes in between (1 where nothing \
        changed). It moves by the square of `e * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1)` of the way to \
        each new value, and starts from the value before the (n + 1)-th. `fast` and `slow` are the spans of the two \
        averages between which it adapts, any numbers from 1 on: 2 and 30 unless given.",
    absent: Absent::Rule(
        "Absent before the (n + 1)-th present value. An absent day is absent and passed over.",
    ),
    example: &[
        "A: kama(2) -> -, -, 11.8974, 11.8978, 13.2766, 13.2712",
        "A: kama(close, 2, 1, 3) -> -, -, 10.92, 11.19, 15, 14.25",
    ],
    remarks: "",
    source: "Perry Kaufman, Smarter Trading, 1995; TA-Lib's KAMA.",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (n, factor) = (window.n(), |span: f64| 2.0 / (span + 1.0));
    let (fast, slow) = match *window.constants {
        [_, fast, slow] => (factor(fast), factor(slow)),
        _ => (factor(2.0), factor(30.0)),
    };
    // The present values, and the changes from each to the next.
    let (mut values, mut changes): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut average = f64::NAN;
    let mut value = |x: f64| {
        if x.is_nan() {
            return f64::NAN;
        }
        changes.extend(values.last().map(|last| (x - last).abs()));
        values.push(x);
        let Some(before) = changes.len().checked_sub(n) else {
            average = x;
            return f64::NAN;
        };
        let path = pairwise_sum(&changes[before..]);
        let efficiency = if path == 0.0 { 1.0 } else { ((x - values[before]).abs() / path).min(1.0) };
        let share = efficiency * (fast - slow) + slow;
        average += (x - average) * (share * share);
        finite(average)
    };
    let column: Vec<f64> = window.x().iter().map(|x| value(*x)).collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        // Factors 1 and 1/2. A straight move is followed at once; back at the start it goes a quarter of the way.
        let x = [1.0, 2.0, NAN, 3.0, 2.0, 2.0];
        check(&KAMA, &[2.0, 1.0, 3.0], &[&x], &[NAN, NAN, NAN, 3.0, 2.75, 2.0]);
    }

    #[test]
    fn a_flat_series_is_its_own_average() {
        check(&KAMA, &[2.0], &[&[0.1; 4]], &[NAN, NAN, 0.1, 0.1]);
    }
}
