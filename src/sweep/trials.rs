//! The rows of a sweep as trials of one experiment: which count, what their Sharpe ratios are, and their returns made again.

use rayon::prelude::*;

use super::error::SweepError;
use super::plan::Plan;
use super::recompute::returns_of;
use super::results::{Coverage, Results};
use super::table::Table;
use crate::mixer::hash;
use crate::stats::overfitting::panel::Panel;
use crate::stats::overfitting::trials::{TrialCounts, TrialOutcome, canonical};

/// More canonical trials than this are not examined one by one,
pub(crate) const TRIALS_MOST: usize = 20_000;
/// but so many of the best by rank, and a random sample for the rest.
pub(crate) const TRIALS_BEST: usize = 1000;

/// Which rows count as trials.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Trials {
    /// How many.
    pub counts: TrialCounts,
    /// The first row of each canonical trial.
    pub rows: Vec<u32>,
    /// The canonical trial of each row.
    pub trial_of_row: Vec<Option<usize>>,
}

impl Trials {
    /// Sorts the rows of a table. Ruined ones have no usable returns.
    pub(crate) fn new(table: &Table) -> Trials {
        let is_usable = |row: usize| !table.is_ruined(row);
        Trials::of_rows(table, is_usable)
    }

    /// The same with ruined rows, which may win before they are ruined.
    pub(crate) fn with_ruined(table: &Table) -> Trials {
        Trials::of_rows(table, |_| true)
    }

    fn of_rows(table: &Table, is_usable: impl Fn(usize) -> bool) -> Trials {
        let outcomes = table.columns.iter().enumerate();
        let outcomes =
            outcomes.map(|(row, outcome)| if is_usable(row) { *outcome } else { TrialOutcome::Failed });
        let (counts, trial_of_row) = canonical(outcomes);
        let mut rows = Vec::new();
        for (row, trial) in trial_of_row.iter().enumerate() {
            if *trial == Some(rows.len()) {
                rows.push(row as u32);
            }
        }
        Trials { counts, rows, trial_of_row }
    }

    /// The points of these trials of a table.
    pub(crate) fn points(&self, table: &Table, trials: &[usize]) -> Vec<u64> {
        trials.iter().map(|&trial| table.points[self.rows[trial] as usize]).collect()
    }

    /// The canonical trials to examine, in order: all, or beyond [`TRIALS_MOST`] the best by `order` of the rows and a sample.
    pub(crate) fn chosen(&self, order: &[u32], seed: u64) -> Vec<usize> {
        let mut chosen: Vec<usize> = (0..self.rows.len()).collect();
        if chosen.len() <= TRIALS_MOST {
            return chosen;
        }
        let mut is_chosen = vec![false; self.rows.len()];
        let best = order.iter().filter_map(|row| self.trial_of_row[*row as usize]);
        let mut left = TRIALS_BEST;
        for trial in best {
            if !is_chosen[trial] {
                is_chosen[trial] = true;
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        chosen.retain(|&trial| !is_chosen[trial]);
        chosen.sort_by_cached_key(|&trial| hash(seed, trial as u64));
        chosen.truncate(TRIALS_MOST - (TRIALS_BEST - left));
        chosen.into_iter().for_each(|trial| is_chosen[trial] = true);
        (0..self.rows.len()).filter(|&trial| is_chosen[trial]).collect()
    }
}

/// The sums over blocks of some points, in the order of the points, which ascend.
///
/// # Errors
/// A shard cannot be read.
pub(crate) fn sums_of(
    plan: &Plan,
    results: &Results,
    coverage: &Coverage,
    points: &[u64],
) -> Result<Vec<f64>, SweepError> {
    let width = 2 * plan.blocks;
    let mut out = vec![f64::NAN; points.len() * width];
    for &name in &coverage.whole {
        let wanted = points.partition_point(|point| *point < name.first)
            ..points.partition_point(|point| *point <= name.last);
        if wanted.is_empty() {
            continue;
        }
        let Some(shard) = results.read(name)? else { continue };
        let lines = shard.table.split('\n').skip(1);
        for (line, sums) in lines.zip(shard.sums.chunks(width)) {
            let point = line.split(',').next().and_then(|cell| cell.parse().ok()).unwrap_or(u64::MAX);
            if let Ok(trial) = points[wanted.clone()].binary_search(&point) {
                out[(wanted.start + trial) * width..][..width].copy_from_slice(sums);
            }
        }
    }
    Ok(out)
}

/// Returns of points, made again whenever they are asked for: that is faster than reading them from a shared folder.
#[derive(Debug)]
pub(crate) struct Recomputed<'p> {
    /// The sweep, with its prices.
    pub plan: &'p Plan,
    /// The points.
    pub points: Vec<u64>,
    /// Returns of each.
    pub periods: usize,
}

impl Panel for Recomputed<'_> {
    fn trials(&self) -> usize {
        self.points.len()
    }

    fn periods(&self) -> usize {
        self.periods
    }

    /// A point that has other periods than the rest, or none, does not move.
    fn fill(&self, trials: &[usize], out: &mut [f64]) {
        out.par_chunks_mut(self.periods).zip(trials).for_each(|(out, &trial)| {
            if !returns_of(self.plan, self.points[trial], out) || out.iter().any(|x| !x.is_finite()) {
                out.fill(0.0);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_trials_are_sampled_beside_the_best() {
        let rows = 50_000u32;
        let trials = Trials {
            counts: TrialCounts::default(),
            rows: (0..rows).collect(),
            trial_of_row: (0..rows as usize).map(Some).collect(),
        };
        let order: Vec<u32> = (0..rows).rev().collect();
        let chosen = trials.chosen(&order, 1);
        assert_eq!(chosen.len(), TRIALS_MOST);
        assert!(chosen.is_sorted());
        let best = chosen.iter().filter(|trial| **trial >= 49_000).count();
        assert_eq!(best, TRIALS_BEST);
        assert_ne!(trials.chosen(&order, 2), chosen);
    }
}
