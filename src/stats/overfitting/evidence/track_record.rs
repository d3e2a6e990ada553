//! The uncertainty of the selected trial's Sharpe ratio, without regard to selection.

use super::finding::{Field, Finding, Line, Reader, Value, count_of, line, object, probability};
use crate::stats::overfitting::material::{Material, Settings};

/// The significance level of the minimum track record.
const ALPHA: f64 = 0.05;

/// The uncertainty of a Sharpe ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TrackRecord {
    /// The probability that the true ratio exceeds 0.
    pub probability: Option<f64>,
    /// The number of periods after which that probability is 95 %.
    pub minimum: f64,
    /// The number of periods.
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
        let text = |record: &TrackRecord| {
            let text = format!(
                "{} that the true ratio exceeds 0; {} periods are needed for 0.95",
                probability(record.probability),
                count_of(record.minimum)
            );
            line("probabilistic", text)
        };
        self.iter().map(text).collect()
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let fields = |record: &TrackRecord| {
            [("psr", record.probability.into()), ("minimum_track_record", Value::Number(record.minimum))]
        };
        self.iter().map(|record| ("selected", object(Some(record), fields))).collect()
    }
}
