//! The daily series behind the figures, in full, for output (SEM 15.1). Sweeps never compute them.

use super::rules::HighWaterStart;

/// One value a point of the equity curve. NaN is undefined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// Return since the point before, a fraction; 0 at the first point.
    pub returns: Vec<f64>,
    /// Wealth as a multiple of the first point's.
    pub cumulative: Vec<f64>,
    /// Fall from the high-water mark, a fraction of it; 0 at the first point.
    pub drawdowns: Vec<f64>,
}

/// Whether every value is positive and finite, so that ratios of values say everything.
pub(crate) fn is_positive(equity: &[f64]) -> bool {
    // Without an early end, so that the loop runs in vector lanes.
    equity.iter().fold(true, |positive, &value| positive & (0.0 < value) & (value < f64::INFINITY))
}

/// The series of an equity curve.
///
/// Where the equity is not positive, wealth follows SEM 15.1: a sum of logarithms that skips the days on which the equity
/// changed its sign (they are NaN), and stays at 0 after a loss of exactly everything.
pub(crate) fn curve(equity: &[f64], start: HighWaterStart) -> Curve {
    let returns = returns(equity);
    let cumulative = match is_positive(equity) {
        true => equity.iter().map(|value| value / equity[0]).collect(),
        false => growth(&returns),
    };
    let mut high =
        if start == HighWaterStart::InitialEquity { cumulative.first().copied().unwrap_or(0.0) } else { 0.0 };
    let drawdowns = cumulative
        .iter()
        .enumerate()
        .map(|(t, &value)| {
            if t == 0 {
                return 0.0;
            }
            high = if value > high { value } else { high };
            (high - value) / high
        })
        .collect();
    Curve { returns, cumulative, drawdowns }
}

/// `e[t] / e[t-1] - 1`, 0 at first and where 0 / 0.
fn returns(equity: &[f64]) -> Vec<f64> {
    let mut returns = vec![0.0; equity.len()];
    for t in 1..equity.len() {
        let change = equity[t] / equity[t - 1] - 1.0;
        returns[t] = if change.is_nan() { 0.0 } else { change };
    }
    returns
}

/// `exp` of the running sum of `log(1 + r)`; NaN where the logarithm is, and the sum goes on without it.
pub(crate) fn growth(returns: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    returns
        .iter()
        .map(|&change| {
            let logarithm = libm::log(1.0 + change);
            if logarithm.is_nan() {
                return f64::NAN;
            }
            sum += logarithm;
            libm::exp(sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_sign_is_skipped() {
        let curve = curve(&[100.0, 110.0, -55.0, -110.0], HighWaterStart::SecondPoint);
        assert!((curve.cumulative[1] - 1.1).abs() < 1e-15);
        assert!(curve.cumulative[2].is_nan());
        assert!((curve.cumulative[3] - 2.2).abs() < 1e-15, "-110 / -55 is a gain of 100 %");
        assert!(curve.drawdowns[2].is_nan() && curve.drawdowns[3] == 0.0);
    }

    #[test]
    fn nothing_left_stays_nothing() {
        assert_eq!(curve(&[100.0, 0.0, 0.0], HighWaterStart::SecondPoint).cumulative, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_plain_curve() {
        let curve = curve(&[100.0, 80.0, 120.0, 90.0], HighWaterStart::InitialEquity);
        assert_eq!(curve.returns, [0.0, 80.0 / 100.0 - 1.0, 0.5, -0.25]);
        assert_eq!(curve.cumulative, [1.0, 0.8, 1.2, 0.9]);
        assert!((curve.drawdowns[1] - 0.2).abs() < 1e-15 && (curve.drawdowns[3] - 0.25).abs() < 1e-15);
    }
}
