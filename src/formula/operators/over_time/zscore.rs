//! `zscore(x, n)`: the distance from the mean of the last n values in their sample deviations.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::windows::{last, sample_deviation};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::mean;

/// `zscore(x, n)`: the distance from the mean of the last n values in their sample deviations.
pub(crate) static ZSCORE: Operator = Operator {
    name: "zscore",
    usage: "zscore(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::window(2)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    definition: "How many sample deviations x lies above its mean: `(x - sma(x, n)) / stdev(x, n)`. Absent too where the \
        deviation is 0. n is at least 2.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &["A: zscore(3) -> -, -, -0.8729, 0.5774, 1, -0.5774"],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n) = (window.x(), window.n());
    days.fill(out, |t| {
        if t + 1 < n {
            return f64::NAN;
        }
        let window = last(x, t, n);
        finite((x[t] - mean(window)) / sample_deviation(window))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

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
}
