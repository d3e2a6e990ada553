//! Evidence from the deflated Sharpe ratio: the selected trial's ratio against the best of as many trials without skill.

use super::finding::{Field, Finding, Line, Reader, Value, count_of, line, probability};
use crate::stats::overfitting::deflated::{break_even_trials, expected_maximum, sharpe_variance, threshold};
use crate::stats::overfitting::material::{Material, Settings};

/// The deflated Sharpe ratio, and the figures it is computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Deflated {
    /// The number of trials.
    pub tried: f64,
    /// The variance of the Sharpe ratios of the canonical trials.
    pub sharpe_variance: f64,
    /// The expected maximum of as many standard normal values as there are trials.
    pub expected_maximum: f64,
    /// The Sharpe ratio that the best of so many trials without skill is expected to show.
    pub threshold: f64,
    /// The deflated Sharpe ratio: the probability that the true ratio exceeds the threshold.
    pub deflated: Option<f64>,
    /// The largest number of trials for which the deflated ratio is at least 0.95.
    pub break_even_trials: Option<f64>,
}

impl Finding for Deflated {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Deflated {
        let (selected, tried) = (material.selected, material.tried);
        let sharpe_variance = sharpe_variance(material.sharpes);
        let threshold = threshold(sharpe_variance, tried);
        Deflated {
            tried,
            sharpe_variance,
            expected_maximum: expected_maximum(tried),
            threshold,
            deflated: selected.and_then(|selected| selected.probabilistic(threshold)),
            break_even_trials: selected.and_then(|selected| break_even_trials(&selected, sharpe_variance)),
        }
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let text = format!(
            "{} that it exceeds {:.2} a year, the best to expect of {} tries without skill; 0.95 up to {} tries",
            probability(self.deflated),
            self.threshold * reader.root(),
            count_of(self.tried),
            self.break_even_trials.map_or("-".to_owned(), count_of)
        );
        vec![line("deflated", text)]
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let fields = vec![
            ("sharpe_variance", Value::Number(self.sharpe_variance)),
            ("expected_maximum", Value::Number(self.expected_maximum)),
            ("threshold", Value::Number(self.threshold)),
            ("dsr", self.deflated.into()),
            ("break_even_trials", self.break_even_trials.into()),
        ];
        vec![("deflated", Value::Fields(fields))]
    }
}
