//! `rsi(x, n)`: Wilder's relative strength index.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::wilder::WilderAverage;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `rsi(x, n)`: Wilder's relative strength index.
pub(crate) static RSI: Operator = Operator {
    name: "rsi",
    usage: "rsi(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::whole(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "indicators with a name of their own",
    definition: "Wilder's relative strength index, 0 to 100. Rises and falls are averaged apart: each average starts as \
        the mean of the first n changes, and then moves by `1 / n` of the way to each new one. The index is `100 \
        * gain / (gain + loss)`, and 50 where both averages are 0.",
    absent: Absent::Short { fewer_than: "n changes", qstrader: "absent" },
    example: &["A: rsi(2) -> -, -, 40, 72.7273, 86.9565, 42.5532"],
    remarks: "",
    source: "",
};

/// Wilder (1978): 100 * gain / (gain + loss) of the averaged rises and falls; 50 where nothing moved.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let n = window.n();
    let (mut gain, mut loss) = (WilderAverage::new(n), WilderAverage::new(n));
    let mut last = f64::NAN;
    let column: Vec<f64> = window
        .x()
        .iter()
        .map(|&value| {
            if value.is_nan() {
                return f64::NAN;
            }
            let change = value - last;
            last = value;
            if change.is_nan() {
                return f64::NAN;
            }
            match (gain.push(change.max(0.0)), loss.push((-change).max(0.0))) {
                (Some(0.0), Some(0.0)) => 50.0,
                (Some(gain), Some(loss)) => finite(100.0 * gain / (gain + loss)),
                _ => f64::NAN,
            }
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
        // Rises 1, 2, 0; falls 0, 0, 1: averages 1.5 and 0, then 0.75 and 0.5.
        check(&RSI, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[NAN, NAN, 100.0, 60.0]);
        check(&RSI, &[1.0], &[&[2.0, 2.0]], &[NAN, 50.0]);
        check(&RSI, &[1.0], &[&[1.0, NAN, 4.0, 3.0, 6.0]], &[NAN, NAN, 100.0, 0.0, 100.0]);
    }
}
