//! The daily series behind the figures, in full, for output. Sweeps do not compute them.

use super::rules::HighWaterStart;

/// Series with one value for each point of the equity curve. NaN is undefined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// The return since the point before, a fraction; 0 at the first point.
    pub returns: Vec<f64>,
    /// Wealth as a multiple of the first point's.
    pub cumulative: Vec<f64>,
    /// The fall from the high-water mark, a fraction of it; 0 at the first point.
    pub drawdowns: Vec<f64>,
}

/// Whether every value is positive and finite, so that ratios of values give all returns.
pub(crate) fn is_positive(equity: &[f64]) -> bool {
    // No early return, so that the compiler can use vector instructions.
    equity.iter().fold(true, |positive, &value| positive & (0.0 < value) & (value < f64::INFINITY))
}

/// The series of an equity curve.
///
/// If the equity is not positive throughout, wealth is computed as QSTrader does: a sum of logarithms skips the days on which
/// the equity changed its sign (they are NaN), and wealth stays at 0 after a loss of exactly everything. See
/// `docs/statistics.md#curves-that-reach-zero`.
pub(crate) fn curve(equity: &[f64], start: HighWaterStart) -> Curve {
    let returns = returns(equity);
    let cumulative = if is_positive(equity) {
        equity.iter().map(|value| value / equity[0]).collect()
    } else {
        growth(&returns)
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

/// `e[t] / e[t-1] - 1`; 0 at the first point and where both values are 0.
fn returns(equity: &[f64]) -> Vec<f64> {
    let mut returns = vec![0.0; equity.len()];
    for t in 1..equity.len() {
        let change = equity[t] / equity[t - 1] - 1.0;
        returns[t] = if change.is_nan() { 0.0 } else { change };
    }
    returns
}

/// `exp` of the running sum of `log(1 + r)`. Where the logarithm is NaN the result is NaN, and the sum leaves that day out.
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
