//! `ema(x, n)`: the exponential average with the factor 2 / (n + 1).

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `ema(x, n)`: the exponential average with the factor 2 / (n + 1).
pub(crate) static EMA: Operator = Operator {
    name: "ema",
    usage: "ema(x, n)",
    synonyms: &["ewm", "ema_span", "expma"],
    arguments: &[Argument::ValueOrClose, Argument::whole(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    definition: "The exponential moving average. It starts with the first present value and then moves by `2 / (n + 1)` \
        of the way to each new one.",
    absent: Absent::Short { fewer_than: "n values", qstrader: "the average so far" },
    example: &["A: ema(3) -> 10, 11, 10, 11, 13, 12.5", "A, sound: ema(3) -> -, -, 10, 11, 13, 12.5"],
    remarks: "",
    source: "",
};

/// `e + (x - e) * 2 / (n + 1)` from the first present value on; absent days are passed over.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (n, full) = (window.n(), window.only_full());
    let factor = 2.0 / (n as f64 + 1.0);
    let mut average = f64::NAN;
    let mut seen = 0;
    let column: Vec<f64> = window
        .x()
        .iter()
        .map(|&value| {
            if value.is_nan() {
                return f64::NAN;
            }
            seen += 1;
            average = if seen == 1 { value } else { average + (value - average) * factor };
            if full && seen < n { f64::NAN } else { finite(average) }
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
}
