//! Evidence from the haircut: the selected trial's Sharpe ratio after its p-value is adjusted for the number of trials.

use rayon::prelude::*;

use super::finding::{Finding, Line, Reader, line};
use crate::stats::overfitting::haircut::{Adjustment, adjusted, haircut_sharpe, p_value};
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::sharpe::TrialFigures;

/// The Sharpe ratio after a haircut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Haircut {
    /// The Sharpe ratio per period after the haircut of Benjamini, Hochberg and Yekutieli.
    pub sharpe: f64,
}

impl Finding for Option<Haircut> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<Haircut> {
        material.selected.map(|selected| Haircut { sharpe: cut(&selected, material.sharpes) })
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let text = |haircut: &Haircut| {
            let sharpe = haircut.sharpe * reader.root();
            line(
                "haircut",
                format!("Sharpe ratio {sharpe:.2} a year after Benjamini, Hochberg and Yekutieli"),
            )
        };
        self.iter().map(text).collect()
    }
}

/// The Sharpe ratio of the selected trial after the haircut for the family of all trials.
fn cut(selected: &TrialFigures, sharpes: &[f64]) -> f64 {
    let p = |sharpe: f64| p_value(sharpe, selected.periods);
    let mut family: Vec<f64> = sharpes.par_iter().map(|sharpe| p(*sharpe)).collect();
    let known = sharpes.iter().position(|sharpe| *sharpe == selected.sharpe);
    let index = known.unwrap_or_else(|| {
        family.push(p(selected.sharpe));
        family.len() - 1
    });
    let adjusted = adjusted(&family, Adjustment::BenjaminiHochbergYekutieli);
    haircut_sharpe(adjusted[index], selected.periods).copysign(selected.sharpe)
}
