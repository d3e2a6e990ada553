//! Figures that stand beside the verdict and decide nothing: other passive holdings, risk.

use super::family::SESSIONS_LEAST;
use super::figures::{mean, sample_deviation};
use super::flips::{Flips, flips, maxima, scales_of_dates, share_at_least};
use super::input::Trials;

/// A trial beside cash, the universe or the benchmark.
pub struct Against {
    /// A year.
    pub edge: f64,
    /// "Beat": at most 0.05. `None` below 60 sessions.
    pub p: Option<f64>,
}

/// "`u` on `r - alternative`, p of the selected trial against this sweep's maxima of the same difference."
pub fn against(
    trials: &Trials,
    canonical: &[usize],
    selected: usize,
    alternative: &[f64],
    periods: f64,
) -> Against {
    let difference = |trial: usize| -> Vec<f64> {
        let sessions = 0..alternative.len();
        sessions.map(|session| trials.returns[trial][session] - alternative[session]).collect()
    };
    let edge = mean(&difference(selected)) * periods;
    if trials.days.len() < SESSIONS_LEAST {
        return Against { edge, p: None };
    }
    let mut largest = 0.0_f64;
    for scale in scales_of_dates(&trials.days) {
        let all: Vec<Flips> = canonical.iter().map(|trial| flips(&difference(*trial), &scale)).collect();
        let own = flips(&difference(selected), &scale);
        largest = largest.max(share_at_least(&maxima(&all), own.observed));
    }
    Against { edge, p: Some(largest) }
}

/// "Volatility and largest fall of the trial beside those of its matched passive (compounded)."
pub struct Risk {
    /// A year.
    pub volatility: f64,
    /// The largest fall from an earlier height, which the start is: a number from 0 to 1.
    pub largest_fall: f64,
}

pub fn risk(returns: &[f64], periods: f64) -> Risk {
    let (mut equity, mut height, mut largest_fall) = (1.0_f64, 1.0_f64, 0.0_f64);
    for value in returns {
        equity *= 1.0 + value;
        height = height.max(equity);
        largest_fall = largest_fall.max(1.0 - equity / height);
    }
    Risk { volatility: sample_deviation(returns) * periods.sqrt(), largest_fall }
}

#[cfg(test)]
mod tests {
    use super::risk;

    #[test]
    fn the_largest_fall_is_from_the_height_before() {
        let risk = risk(&[0.5, -0.5, 0.2], 4.0);
        assert_eq!(risk.largest_fall, 0.5);
        // Mean 1/15; distances 13/30, -17/30, 4/30; squares 474/900; variance 237/900; two periods' root is 2.
        assert!((risk.volatility - 2.0 * (237.0_f64 / 900.0).sqrt()).abs() < 1e-15);
    }
}
