//! Windows of the last n values of a column: their extremes, deviations and daily returns.

use std::collections::VecDeque;

use super::arithmetic::finite;
use super::days::Days;
use super::end::End;
use crate::summation::{mean, sum_of_squares};

/// The last `n` values up to day `t`, or all of them where there are fewer.
pub(crate) fn last(x: &[f64], t: usize, n: usize) -> &[f64] {
    &x[(t + 1).saturating_sub(n)..=t]
}

/// The sample standard deviation (divided by one less than the number of values); exactly 0 where all values are equal.
pub(crate) fn sample_deviation(window: &[f64]) -> f64 {
    // The mean of equal values may differ from them by rounding.
    if window.iter().all(|value| *value == window[0]) {
        return 0.0;
    }
    let squares = sum_of_squares(window, mean(window));
    finite((squares / (window.len() - 1) as f64).sqrt())
}

/// Writes the extreme of the last `n` values; absent where there are fewer or one of them is absent.
///
/// It takes one pass and keeps only the days that may still be the extreme of a window, the best of them first.
pub(crate) fn extreme(end: End, x: &[f64], n: usize, days: Days, out: &mut [f64]) {
    let mut candidates: VecDeque<usize> = VecDeque::new();
    // Number of present values since the last absent one.
    let mut present = 0;
    let column: Vec<f64> = (0..x.len())
        .map(|t| {
            if x[t].is_nan() {
                candidates.clear();
                present = 0;
                return f64::NAN;
            }
            present += 1;
            while candidates.pop_back_if(|last| end.is_beyond(x[t], x[*last])).is_some() {}
            candidates.push_back(t);
            candidates.pop_front_if(|first| *first + n <= t);
            // Of equal values the earliest is first, as in a comparison one after another: -0 and 0 are equal but not the same
            // bits.
            if present < n { f64::NAN } else { x[candidates[0]] }
        })
        .collect();
    days.gather(out, &column);
}

/// Daily returns `x[t] / x[t-1] - 1`; the first is NaN and no window contains it.
pub(crate) fn daily_returns(x: &[f64]) -> Vec<f64> {
    let mut returns = vec![f64::NAN; x.len()];
    for t in 1..x.len() {
        returns[t] = finite(x[t] / x[t - 1] - 1.0);
    }
    returns
}

/// The returns between the last `n + 1` values up to day `t`.
pub(crate) fn last_returns(returns: &[f64], t: usize, n: usize) -> &[f64] {
    &returns[(t + 1).saturating_sub(n).max(1)..=t.max(1).min(returns.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn equal_values_have_no_deviation_however_their_mean_is_rounded() {
        let x = [0.1; 3];
        assert_ne!(mean(&x), x[0]);
        assert_eq!(sample_deviation(&x), 0.0);
    }

    #[test]
    fn extremes_in_one_pass_equal_those_of_each_window() {
        let values = [3.0, -0.0, 0.0, 0.0, -0.0, 1.0, -1.0];
        let value = |t: usize| if t % 150 == 70 { NAN } else { values[t * t * 31 % 97 % 7] };
        let x: Vec<f64> = (0..500).map(value).chain([-0.0, 0.0, 0.0, -0.0].repeat(5)).collect();
        for n in [1, 2, 3, 7, 40, 501] {
            for end in [End::Highest, End::Lowest] {
                let of_window = |t: usize| {
                    if t + 1 < n {
                        return NAN;
                    }
                    last(&x, t, n).iter().copied().reduce(|a, b| end.choose(a, b)).unwrap()
                };
                let expected: Vec<f64> = (0..x.len()).map(of_window).collect();
                let days: Vec<u32> = (0..x.len() as u32).collect();
                let mut out = vec![0.0; x.len()];
                extreme(end, &x, n, Days { days: &days, start: 0 }, &mut out);
                let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&out), bits(&expected), "{end:?}({n})");
            }
        }
    }
}
