//! How sure the selected trial's Sharpe ratio is, as if nothing had been selected.

use super::finding::{
    Field, Finding, Line, Reader, Row, Value, count, count_of, line, object, probability, row,
};
use crate::stats::definition::define;
use crate::stats::overfitting::material::{Material, Settings};

/// A Sharpe ratio is told from 0 with this chance of error.
const ALPHA: f64 = 0.05;

/// How sure a Sharpe ratio is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TrackRecord {
    /// The probability that the true ratio exceeds 0.
    pub probability: Option<f64>,
    /// Periods after which that is 95 %.
    pub minimum: f64,
    /// Periods that there are.
    pub periods: usize,
}

impl Finding for Option<TrackRecord> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<TrackRecord> {
        material.selected.map(|figures| TrackRecord {
            probability: figures.probabilistic(0.0),
            minimum: figures.minimum_track_record(0.0, ALPHA),
            periods: material.periods,
        })
    }

    fn lines(&self, _: &Reader) -> Vec<Line> {
        let of = |found: &TrackRecord| {
            let text = format!(
                "{} that the true ratio exceeds 0; {} periods are needed for 0.95",
                probability(found.probability),
                count_of(found.minimum)
            );
            line("probabilistic", text)
        };
        self.iter().map(of).collect()
    }

    fn rows(&self, _: f64) -> Vec<Row> {
        let of = |found: &TrackRecord| {
            [
                row(
                    define(
                        "Probabilistic Sharpe ratio",
                        "Probability that the true ratio exceeds 0, were there no selection.",
                        "Phi(SR / se), se^2 = (1 - skew SR + (kurtosis - 1)/4 SR^2) / (T - 1)",
                    ),
                    probability(found.probability),
                    "",
                ),
                row(
                    define(
                        "Minimum track record",
                        "Periods after which that probability is 0.95.",
                        "1 + (T - 1) se^2 (1.645 / SR)^2",
                    ),
                    count(found.minimum),
                    format!("periods; there are {}", found.periods),
                ),
            ]
        };
        self.iter().flat_map(of).collect()
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let of = |found: &TrackRecord| {
            [("psr", found.probability.into()), ("minimum_track_record", Value::Number(found.minimum))]
        };
        self.iter().map(|found| ("selected", object(Some(found), of))).collect()
    }
}
