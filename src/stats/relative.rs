//! Figures of a strategy's returns relative to those of its benchmark.

use crate::summation::mean;

/// Figures of one curve relative to another. A figure is `None` if it would divide by the variance of something that does not
/// move, or if a curve reaches 0 and has no finite return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Relative {
    /// Mean of the daily differences, annualised.
    pub excess_return: Option<f64>,
    /// Slope of the strategy's excess returns on the benchmark's (ordinary least squares).
    pub beta: Option<f64>,
    /// Intercept of that line, annualised: the mean excess return minus beta times that of the benchmark.
    pub alpha: Option<f64>,
    /// Sample standard deviation of the daily differences, annualised.
    pub tracking_error: Option<f64>,
    /// Excess return over tracking error.
    pub information_ratio: Option<f64>,
    /// Correlation of the daily returns.
    pub correlation: Option<f64>,
}

/// Compares two series of daily returns over the same days, without the artificial first return.
///
/// `risk_free` is an annual rate, a fraction. `None` for fewer than two days.
pub(crate) fn relative(
    returns: &[f64],
    benchmark: &[f64],
    risk_free: f64,
    periods_per_year: f64,
) -> Option<Relative> {
    let count = returns.len().min(benchmark.len());
    if count < 2 {
        return None;
    }
    let differences: Vec<f64> = returns.iter().zip(benchmark).map(|(a, b)| a - b).collect();
    let (mean_a, mean_b) = (mean(&returns[..count]), mean(&benchmark[..count]));
    let moment = |a: &[f64], b: &[f64], mean_a: f64, mean_b: f64| {
        let products: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).collect();
        mean(&products)
    };
    let variance_a = moment(returns, returns, mean_a, mean_a);
    let variance_b = moment(benchmark, benchmark, mean_b, mean_b);
    let covariance = moment(returns, benchmark, mean_a, mean_b);
    let mean_difference = mean(&differences);
    let spread = moment(&differences, &differences, mean_difference, mean_difference);
    let positive = |value: f64| (value > 0.0 && value.is_finite()).then_some(value);
    let finite = |value: f64| value.is_finite().then_some(value);
    let beta = positive(variance_b).and_then(|variance| finite(covariance / variance));
    let daily_risk_free = risk_free / periods_per_year;
    let tracking_error = positive(spread)
        .and_then(|spread| finite((spread * count as f64 / (count - 1) as f64 * periods_per_year).sqrt()));
    let excess_return = finite(mean_difference * periods_per_year);
    let alpha =
        |beta: f64| ((mean_a - daily_risk_free) - beta * (mean_b - daily_risk_free)) * periods_per_year;
    Some(Relative {
        excess_return,
        beta,
        alpha: beta.and_then(|beta| finite(alpha(beta))),
        tracking_error,
        information_ratio: excess_return
            .zip(tracking_error)
            .and_then(|(excess, error)| finite(excess / error)),
        correlation: positive(variance_a * variance_b)
            .and_then(|product| finite(covariance / product.sqrt())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_levered_benchmark_has_its_leverage_as_beta() {
        let benchmark = [0.01, -0.02, 0.015, 0.0];
        let strategy = benchmark.map(|r| 2.0 * r + 0.001);
        let figures = relative(&strategy, &benchmark, 0.0, 252.0).unwrap();
        assert!((figures.beta.unwrap() - 2.0).abs() < 1e-12);
        assert!((figures.alpha.unwrap() - 0.252).abs() < 1e-12);
        assert!((figures.correlation.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_benchmark_itself_has_no_tracking_error() {
        let figures = relative(&[0.01, -0.02], &[0.01, -0.02], 0.0, 252.0).unwrap();
        assert_eq!((figures.tracking_error, figures.excess_return), (None, Some(0.0)));
        assert_eq!(relative(&[0.01], &[0.01], 0.0, 252.0), None);
    }

    #[test]
    fn curves_that_touch_zero_have_no_figures_beside_each_other() {
        let none = Relative {
            excess_return: None,
            beta: None,
            alpha: None,
            tracking_error: None,
            information_ratio: None,
            correlation: None,
        };
        for broken in [f64::NAN, f64::INFINITY] {
            assert_eq!(relative(&[0.01, 0.02], &[-1.0, broken], 0.0, 252.0), Some(none));
        }
        let figures = relative(&[-1.0, f64::NAN], &[0.01, 0.02], 0.0, 252.0);
        assert_eq!(figures, Some(none), "the benchmark moves, the strategy does not return");
    }
}
