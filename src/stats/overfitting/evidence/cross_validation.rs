//! Evidence from cross-validation over the splits of the blocks into halves: how the best trial of one half does on the other.

use super::finding::{Field, Finding, Line, Reader, Row, Value, count, line, object, row};
use crate::stats::definition::define;
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, CrossValidation, cross_validation};
use crate::stats::overfitting::material::{Material, Settings};
use crate::text::number::decimal;

/// The result of cross-validation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CrossValidated {
    /// Number of blocks.
    pub blocks: usize,
    /// The result over all splits.
    pub splits: CrossValidation,
}

impl Finding for Option<CrossValidated> {
    fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Option<CrossValidated> {
        match &material.block_sums {
            Ok(sums) if sums.trials() >= 2 => {
                let sets = combinations(sums.blocks, settings.seed);
                let splits = cross_validation(sums, &sets, Criterion::Sharpe);
                Some(CrossValidated { blocks: sums.blocks, splits })
            }
            Ok(_) => None,
            Err(reason) => {
                missing.push(format!("no cross-validation: {reason}"));
                None
            }
        }
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let text = |CrossValidated { blocks, splits }: &CrossValidated| {
            format!(
                "PBO {:.2}, probability of loss {:.2}, out-of-sample Sharpe ratio {:.2} a year \
                 (all trials {:.2}); {} splits of {blocks} blocks",
                splits.overfitting_probability,
                splits.loss_probability,
                splits.out_of_sample_mean * reader.root(),
                splits.all_mean * reader.root(),
                splits.paths.len()
            )
        };
        vec![line("overfitting", self.as_ref().map_or("-".to_owned(), text))]
    }

    fn rows(&self, root: f64) -> Vec<Row> {
        let rows = |CrossValidated { blocks, splits }: &CrossValidated| {
            [
                row(
                    define(
                        "Probability of overfitting (PBO)",
                        "How often the best point of one half of the time falls to the median or below on the other half.",
                        "share of the splits with logit <= 0; logit = ln(rank / (trials + 1 - rank)) out of sample",
                    ),
                    format!("{:.2}", splits.overfitting_probability),
                    format!(
                        "{} splits of {blocks} blocks; at most 0.10 is good",
                        count(splits.paths.len() as f64)
                    ),
                ),
                row(
                    define(
                        "Probability of loss",
                        "How often the best point of one half loses money on the other.",
                        "share of the splits with a Sharpe ratio below 0 out of sample",
                    ),
                    format!("{:.2}", splits.loss_probability),
                    "at most 0.25 is good",
                ),
                row(
                    define(
                        "Sharpe ratio out of sample",
                        "Of the point chosen on one half, on the other half.",
                        "mean over the splits, times sqrt(P)",
                    ),
                    decimal(splits.out_of_sample_mean * root),
                    format!("a year; all trials {}", decimal(splits.all_mean * root)),
                ),
            ]
        };
        self.iter().flat_map(rows).collect()
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let fields = |CrossValidated { blocks, splits }: &CrossValidated| {
            [
                ("blocks", Value::Whole(*blocks as u64)),
                ("combinations", Value::Whole(splits.paths.len() as u64)),
                ("pbo", Value::Number(splits.overfitting_probability)),
                ("probability_of_loss", Value::Number(splits.loss_probability)),
                ("slope", Value::Number(splits.line[0])),
                ("logit_mean", Value::Number(splits.logit_mean)),
                ("out_of_sample_mean", Value::Number(splits.out_of_sample_mean)),
            ]
        };
        vec![("pbo", object(self.as_ref(), fields))]
    }
}
