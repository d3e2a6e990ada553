//! Evidence from the walk forward: a loss rules out the best verdict. The windows are reported elsewhere.

use super::finding::Finding;
use crate::stats::overfitting::material::{Material, Settings};

/// The result of a walk forward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WalkedForward {
    /// Mean return of a period out-of-sample.
    pub mean: f64,
}

impl Finding for Option<WalkedForward> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<WalkedForward> {
        material.walk_forward_mean.map(|mean| WalkedForward { mean })
    }

    fn strike(&self) -> Option<String> {
        let lost = self.is_some_and(|record| record.mean < 0.0);
        lost.then(|| "chosen anew in each window it lost money in the next".to_owned())
    }
}
