//! The data that the tests of the selected trial among many need.

use super::block_sums::BlockSums;
use super::panel::Panel;
use super::sharpe::TrialFigures;
use super::trials::TrialCounts;
use super::unavailable::Unavailable;

/// The settings of random tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    /// Number of resamples of the bootstrap.
    pub resamples: usize,
    /// Mean length of its blocks; `None` for the length that suits the returns.
    pub mean_block: Option<f64>,
    /// The seed of the random numbers.
    pub seed: u64,
}

/// The trials, and what is known about them.
pub(crate) struct Material<'m> {
    /// The number of trials of each kind.
    pub counts: TrialCounts,
    /// The number of trials on these prices in all sweeps.
    pub tried: f64,
    /// The number of returns of each trial.
    pub periods: usize,
    /// The figures of the selected trial; `None` if there is no trial.
    pub selected: Option<TrialFigures>,
    /// Sharpe ratios of all canonical trials.
    pub sharpes: &'m [f64],
    /// Sums over blocks of canonical trials, or why they are not available.
    pub block_sums: Result<&'m BlockSums, Unavailable>,
    /// The returns of canonical trials less those of the benchmark, with the index of the selected trial; or why they are not
    /// available.
    pub differences: Result<(&'m dyn Panel, usize), Unavailable>,
    /// The name of the benchmark.
    pub benchmark: String,
}
