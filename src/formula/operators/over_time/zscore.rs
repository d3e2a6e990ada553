//! `zscore(x, n)`: the distance from the mean of the last n values in their sample deviations.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::RunningSquares;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::windows::{last, sample_deviation};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::mean;

/// `zscore(x, n)`: the distance from the mean of the last n values in their sample deviations.
pub(crate) static ZSCORE: Operator = Operator {
    name: "zscore",
    usage: "zscore(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "How many sample deviations x lies above its mean: `(x - sma(x, n)) / stdev(x, n)`. Absent too where the \
        deviation is 0. n is at least 2.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &["A: zscore(3) -> -, -, -0.8729, 0.5774, 1, -0.5774"],
    remarks: "",
    source: "",
};

/// The fewest values that have a deviation.
const LEAST: u32 = 2;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    let distance = |t: usize, values: &[f64]| finite((x[t] - mean(values)) / sample_deviation(values));
    match window.reach() {
        Reach::Full(n) => {
            days.fill(out, |t| if t + 1 < n { f64::NAN } else { distance(t, last(x, t, n)) });
        }
        reach @ Reach::Partial(_) => {
            let present = Present::new([x], reach, LEAST as usize);
            present.fill(days, out, |t, window| distance(t, &present.values[0][window]));
        }
        reach @ Reach::All => {
            let mut running = RunningSquares::default();
            Present::new([x], reach, LEAST as usize).fill_running(days, out, |[x], count| {
                running.push(x, count);
                (x - running.mean) / running.sample_deviation(count)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    #[test]
    fn hand_worked_values() {
        let expected = [NAN, 0.5f64.sqrt(), 0.5f64.sqrt(), -(0.5f64.sqrt())];
        check(&ZSCORE, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &expected);
    }

    #[test]
    fn equal_values_have_none_however_their_mean_is_rounded() {
        check(&ZSCORE, &[2.0], &[&[3.0, 3.0]], &[NAN, NAN]);
        check(&ZSCORE, &[3.0], &[&[0.1; 3]], &[NAN; 3]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_values() {
        let x = [NAN, 1.0, NAN, 3.0, 0.5];
        check_partial(&ZSCORE, &[3.0], &[&x], &[NAN, NAN, NAN, 0.5f64.sqrt(), -(0.5f64.sqrt())]);
        let x = [1.0, 1.0, NAN, 4.0];
        check(&ZSCORE, &[f64::INFINITY], &[&x], &[NAN, NAN, NAN, 2.0 / 3f64.sqrt()]);
        check(&ZSCORE, &[f64::INFINITY], &[&[0.1; 3]], &[NAN; 3]);
    }
}
