//! The Sharpe ratio that the best of many trials without skill is expected to show, and the deflated ratio measured from it.
//!
//! Source: Bailey and López de Prado, "The deflated Sharpe ratio", Journal of Portfolio Management 40(5), 2014.

use super::sharpe::TrialFigures;
use crate::stats::normal::quantile;

/// The Euler-Mascheroni constant.
const EULER: f64 = 0.577_215_664_901_532_9;
/// The usual level at which a deflated Sharpe ratio is accepted.
pub(crate) const LEVEL: f64 = 0.95;
/// A break-even number of trials above this counts as infinite.
const TRIALS_MOST: f64 = 1e18;

/// The expected maximum of `trials` independent standard normal values (2014, equation 1 in the appendix), 0 for one trial. It
/// is an approximation: for ten trials it is 1.575, and 1.539 is exact.
pub(crate) fn expected_maximum(trials: f64) -> f64 {
    if trials <= 1.0 {
        return 0.0;
    }
    let upper = |share: f64| -quantile(share);
    let value = (1.0 - EULER) * upper(1.0 / trials) + EULER * upper(1.0 / (trials * std::f64::consts::E));
    value.max(0.0)
}

/// The Sharpe ratio per period that the best of `trials` without skill is expected to show if their ratios have this variance.
pub(crate) fn threshold(sharpe_variance: f64, trials: f64) -> f64 {
    sharpe_variance.sqrt() * expected_maximum(trials)
}

/// The largest number of trials for which the deflated Sharpe ratio still reaches [`LEVEL`]: 0 if even one trial is too many,
/// infinite without variance. `None` if the ratio has no standard error.
pub(crate) fn break_even_trials(selected: &TrialFigures, sharpe_variance: f64) -> Option<f64> {
    let spare = selected.sharpe + quantile(1.0 - LEVEL) * selected.standard_error()?;
    if spare < 0.0 {
        return Some(0.0);
    }
    let reached = |trials: f64| threshold(sharpe_variance, trials) <= spare;
    if reached(TRIALS_MOST) {
        return Some(f64::INFINITY);
    }
    let (mut low, mut high) = (0.0, libm::log(TRIALS_MOST));
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if reached(libm::exp(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(libm::exp(low))
}

/// The sample variance of the trials' Sharpe ratios; 0 for one trial.
pub(crate) fn sharpe_variance(sharpes: &[f64]) -> f64 {
    if sharpes.len() < 2 {
        return 0.0;
    }
    let mean = crate::summation::mean(sharpes);
    crate::summation::sum_of_squares(sharpes, mean) / (sharpes.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_s_example() {
        let figures =
            TrialFigures { sharpe: 2.5 / 250f64.sqrt(), skew: -3.0, kurtosis: 10.0, periods: 1250.0 };
        let threshold = threshold(0.5 / 250.0, 100.0);
        assert!((threshold - 0.1132).abs() < 5e-5);
        assert!((figures.probabilistic(threshold).unwrap() - 0.9004).abs() < 5e-5);
    }

    #[test]
    fn one_trial_is_not_deflated() {
        let figures = TrialFigures { sharpe: 0.1, skew: 0.0, kurtosis: 3.0, periods: 500.0 };
        assert_eq!((threshold(0.0, 40.0), threshold(0.5, 1.0)), (0.0, 0.0));
        assert_eq!(break_even_trials(&figures, 0.0), Some(f64::INFINITY));
        assert_eq!(break_even_trials(&TrialFigures { sharpe: 0.01, ..figures }, 0.1), Some(0.0));
    }

    #[test]
    fn many_trials_are_no_difficulty() {
        assert!((expected_maximum(1e12) - 7.114_218_172_363_33).abs() < 1e-12);
        assert_eq!(expected_maximum(1.1), 0.0);
    }
}
