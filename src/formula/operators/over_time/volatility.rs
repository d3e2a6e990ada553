//! `volatility(x, n)`: the annualised population deviation of the last n daily returns, as QSTrader computes it.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::windows::{daily_returns, last_returns};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{mean, sum_of_squares};

/// `volatility(x, n)`: the annualised population deviation of the last n daily returns. Short histories:
/// `docs/conventions.md#signal_readiness`.
pub(crate) static VOLATILITY: Operator = Operator {
    name: "volatility",
    usage: "volatility(x, n)",
    synonyms: &["vol", "hv"],
    arguments: &[Argument::ValueOrClose, Argument::window(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    definition: "The annualised volatility: the population deviation (divided by the number of returns) of the last n \
        daily returns, times the root of 252. The 252 is fixed; `[statistics] periods_per_year` does not change \
        it.",
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

/// The population deviation of the last `n` returns times `sqrt(252)`; 0 with one price.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n, full) = (window.x(), window.n(), window.only_full());
    let returns = daily_returns(x);
    let annual = 252f64.sqrt();
    days.fill(out, |t| match t {
        _ if full && t < n => f64::NAN,
        0 if x[0].is_nan() => f64::NAN,
        0 => 0.0,
        _ => {
            let window = last_returns(&returns, t, n);
            finite((sum_of_squares(window, mean(window)) / window.len() as f64).sqrt() * annual)
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&VOLATILITY, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[0.0, 0.0, 0.0, 0.625 * 252f64.sqrt()]);
        check(&VOLATILITY, &[1.0], &[&[1.0, NAN, 1.0]], &[0.0, NAN, NAN]);
    }
}
