//! `mean_absolute_deviation(x, n)`: the mean distance of the last n values from their mean.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::means;
use crate::formula::kernel::present::{Flats, Present};
use crate::formula::kernel::sums::WindowSums;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{Side, pairwise_sums};

/// `mean_absolute_deviation(x, n)`: the mean distance of the last n values from their mean.
pub(crate) static MEAN_ABSOLUTE_DEVIATION: Operator = Operator {
    name: "mean_absolute_deviation",
    usage: "mean_absolute_deviation(x, n)",
    synonyms: &["mad"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "The mean distance of the last n values from their mean; exactly 0 where they are all \
        equal. The commodity channel index is `(tp - sma(tp, n)) / (0.015 * mean_absolute_deviation(tp, \
        n))` with `(high + low + close) / 3` for `tp`.",
    absent: Absent::UntilFull(""),
    example: &["A: mean_absolute_deviation(3) -> -, -, 1.1111, 1.3333, 2, 1.3333"],
    remarks: "",
    source: "",
};

/// The fewest values that have a deviation.
const LEAST: u32 = 1;

/// The sum of the distances from the mean.
struct Distances;

impl WindowSums<1, 1> for Distances {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 1] {
        let [mean] = means(columns, count);
        pairwise_sums(columns, count, |[x]: [S; 1], _| [(x - mean).abs()])
    }
}

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    let flats = Flats::of(&present.values[0]);
    present.fill_sums::<Distances, 1>(days, out, |_, window, [distances]| {
        if flats.contains(&window) { 0.0 } else { distances / window.len() as f64 }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [4.0, 2.0, NAN, 0.1, 0.1, 0.1];
        check(&MEAN_ABSOLUTE_DEVIATION, &[2.0], &[&x], &[NAN, 1.0, NAN, NAN, 0.0, 0.0]);
        check_partial(&MEAN_ABSOLUTE_DEVIATION, &[3.0], &[&x], &[0.0, 1.0, 1.0, 0.95, 0.0, 0.0]);
        let x = [4.0, 2.0, NAN, 9.0];
        check(&MEAN_ABSOLUTE_DEVIATION, &[ALL], &[&x], &[0.0, 1.0, NAN, 8.0 / 3.0]);
    }
}
