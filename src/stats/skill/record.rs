//! The ratio of a series of returns and its uncertainty, with allowance for returns that hang together.
//!
//! Sources: Bailey and López de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15(2), 2012; the long-run variance
//! of Politis and White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews 23 (2004).

use crate::stats::normal::{cumulative, quantile};
use crate::stats::overfitting::block_length::inflation;
use crate::stats::overfitting::sharpe::TrialFigures;

/// A test of this level sees an edge four times in five from so many deviations on: 1.645 + 0.84.
const SEEN_FOUR_TIMES_IN_FIVE: f64 = 2.485;
/// The part of it that is the chance of seeing.
const CHANCE_OF_SEEING: f64 = 0.84;

/// The figures of a series that is not all zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Record {
    /// Its moments, a session.
    pub figures: TrialFigures,
    /// Its deviation, with one degree of freedom less.
    pub deviation: f64,
    /// How many times the variance of its mean is that of values that do not hang together; at least 1.
    pub inflation: f64,
}

impl Record {
    /// The figures of a series; `None` if its values do not differ.
    pub(crate) fn new(series: &[f64]) -> Option<Record> {
        let figures = TrialFigures::new(series)?;
        let mean = crate::summation::mean(series);
        let squares = crate::summation::sum_of_squares(series, mean);
        let deviation = (squares / (figures.periods - 1.0)).sqrt();
        Some(Record { figures, deviation, inflation: inflation(series) })
    }

    /// The probability that the true ratio exceeds `threshold`; `None` for fewer than three sessions.
    pub(crate) fn probabilistic(&self, threshold: f64) -> Option<f64> {
        let distance = self.figures.distance(threshold)?;
        Some(cumulative(distance / self.inflation.sqrt()))
    }

    /// The sessions after which a ratio this high is told from 0 with 95 % confidence; infinite where it is not above 0.
    pub(crate) fn minimum_track_record(&self) -> f64 {
        let TrialFigures { sharpe, skew, kurtosis, .. } = self.figures;
        if sharpe <= 0.0 {
            return f64::INFINITY;
        }
        let needed = quantile(0.95) / sharpe;
        let spread = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
        1.0 + self.inflation * spread * needed * needed
    }

    /// The ratio a year of so many sessions.
    pub(crate) fn annual_ratio(&self, periods: f64) -> f64 {
        self.figures.sharpe * (periods / self.inflation).sqrt()
    }

    /// The sessions after which an edge of this size is shown four times in five, one trial, level 5 %.
    pub(crate) fn sessions_to_confirm(&self) -> f64 {
        let needed = SEEN_FOUR_TIMES_IN_FIVE / self.figures.sharpe;
        (self.inflation * needed * needed).ceil()
    }
}

/// The ratio a year that is found four times in five where a statistic must exceed `critical`.
pub(crate) fn detectable_ratio(critical: f64, sessions: usize, periods: f64) -> f64 {
    (critical + CHANCE_OF_SEEING) / (sessions as f64).sqrt() * periods.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};

    #[test]
    fn values_that_hang_together_say_less() {
        let alone: Vec<f64> = (0..400).map(|t| fraction(hash(1, t)) - 0.45).collect();
        let doubled: Vec<f64> = alone.iter().flat_map(|x| [*x, *x]).collect();
        let (alone, doubled) = (Record::new(&alone).unwrap(), Record::new(&doubled).unwrap());
        assert!(doubled.inflation > 1.5 * alone.inflation, "{} {}", doubled.inflation, alone.inflation);
        assert!(alone.probabilistic(0.0).unwrap() > 0.5);
        assert!(
            (alone.annual_ratio(252.0) - alone.figures.sharpe * (252.0 / alone.inflation).sqrt()).abs()
                < 1e-12
        );
        assert_eq!(Record::new(&[0.0; 90]), None);
    }

    #[test]
    fn what_can_be_seen_shrinks_with_the_root_of_time() {
        assert!((detectable_ratio(1.16, 400, 100.0) - 1.0).abs() < 1e-15);
        assert!((detectable_ratio(1.16, 100, 100.0) - 2.0).abs() < 1e-15);
    }
}
