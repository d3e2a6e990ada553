//! Figures over a rolling window.

use super::rules::Rules;
use crate::summation::{mean, sum_of_squares};

/// For each period the annualised Sharpe ratio and volatility of the `window` returns up to it. Both are NaN before there are
/// that many returns; the ratio is NaN if the returns do not differ.
///
/// `returns` are fractions, one for each period, without the artificial first one. `rules` gives the annual risk-free rate,
/// which is divided by `periods_per_year`, and the divisor of the deviation.
pub(crate) fn rolling(returns: &[f64], window: usize, periods_per_year: f64, rules: &Rules) -> Vec<[f64; 2]> {
    let risk_free = rules.risk_free / periods_per_year;
    let root = periods_per_year.sqrt();
    let figures = |end: usize| {
        if window < 2 || end + 1 < window {
            return [f64::NAN; 2];
        }
        let part = &returns[end + 1 - window..=end];
        let centre = mean(part);
        let variance = rules.spread(sum_of_squares(part, centre) / window as f64, window as f64);
        let deviation = variance.sqrt();
        let sharpe = if deviation > 0.0 { root * (centre - risk_free) / deviation } else { f64::NAN };
        [sharpe, root * deviation]
    };
    (0..returns.len()).map(figures).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rules::{
        Annualisation, Deviation, DownsideRisk, DrawdownTies, FirstReturn, HighWaterStart,
    };

    const RULES: Rules = Rules {
        periods_per_year: 4.0,
        risk_free: 0.0,
        high_water_start: HighWaterStart::SecondPoint,
        drawdown_ties: DrawdownTies::Equity,
        downside_risk: DownsideRisk::RootMeanSquare,
        deviation: Deviation::Population,
        first_return: FirstReturn::Excluded,
        annualisation: Annualisation::PeriodsPerYear,
    };

    #[test]
    fn a_window_a_person_can_check() {
        // 0.1 and 0.3: mean 0.2, deviation 0.1; by the sample rule the root of 0.02.
        let figures = rolling(&[0.5, 0.1, 0.3], 2, 4.0, &RULES);
        assert!(figures[0][0].is_nan() && figures[0][1].is_nan());
        assert!((figures[2][0] - 2.0 * 0.2 / 0.1).abs() < 1e-12 && (figures[2][1] - 0.2).abs() < 1e-12);
        let sample = rolling(&[0.1, 0.3], 2, 4.0, &Rules { deviation: Deviation::Sample, ..RULES });
        assert!((sample[1][1] - 2.0 * 0.02f64.sqrt()).abs() < 1e-12);
        let excess = rolling(&[0.1, 0.3], 2, 4.0, &Rules { risk_free: 0.4, ..RULES });
        assert!((excess[1][0] - 2.0 * 0.1 / 0.1).abs() < 1e-12, "a quarter of 0.4 a period");
    }

    #[test]
    fn what_does_not_move_has_no_ratio() {
        assert!(rolling(&[0.25, 0.25], 2, 4.0, &RULES)[1][0].is_nan());
        assert!(rolling(&[0.1], 1, 4.0, &RULES)[0][0].is_nan());
        assert!(rolling(&[], 3, 4.0, &RULES).is_empty());
    }
}
