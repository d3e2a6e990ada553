//! Windows of the last n values of a column: their deviations and daily returns.

use super::arithmetic::finite;
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

    #[test]
    fn equal_values_have_no_deviation_however_their_mean_is_rounded() {
        let x = [0.1; 3];
        assert_ne!(mean(&x), x[0]);
        assert_eq!(sample_deviation(&x), 0.0);
    }
}
