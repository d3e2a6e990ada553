//! What the tests of one selected trial among many are made of.

use super::block_sums::BlockSums;
use super::panel::Panel;
use super::sharpe::TrialFigures;
use super::trials::TrialCounts;

/// What random tests are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    /// Resamples of the bootstrap.
    pub resamples: usize,
    /// Mean length of its blocks; `None` for what suits the returns.
    pub mean_block: Option<f64>,
    /// Which random numbers.
    pub seed: u64,
}

/// The trials, and what is known of them.
pub(crate) struct Material<'m> {
    /// How many there are.
    pub counts: TrialCounts,
    /// How many were tried on these data in all, other sweeps included.
    pub tried: f64,
    /// Number of returns of each.
    pub periods: usize,
    /// Figures of the selected trial; `None` if there is no trial.
    pub selected: Option<TrialFigures>,
    /// Its round trips, if known.
    pub trades: Option<f64>,
    /// Sharpe ratios of all canonical trials.
    pub sharpes: &'m [f64],
    /// Sums over blocks of canonical trials, or why there are none.
    pub block_sums: Result<&'m BlockSums, String>,
    /// Differences of their returns to the benchmark, and the place of the selected trial among them; or why there are none.
    pub differences: Result<(&'m dyn Panel, usize), String>,
    /// Words for the benchmark.
    pub benchmark: String,
    /// What the trials are compared with besides, which decides nothing: words, and its returns.
    pub beside: Option<(String, Vec<f64>)>,
    /// Mean return of a walk forward, if there was one.
    pub walk_forward_mean: Option<f64>,
}
