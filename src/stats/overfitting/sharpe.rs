//! The Sharpe ratio of one trial and its uncertainty, per period.
//!
//! Source: Bailey and López de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15(2), 2012.

use crate::stats::normal::{cumulative, quantile};
use crate::summation::{mean, pairwise_sum_by, sum_of_squares};

/// A sum of squared deviations at or below this share of the sum of squares is rounding noise.
pub(crate) const NO_DISPERSION: f64 = 1e-12;
/// With fewer periods than this there is no standard error.
const PERIODS_LEAST: f64 = 3.0;

/// The figures of a trial's returns that the tests need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TrialFigures {
    /// Mean return over the sample standard deviation, per period.
    pub sharpe: f64,
    /// Population skewness; 0 for a normal distribution.
    pub skew: f64,
    /// Population kurtosis; 3 for a normal distribution.
    pub kurtosis: f64,
    /// Number of returns.
    pub periods: f64,
}

impl TrialFigures {
    /// The figures of some returns, one for each period; `None` for fewer than two returns or if they do not differ.
    pub(crate) fn new(returns: &[f64]) -> Option<TrialFigures> {
        let (count, mean) = (returns.len() as f64, mean(returns));
        let squares = sum_of_squares(returns, mean);
        let dispersed = squares > NO_DISPERSION * pairwise_sum_by(returns, |x| x * x);
        (count >= 2.0 && dispersed).then(|| {
            let m2 = squares / count;
            let m3 = pairwise_sum_by(returns, |x| (x - mean) * (x - mean) * (x - mean)) / count;
            let m4 = pairwise_sum_by(returns, |x| {
                let square = (x - mean) * (x - mean);
                square * square
            }) / count;
            TrialFigures {
                sharpe: mean / (squares / (count - 1.0)).sqrt(),
                skew: m3 / (m2 * m2.sqrt()),
                kurtosis: m4 / (m2 * m2),
                periods: count,
            }
        })
    }

    /// The variance of the estimated ratio, times the number of periods less one. It is never negative for the moments of a
    /// sample.
    fn variance(&self) -> f64 {
        1.0 - self.skew * self.sharpe + (self.kurtosis - 1.0) / 4.0 * self.sharpe * self.sharpe
    }

    /// The standard error of the ratio; `None` for moments that no sample has, or for fewer than three periods.
    pub(crate) fn standard_error(&self) -> Option<f64> {
        let variance = self.variance();
        (variance > 0.0 && self.periods >= PERIODS_LEAST).then(|| (variance / (self.periods - 1.0)).sqrt())
    }

    /// The distance of the ratio above `threshold`, in standard errors.
    pub(crate) fn distance(&self, threshold: f64) -> Option<f64> {
        self.standard_error().map(|error| (self.sharpe - threshold) / error)
    }

    /// Probabilistic Sharpe ratio: the probability that the true ratio exceeds `threshold` (2012, equation 9).
    pub(crate) fn probabilistic(&self, threshold: f64) -> Option<f64> {
        self.distance(threshold).map(cumulative)
    }

    /// The probabilistic Sharpe ratio with the variance under the hypothesis that the true ratio is `threshold`, for returns
    /// with a first-order autocorrelation of `autocorrelation`. Source: López de Prado, Lipton and Zoonekynd, "Sharpe ratio
    /// inference" (2025).
    #[cfg_attr(not(test), expect(dead_code, reason = "the verdict on residuals will ask for it"))]
    pub(crate) fn probabilistic_at_null(&self, threshold: f64, autocorrelation: f64) -> Option<f64> {
        let r = autocorrelation;
        let square = r * r;
        let variance = (1.0 + r) / (1.0 - r)
            - (1.0 + r / (1.0 - r) + square / (1.0 - square)) * self.skew * threshold
            + (1.0 + square) / (1.0 - square) * (self.kurtosis - 1.0) / 4.0 * threshold * threshold;
        (variance > 0.0 && self.periods >= PERIODS_LEAST)
            .then(|| cumulative((self.sharpe - threshold) / (variance / self.periods).sqrt()))
    }

    /// Minimum track record length: the number of periods after which the ratio exceeds `threshold` with confidence `1 - alpha`
    /// (2012, equation 11). Infinite if the ratio does not exceed the threshold.
    pub(crate) fn minimum_track_record(&self, threshold: f64, alpha: f64) -> f64 {
        let excess = self.sharpe - threshold;
        if excess <= 0.0 {
            return f64::INFINITY;
        }
        let ratio = quantile(alpha) / excess;
        1.0 + self.variance() * ratio * ratio
    }
}

/// Lo's annual Sharpe ratio, which allows for autocorrelated returns.
///
/// `periods_per_year` is q; autocorrelations beyond `lags` count as 0. Source: Lo, "The statistics of Sharpe ratios",
/// Financial Analysts Journal 58(4), 2002, equation 20.
#[cfg_attr(not(test), expect(dead_code, reason = "the verdict on residuals will ask for it"))]
pub(crate) fn annual_with_autocorrelation(
    returns: &[f64],
    sharpe: f64,
    periods_per_year: f64,
    lags: usize,
) -> f64 {
    let centre = mean(returns);
    let squares = sum_of_squares(returns, centre);
    let weighted = (1..=lags.min(returns.len().saturating_sub(1)))
        .filter(|&lag| (lag as f64) < periods_per_year)
        .fold(0.0, |sum, lag| {
            let products = returns[lag..].iter().zip(returns);
            let covariance = products.fold(0.0, |sum, (a, b)| sum + (a - centre) * (b - centre));
            sum + (periods_per_year - lag as f64) * covariance / squares
        });
    sharpe * periods_per_year / (periods_per_year + 2.0 * weighted).sqrt()
}

/// The Sharpe ratio of `count` returns from their sum and the sum of their squares; 0 if the returns do not differ.
pub(crate) fn sharpe_of_sums(sum: f64, squares: f64, count: f64) -> f64 {
    let variation = squares - sum * sum / count;
    if variation > NO_DISPERSION * squares { sum / count / (variation / (count - 1.0)).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_four_returns() {
        // 1, 2, 3, 6 percent: mean 3, squares 4 + 1 + 0 + 9 = 14, cubes -8 - 1 + 27 = 18, fourth powers 16 + 1 + 81 = 98.
        let figures = TrialFigures::new(&[0.01, 0.02, 0.03, 0.06]).unwrap();
        assert!((figures.sharpe - 3.0 / (14.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((figures.skew - 4.5 / (3.5 * 3.5f64.sqrt())).abs() < 1e-12);
        assert!((figures.kurtosis - 24.5 / 12.25).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_move_has_no_figures() {
        assert_eq!(TrialFigures::new(&[0.0; 6]), None);
        assert_eq!(TrialFigures::new(&[0.01; 6]), None);
        assert_eq!(TrialFigures::new(&[0.01]), None);
    }

    #[test]
    fn two_periods_have_a_ratio_but_no_probability() {
        let figures = TrialFigures::new(&[0.01, 0.03]).unwrap();
        assert!((figures.sharpe - std::f64::consts::SQRT_2).abs() < 1e-12);
        assert_eq!(figures.probabilistic(0.0), None);
    }

    #[test]
    fn a_year_of_independent_periods_grows_with_its_root() {
        let returns = [0.01, -0.01, -0.01, 0.01];
        // Autocorrelation at lag 1: (-1 + 1 - 1) / 4.
        let annual = annual_with_autocorrelation(&returns, 0.1, 4.0, 1);
        assert!((annual - 0.4 / (4.0f64 - 1.5).sqrt()).abs() < 1e-12);
        assert!((annual_with_autocorrelation(&returns, 0.1, 4.0, 0) - 0.2).abs() < 1e-15);
    }
}
