//! Is the best trial of many real, or luck? Statistics of selection.
//!
//! Everything is per period; figures a year are for people. Random tests take a seed, and nothing depends on the number of
//! threads. `docs/verdict.md` says in words what each figure means.

pub mod block_length;
pub mod block_sums;
pub mod combinations;
pub mod cross_validation;
pub mod deflated;
pub mod evidence;
pub mod examination;
pub mod haircut;
pub mod long_run_variance;
pub mod material;
pub mod matrix_examination;
pub mod panel;
pub mod purged_splits;
pub mod rechosen;
pub mod resamples;
pub mod sharpe;
pub mod superior_ability;
pub mod trials;
pub mod verdict;
pub mod walk_forward;
