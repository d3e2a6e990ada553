//! What choosing anew in each window of a walk forward earned in the next: it can only lower a verdict. The windows themselves
//! are reported apart.

use super::finding::Finding;
use crate::stats::overfitting::material::{Material, Settings};

/// The record of a walk forward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lived {
    /// Mean return of a period out-of-sample.
    pub mean: f64,
}

impl Finding for Option<Lived> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<Lived> {
        material.walk_forward_mean.map(|mean| Lived { mean })
    }

    fn strike(&self) -> Option<String> {
        let lost = self.is_some_and(|lived| lived.mean < 0.0);
        lost.then(|| "chosen anew in each window it lost money in the next".to_owned())
    }
}
