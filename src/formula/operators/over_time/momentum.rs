//! `momentum(x, n)`: the return over the last n days, as the product of its daily factors, which is how QSTrader computes it.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::products::{self, product};
use crate::formula::kernel::windows::daily_returns;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `momentum(x, n)`: the return over the last n days, as the product of its daily factors. Short histories:
/// `docs/conventions.md#signal_readiness`.
pub(crate) static MOMENTUM: Operator = Operator {
    name: "momentum",
    usage: "momentum(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "earlier values, returns, momentum",
    definition: "The holding-period return of the last n days: the product of the n factors `x / lag(x, 1)`, from the \
        oldest to the newest, minus 1. It equals `returns(x, n)` but for the last digits, and differs where the \
        history is short.",
    absent: Absent::Short {
        fewer_than: "n days before it",
        qstrader: "the return over what there is; 0 on the first day",
    },
    example: &[
        "A: momentum(2) -> 0, 0.2, -0.1, 0, 0.6667, 0",
        "A, sound: momentum(2) -> -, -, -0.1, 0, 0.6667, 0",
    ],
    remarks: "An asset on its first day scores 0 under `qstrader`, which beats every falling asset.",
    source: "",
};

/// The fewest returns that a window which does not need all of its days is over.
const LEAST: u32 = 1;

/// The product of the factors `1 + r` of a window, left to right, minus 1.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    let mut factors = daily_returns(x);
    factors.iter_mut().for_each(|factor| *factor += 1.0);
    match window.reach() {
        Reach::Full(n) => of_full_windows(x, &factors, n, window.only_full(), days, out),
        reach @ Reach::Partial(_) => {
            let present = Present::new([&factors], reach, LEAST as usize);
            present.fill(days, out, |_, window| product(&present.values[0][window]) - 1.0);
        }
        reach @ Reach::All => {
            let mut product = 1.0;
            let mut push = |factor: f64| {
                product *= factor;
                product - 1.0
            };
            let present = Present::new([&factors], reach, LEAST as usize);
            let momentum = present.running(|[factor], _| push(factor));
            days.fill(out, |t| match present.upto(t) {
                count if count < LEAST as usize || x[t].is_nan() => f64::NAN,
                count => finite(momentum[count - 1]),
            });
        }
    }
}

/// The values where a window has `n` factors; for the first days what there is, 0 with one price, unless only full windows
/// count.
fn of_full_windows(x: &[f64], factors: &[f64], n: usize, only_full: bool, days: Days, out: &mut [f64]) {
    let short = days.days.partition_point(|&day| (day as usize - days.start) < n);
    let (short_out, out) = out.split_at_mut(short);
    let short_days = Days { days: &days.days[..short], start: days.start };
    short_days.fill(short_out, |t| match t {
        _ if only_full => f64::NAN,
        0 if x[0].is_nan() => f64::NAN,
        0 => 0.0,
        _ => finite(product(&factors[1..=t]) - 1.0),
    });
    products::fill(factors, n, Days { days: &days.days[short..], start: days.start }, out);
    out.iter_mut().for_each(|product| *product = finite(*product - 1.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    #[test]
    fn hand_worked_values() {
        check(&MOMENTUM, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[0.0, 1.0, 3.0, 0.5]);
        check(&MOMENTUM, &[1.0], &[&[1.0, NAN, 4.0, 3.0, 6.0]], &[0.0, NAN, NAN, -0.25, 1.0]);
    }

    #[test]
    fn days_in_lanes_equal_days_one_by_one() {
        let x: Vec<f64> = (0..100).map(|t| 10.0 + f64::from(t * 37 % 11)).collect();
        let expected: Vec<f64> = (0..100usize)
            .map(|t| {
                (t.saturating_sub(6)..t).fold(1.0, |product, s| product * (1.0 + (x[s + 1] / x[s] - 1.0)))
                    - 1.0
            })
            .collect();
        check(&MOMENTUM, &[6.0], &[&x], &expected);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_factors() {
        let x = [2.0, 4.0, NAN, 3.0, 6.0, 3.0];
        check_partial(&MOMENTUM, &[3.0], &[&x], &[NAN, 1.0, 1.0, 1.0, 1.0, 0.0]);
        check(&MOMENTUM, &[f64::INFINITY], &[&x], &[NAN, 1.0, NAN, 1.0, 3.0, 1.0]);
    }
}
