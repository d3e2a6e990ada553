//! `stdev(x, n)`: the sample deviation of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::RunningSquares;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::windows::{last, sample_deviation};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `stdev(x, n)`: the sample deviation of the last n values.
pub(crate) static STDEV: Operator = Operator {
    name: "stdev",
    usage: "stdev(x, n)",
    synonyms: &["std", "stddev", "sd", "ts_std_dev", "sigma"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "The sample deviation (divided by n - 1) of the last n values, not of their changes; exactly 0 where they \
        are all equal. n is at least 2.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &["A: stdev(close, 3) -> -, -, 1.5275, 1.7321, 3, 1.7321"],
    remarks: "",
    source: "",
};

/// The fewest values that have a deviation.
const LEAST: u32 = 2;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    match window.reach() {
        Reach::Full(n) => {
            days.fill(out, |t| if t + 1 < n { f64::NAN } else { sample_deviation(last(x, t, n)) });
        }
        reach @ Reach::Partial(_) => {
            let present = Present::new([x], reach, LEAST as usize);
            present.fill(days, out, |_, window| sample_deviation(&present.values[0][window]));
        }
        reach @ Reach::All => {
            let mut running = RunningSquares::default();
            Present::new([x], reach, LEAST as usize).fill_running(days, out, |[x], count| {
                running.push(x, count);
                running.sample_deviation(count)
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
        let expected = [NAN, 0.5f64.sqrt(), 2f64.sqrt(), 0.5f64.sqrt()];
        check(&STDEV, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &expected);
        check(&STDEV, &[2.0], &[&[1.0, NAN, 4.0, 4.0]], &[NAN, NAN, NAN, 0.0]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_values() {
        let x = [NAN, 0.1, 0.1, 0.1, NAN, 2.1];
        check_partial(&STDEV, &[3.0], &[&x], &[NAN, NAN, 0.0, 0.0, 0.0, 2f64.sqrt()]);
        check(&STDEV, &[f64::INFINITY], &[&x], &[NAN, NAN, 0.0, 0.0, NAN, 1.0]);
    }
}
