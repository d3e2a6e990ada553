//! Evidence from cross-validation over the splits of the blocks into halves: how the best trial of one half does on the other.

use super::finding::{Field, Finding, Line, Reader, Value, line, object};
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, CrossValidation, cross_validation};
use crate::stats::overfitting::material::{Material, Settings};

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
