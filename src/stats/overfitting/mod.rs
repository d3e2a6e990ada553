//! Is the best of many trials skill or luck? Statistics of selection.
//!
//! All figures are per period; only texts for people annualise them. Random tests take a seed, and no result depends on the
//! number of threads. `docs/verdict.md` explains each figure.

pub(crate) mod block_length;
pub(crate) mod block_sums;
pub(crate) mod combinations;
pub(crate) mod cross_validation;
pub(crate) mod deflated;
pub(crate) mod evidence;
pub(crate) mod haircut;
pub(crate) mod long_run_variance;
pub(crate) mod material;
pub(crate) mod matrix_examination;
pub(crate) mod panel;
pub(crate) mod purged_splits;
pub(crate) mod rechosen;
pub(crate) mod resamples;
pub(crate) mod sharpe;
#[cfg(any(test, feature = "internals"))]
pub(crate) mod simulated;
pub(crate) mod superior_ability;
pub(crate) mod trials;
pub(crate) mod unavailable;
pub(crate) mod walk_forward;
