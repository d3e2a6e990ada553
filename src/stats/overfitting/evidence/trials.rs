//! The number of trials that count: trials that failed, never moved or equal another do not.

use super::finding::{Field, Finding, Line, Reader, Row, Value, count, line, row};
use crate::stats::definition::define;
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::trials::TrialCounts;

impl Finding for TrialCounts {
    const OF_SELECTED: bool = false;

    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> TrialCounts {
        material.counts
    }

    fn lines(&self, _: &Reader) -> Vec<Line> {
        let TrialCounts { evaluated, failed, flat, duplicate, canonical } = self;
        let text = format!(
            "{evaluated} evaluated, {failed} failed, {flat} flat, {duplicate} duplicate: {canonical} count"
        );
        vec![line("trials", text)]
    }

    fn rows(&self, _: f64) -> Vec<Row> {
        let [evaluated, failed, flat, duplicate, canonical] =
            [self.evaluated, self.failed, self.flat, self.duplicate, self.canonical]
                .map(|number| count(number as f64));
        vec![row(
            define(
                "Trials that count",
                "Points that failed, never moved or equal another are no tries.",
                "points with distinct, moving returns",
            ),
            canonical,
            format!("{evaluated} points: {failed} failed, {flat} never moved, {duplicate} equal to another"),
        )]
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let numbers = [
            ("evaluated", self.evaluated),
            ("failed", self.failed),
            ("flat", self.flat),
            ("duplicate", self.duplicate),
            ("canonical", self.canonical),
        ];
        vec![("trials", Value::Fields(numbers.map(|(key, number)| (key, Value::Whole(number))).into()))]
    }
}
