//! The number of trials that count: trials that failed, never moved or equal another do not.

use super::finding::{Field, Finding, Line, Reader, Value, line};
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
