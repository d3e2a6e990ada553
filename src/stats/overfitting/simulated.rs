//! Simulated sweeps: normal returns with known correlations and known skill.

use crate::mixer::{fraction, hash};
use crate::stats::normal::quantile;

/// The correlation between the trials of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Correlation {
    /// No correlation.
    Independent,
    /// 0.5 between all pairs.
    Equal,
    /// 0.99 between neighbours, and the power of it for trials further apart.
    Neighbours,
    /// Ten groups: 0.9 within a group, 0.3 between groups.
    Groups,
}

/// Every kind.
pub(crate) const CORRELATIONS: [Correlation; 4] =
    [Correlation::Independent, Correlation::Equal, Correlation::Neighbours, Correlation::Groups];

fn normal(key: u64, index: u64) -> f64 {
    quantile(fraction(hash(key, index)) + 0.5 / (1u64 << 53) as f64)
}

/// Returns of `trials` trials over `periods`, in percent of a unit of risk. The first `skilled` of them have a true Sharpe
/// ratio of `skill` per period, the others of 0.
pub(crate) fn sweep(
    correlation: Correlation,
    [periods, trials, skilled]: [usize; 3],
    skill: f64,
    seed: u64,
) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(periods); trials];
    for period in 0..periods {
        let key = hash(seed, period as u64);
        let common = normal(key, 0);
        let mut neighbour = normal(key, 1);
        for (trial, column) in columns.iter_mut().enumerate() {
            let own = normal(key, 2 + trial as u64);
            let group = normal(hash(key, 1), (trial * 10 / trials) as u64);
            let risk = match correlation {
                Correlation::Independent => own,
                Correlation::Equal => (common + own) / 2f64.sqrt(),
                Correlation::Neighbours => {
                    neighbour = 0.99 * neighbour + (1.0 - 0.99f64 * 0.99).sqrt() * own;
                    neighbour
                }
                Correlation::Groups => 0.3f64.sqrt() * common + 0.6f64.sqrt() * group + 0.1f64.sqrt() * own,
            };
            column.push(0.01 * (risk + if trial < skilled { skill } else { 0.0 }));
        }
    }
    columns
}
