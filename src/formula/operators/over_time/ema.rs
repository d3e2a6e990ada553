//! `ema(x, n)`: the exponential average with the factor 2 / (n + 1).

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::node::COUNT_LIMIT;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `ema(x, n)`: the exponential average with the factor 2 / (n + 1).
pub(crate) static EMA: Operator = Operator {
    name: "ema",
    usage: "ema(x, n)",
    synonyms: &["ewm", "ema_span", "expma"],
    arguments: &[Argument::ValueOrClose, Argument::number(1.0, COUNT_LIMIT as f64)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "moving averages",
    definition: "The exponential moving average. It starts with the first present value and then moves by `2 / (n + 1)` \
        of the way to each new one. n is any number from 1 on: a smoothing factor a is `ema(x, 2 / a - 1)`. An absent \
        day is absent and passed over.",
    absent: Absent::Short { fewer_than: "n values", qstrader: "the average so far" },
    example: &[
        "A: ema(3) -> 10, 11, 10, 11, 13, 12.5",
        "A, sound: ema(3) -> -, -, 10, 11, 13, 12.5",
        "A: ema(2.5) -> 10, 11.1429, 9.9184, 11.1079, 13.3319, 12.5708",
    ],
    remarks: "The variance of RiskMetrics is `ema(returns(1) ^ 2, 2 / 0.06 - 1)`.",
    source: "",
};

/// `e + (x - e) * 2 / (n + 1)` from the first present value on; absent days are passed over.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let n = window.constants[0];
    let least = if window.only_full() && !window.partial { n } else { 0.0 };
    let factor = 2.0 / (n + 1.0);
    let mut average = f64::NAN;
    let mut seen = 0.0;
    let column: Vec<f64> = window
        .x()
        .iter()
        .map(|&value| {
            if value.is_nan() {
                return f64::NAN;
            }
            average = if seen == 0.0 { value } else { average + (value - average) * factor };
            seen += 1.0;
            if seen < least { f64::NAN } else { finite(average) }
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&EMA, &[3.0], &[&[1.0, 2.0, 4.0, 3.0]], &[1.0, 1.5, 2.75, 2.875]);
    }

    #[test]
    fn absent_days_are_passed_over() {
        let x = [1.0, NAN, 4.0, 3.0, 6.0];
        check(&EMA, &[1.0], &[&x], &x);
    }

    #[test]
    fn a_span_need_not_be_whole() {
        check(&EMA, &[1.5], &[&[10.0, 20.0, NAN, 28.0]], &[10.0, 18.0, NAN, 26.0]);
    }
}
