//! `wma(x, n)`: the mean of the last n values, the newest weighted most.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::Present;
use crate::formula::kernel::sums::WindowSums;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{Side, pairwise_sums};

/// `wma(x, n)`: the mean of the last n values, the newest weighted most.
pub(crate) static WMA: Operator = Operator {
    name: "wma",
    usage: "wma(x, n)",
    synonyms: &["lwma"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "moving averages",
    definition: "The weighted moving average: the mean of the last n values with the weights 1 for the \
        oldest to n for today.",
    absent: Absent::UntilFull(""),
    example: &["A: wma(3) -> -, -, 10.1667, 11, 13, 13"],
    remarks: "",
    source: "TA-Lib: WMA",
};

/// The fewest values that have an average.
const LEAST: u32 = 1;

/// The sum of the weighted values.
struct Weighted;

impl WindowSums<1, 1> for Weighted {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 1] {
        pairwise_sums(columns, count, |[x]: [S; 1], place| [S::of(place + 1.0) * x])
    }
}

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    present.fill_sums::<Weighted, 1>(days, out, |_, window, [sum]| {
        let k = window.len() as f64;
        sum / (k * (k + 1.0) / 2.0)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 4.0, NAN, 7.0, 1.0, 4.0];
        check(&WMA, &[2.0], &[&x], &[NAN, 3.0, NAN, NAN, 3.0, 3.0]);
        check_partial(&WMA, &[3.0], &[&x], &[1.0, 3.0, 3.0, 6.0, 3.0, 3.5]);
        check(&WMA, &[ALL], &[&x], &[1.0, 3.0, NAN, 5.0, 3.4, 54.0 / 15.0]);
    }
}
