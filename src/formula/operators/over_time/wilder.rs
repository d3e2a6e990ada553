//! `wilder(x, n)`: Wilder's average, with the factor 1 / n.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::wilder::SmoothedAverage;
use crate::formula::node::COUNT_LIMIT;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `wilder(x, n)`: Wilder's average, with the factor 1 / n.
pub(crate) static WILDER: Operator = Operator {
    name: "wilder",
    usage: "wilder(x, n)",
    synonyms: &["rma", "smma"],
    arguments: &[Argument::ValueOrClose, Argument::number(1.0, COUNT_LIMIT as f64)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "moving averages",
    definition: "Wilder's moving average. It starts as the mean of the first n present values and then moves by `1 / n` of \
        the way to each new one. n is any number from 1 on; for the mean at the start it is rounded up.",
    absent: Absent::Rule("Absent before the n-th present value. An absent day is absent and passed over."),
    example: &["A: wilder(2) -> -, 11, 10, 11, 13, 12.5", "A: wilder(2.5) -> -, -, 10.3333, 11, 12.6, 12.36"],
    remarks: "`rsi` and `atr` average in this way.",
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; Pine's ta.rma.",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let mut average = SmoothedAverage::new(window.constants[0]);
    let mut value = |x: f64| if x.is_nan() { None } else { average.push(x) };
    let column: Vec<f64> = window.x().iter().map(|x| value(*x).map_or(f64::NAN, finite)).collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        let x = [NAN, 1.0, 3.0, NAN, 6.0];
        check(&WILDER, &[2.0], &[&x], &[NAN, NAN, 2.0, NAN, 4.0]);
        // Three values make the first mean; then a 2.5th of the way.
        check(&WILDER, &[2.5], &[&[1.0, 2.0, 3.0, 7.0]], &[NAN, NAN, 2.0, 4.0]);
    }
}
