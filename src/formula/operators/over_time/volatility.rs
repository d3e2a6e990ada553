//! `volatility(x, n)`: the annualised population deviation of the last n daily returns, as QSTrader computes it.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::RunningSquares;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::windows::{daily_returns, last_returns};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{mean, sum_of_squares};

/// `volatility(x, n)`: the annualised population deviation of the last n daily returns. Short histories:
/// `docs/conventions.md#signal_readiness`.
pub(crate) static VOLATILITY: Operator = Operator {
    name: "volatility",
    usage: "volatility(x, n)",
    synonyms: &["vol", "hv"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "The annualised volatility: the population deviation (divided by the number of returns) of the last n \
        daily returns, times the root of 252; of weeks the root of 52, of months that of 12. \
        `[statistics] periods_per_year` does not change it.",
    absent: Absent::Short {
        fewer_than: "n days before it",
        qstrader: "the volatility of what there is; 0 with one or two prices",
    },
    example: &[
        "A: volatility(2) -> 0, 0, 3.5718, 4.6301, 0.6614, 3.5718",
        "A, sound: volatility(2) -> -, -, 3.5718, 4.6301, 0.6614, 3.5718",
    ],
    remarks: "",
    source: "",
};

/// The fewest returns that a window which does not need all of its days is over.
const LEAST: u32 = 1;

/// The population deviation of the returns of a window times the root of the days of a year; 0 with one price.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    let returns = daily_returns(x);
    let annual = window.periods_a_year.sqrt();
    let of_returns =
        |returns: &[f64]| (sum_of_squares(returns, mean(returns)) / returns.len() as f64).sqrt() * annual;
    match window.reach() {
        Reach::Full(n) => {
            let only_full = window.only_full();
            days.fill(out, |t| match t {
                _ if only_full && t < n => f64::NAN,
                0 if x[0].is_nan() => f64::NAN,
                0 => 0.0,
                _ => finite(of_returns(last_returns(&returns, t, n))),
            });
        }
        reach @ Reach::Partial(_) => {
            let present = Present::new([&returns], reach, LEAST as usize);
            present.fill(days, out, |_, window| of_returns(&present.values[0][window]));
        }
        reach @ Reach::All => {
            let present = Present::new([&returns], reach, LEAST as usize);
            let mut running = RunningSquares::default();
            let volatility = present.running(|[r], count| {
                running.push(r, count);
                (running.squares / count).sqrt() * annual
            });
            days.fill(out, |t| match present.upto(t) {
                count if count < LEAST as usize || x[t].is_nan() => f64::NAN,
                count => finite(volatility[count - 1]),
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
        check(&VOLATILITY, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[0.0, 0.0, 0.0, 0.625 * 252f64.sqrt()]);
        check(&VOLATILITY, &[1.0], &[&[1.0, NAN, 1.0]], &[0.0, NAN, NAN]);
    }

    #[test]
    fn partial_windows_and_all_are_over_the_present_returns() {
        // The returns are 1, 0.5 and -0.5; their means 1, 0.75 and 1/3.
        let x = [2.0, 4.0, NAN, 2.0, 3.0, 1.5];
        let root = 252f64.sqrt();
        let partial = [NAN, 0.0, 0.0, NAN, 0.0, 0.5 * root];
        check_partial(&VOLATILITY, &[2.0], &[&x], &partial);
        let all = (libm::pow(2.0 / 3.0, 2.0) + libm::pow(1.0 / 6.0, 2.0) + libm::pow(5.0 / 6.0, 2.0)) / 3.0;
        check(&VOLATILITY, &[f64::INFINITY], &[&x], &[NAN, 0.0, NAN, 0.0, 0.25 * root, all.sqrt() * root]);
    }
}
