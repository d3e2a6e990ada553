//! Histories in which every part of the time was lived by the trial that was best on the rest.

use super::finding::{Field, Finding, Line, Reader, Row, Value, line, object, row};
use crate::stats::definition::define;
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::rechosen::{Rechosen, rechosen};
use crate::text::number::decimal;

impl Finding for Option<Rechosen> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<Rechosen> {
        material.block_sums.as_ref().ok().and_then(|sums| rechosen(sums))
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let of = |found: &Rechosen| {
            let text = format!(
                "Sharpe ratio {:.2} a year, {:.2} at the 5 % quantile, {:.0} % below 0: {} histories of {} choices",
                found.mean * reader.root(),
                found.low * reader.root(),
                100.0 * found.negative,
                found.sharpes.len(),
                found.splits
            );
            line("rechosen", text)
        };
        self.iter().map(of).collect()
    }

    fn rows(&self, root: f64) -> Vec<Row> {
        let of = |found: &Rechosen| {
            row(
                define(
                    "Sharpe ratio, chosen anew",
                    "Of histories in which every eighth of the time was lived by the point that was best on the rest.",
                    "mean over 15 histories of 16 blocks (López de Prado 2018, chapter 12), times sqrt(P)",
                ),
                decimal(found.mean * root),
                format!(
                    "a year; {} at the 5 % quantile, {:.0} % of {} histories below 0",
                    decimal(found.low * root),
                    100.0 * found.negative,
                    found.sharpes.len()
                ),
            )
        };
        self.iter().map(of).collect()
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let of = |found: &Rechosen| {
            [
                ("splits", Value::Whole(found.splits as u64)),
                ("histories", Value::Whole(found.sharpes.len() as u64)),
                ("sharpe_mean", Value::Number(found.mean)),
                ("sharpe_low", Value::Number(found.low)),
                ("share_negative", Value::Number(found.negative)),
            ]
        };
        vec![("rechosen", object(self.as_ref(), of))]
    }
}
