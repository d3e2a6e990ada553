//! The verdict on sweeps of which the truth is known, and how long cross-validation of many trials takes.
//!
//! `cargo bench --features internals --bench verdict` prints for each kind of skill the share of each verdict of `sweep overfit`
//! against cash; `-- 20` makes 20 runs instead of 80 of every kind and correlation.

use backtest::internals::verdict;

const RUNS: u64 = 80;

fn main() {
    verdict::many_trials();
    verdict::shares(std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(RUNS));
}
