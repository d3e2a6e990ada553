//! `sma(x, n)`: the mean of the last n values.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::Sum;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::windows::last;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{mean, pairwise_sums_of_windows};

/// `sma(x, n)`: the mean of the last n values.
pub(crate) static SMA: Operator = Operator {
    name: "sma",
    usage: "sma(x, n)",
    synonyms: &["ma", "rolling_mean", "ts_mean"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "moving averages",
    definition: "The simple moving average: the mean of the last n values, today's included.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "the mean of what there is" },
    example: &["A: sma(3) -> 10, 11, 10.3333, 11, 12, 13", "A, sound: sma(3) -> -, -, 10.3333, 11, 12, 13"],
    remarks: "The values are added in the order in which numpy adds, so that a comparison of two averages that are \
        equal but for rounding falls as it does in QSTrader. On a price that does not move at all it may fall \
        either way.",
    source: "",
};

/// When a value is wanted on at least one day in this many, computing all days together is faster than computing each alone.
const MANY_DAYS: usize = 8;

/// The fewest values that a window which does not need all of its days is over.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    match window.reach() {
        Reach::Full(n) => of_full_windows(x, n, window.only_full(), days, out),
        reach @ Reach::Partial(_) => {
            let present = Present::new([x], reach, LEAST as usize);
            present.fill_sums::<Sum, 1>(days, out, |_, window, [sum]| sum / window.len() as f64);
        }
        reach @ Reach::All => {
            let mut sum = 0.0;
            Present::new([x], reach, LEAST as usize).fill_running(days, out, |[x], count| {
                sum += x;
                sum / count
            });
        }
    }
}

/// The values where a window has `n` days; for the first days the mean of what there is, unless only full windows count.
fn of_full_windows(x: &[f64], n: usize, only_full: bool, days: Days, out: &mut [f64]) {
    let of_day = |t: usize| if only_full && t + 1 < n { f64::NAN } else { finite(mean(last(x, t, n))) };
    if days.days.len() < x.len() / MANY_DAYS {
        return days.fill(out, of_day);
    }
    let mut sums = vec![0.0; (x.len() + 1).saturating_sub(n)];
    pairwise_sums_of_windows(x, n, &mut sums);
    let mean_of = |sum: f64| finite(sum / n as f64);
    let Some(indices) = days.in_a_row() else {
        return days.fill(out, |t| if t + 1 < n { of_day(t) } else { mean_of(sums[t + 1 - n]) });
    };
    // Days in a row lie as their sums do, and are divided side by side.
    let (short, full) = out.split_at_mut((n - 1).saturating_sub(indices.start).min(out.len()));
    short.iter_mut().zip(indices.clone()).for_each(|(out, t)| *out = of_day(t));
    let sums = &sums[(indices.start + 1).saturating_sub(n)..];
    full.iter_mut().zip(sums).for_each(|(out, sum)| *out = mean_of(*sum));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    #[test]
    fn hand_worked_values() {
        check(&SMA, &[3.0], &[&[1.0, 2.0, 4.0, 3.0]], &[1.0, 1.5, 7.0 / 3.0, 3.0]);
        check(&SMA, &[2.0], &[&[1.0, NAN, 4.0, 3.0, 6.0]], &[1.0, NAN, NAN, 3.5, 4.5]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_values() {
        let x = [NAN, 2.0, 4.0, NAN, NAN, 6.0];
        check_partial(&SMA, &[2.0], &[&x], &[NAN, 2.0, 3.0, 4.0, NAN, 6.0]);
        check(&SMA, &[f64::INFINITY], &[&x], &[NAN, 2.0, 3.0, NAN, NAN, 4.0]);
    }

    #[test]
    fn averages_side_by_side_equal_averages_by_days() {
        let x: Vec<f64> =
            (0..300).map(|t| if t == 200 { NAN } else { f64::from(t * 37 % 11).sqrt() }).collect();
        for n in [1, 2, 7, 8, 20, 129, 299, 300, 301] {
            let expected: Vec<f64> = (0..x.len()).map(|t| mean(last(&x, t, n))).collect();
            check(&SMA, &[n as f64], &[&x], &expected);
        }
    }
}
