//! The tests of the best of some columns of returns, on the returns as they were given.

use std::collections::HashMap;

use rayon::prelude::*;

use super::block_sums::{BlockSums, block_length};
use super::evidence::Findings;
use super::material::{Material, Settings};
use super::panel::{Against, Panel};
use super::sharpe::TrialFigures;
use super::trials::{TrialCounts, TrialOutcome, canonical};
use super::unavailable::Unavailable;
use crate::mixer::hash;
use crate::stats::blocks::block_count;

/// Columns of returns in memory, each a trial.
struct ColumnPanel<'c>(Vec<&'c [f64]>);

impl Panel for ColumnPanel<'_> {
    fn trials(&self) -> usize {
        self.0.len()
    }

    fn periods(&self) -> usize {
        self.0.first().map_or(0, |column| column.len())
    }

    fn fill(&self, trials: &[usize], out: &mut [f64]) {
        for (out, &trial) in out.chunks_mut(self.periods()).zip(trials) {
            out.copy_from_slice(self.0[trial]);
        }
    }
}

/// What the tests say of some columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoundInColumns {
    /// The result of each test.
    pub findings: Findings,
    /// Why there is no result of others.
    pub missing: Vec<String>,
    /// The columns that count as trials.
    pub trials: Vec<usize>,
    /// The index among them of the one with the best Sharpe ratio; `None` if there is none.
    pub selected: Option<usize>,
    /// The number of blocks of cross-validation and their length; `None` where there are too few rows.
    pub blocks: Option<[usize; 2]>,
}

/// Performs every test of the column with the best Sharpe ratio for which there are data.
///
/// `columns` are returns, all of the same length; a column with a value that is not finite, or that has lost everything, is a
/// failed trial. `blocks` is the number of blocks for cross-validation, `None` for the usual one. `benchmark` is a name with
/// returns: the test for superior ability compares with them, everything else with 0.
///
/// # Errors
/// A number of blocks into which the periods cannot be divided, as [`block_length`] says.
pub(crate) fn find_in_columns(
    columns: &[&[f64]],
    blocks: Option<usize>,
    benchmark: Option<(&str, &[f64])>,
    settings: &Settings,
) -> Result<FoundInColumns, Unavailable> {
    let periods = columns.first().map_or(0, |column| column.len());
    let figures: Vec<Option<TrialFigures>> =
        columns.par_iter().map(|column| TrialFigures::new(column)).collect();
    let (counts, trials) = canonical_columns(columns, &figures);
    let sharpes: Vec<f64> =
        trials.iter().filter_map(|&trial| figures[trial].map(|figures| figures.sharpe)).collect();
    let mut best: Option<usize> = None;
    for trial in 0..sharpes.len() {
        if best.is_none_or(|best| sharpes[trial] > sharpes[best]) {
            best = Some(trial);
        }
    }
    let count = blocks.unwrap_or(block_count(periods));
    let length = match (block_length(periods, count), blocks) {
        (Err(reason), Some(_)) => return Err(reason),
        (length, _) => length,
    };
    let sums = length.map(|length| {
        let mut sums = BlockSums { blocks: count, length, sums: Vec::new() };
        trials.iter().for_each(|&trial| sums.push(columns[trial]));
        sums
    });
    let panel = ColumnPanel(trials.iter().map(|&trial| columns[trial]).collect());
    let against = benchmark.map(|(_, returns)| Against { panel: &panel, benchmark: returns.to_vec() });
    let differences: &dyn Panel = match &against {
        Some(against) => against,
        None => &panel,
    };
    let material = Material {
        counts,
        tried: counts.canonical as f64,
        periods,
        selected: best.and_then(|best| figures[trials[best]]),
        sharpes: &sharpes,
        block_sums: sums.as_ref().map_err(Clone::clone),
        differences: Ok((differences, best.unwrap_or(0))),
        benchmark: benchmark.map_or("zero".to_owned(), |(name, _)| name.to_owned()),
    };
    let mut missing = Vec::new();
    let findings = Findings::find(&material, settings, &mut missing);
    let blocks = sums.as_ref().ok().map(|sums| [sums.blocks, sums.length]);
    Ok(FoundInColumns { findings, missing, trials, selected: best, blocks })
}

/// Counts the columns, and lists those that are canonical trials: each moves and equals none before it.
fn canonical_columns(columns: &[&[f64]], figures: &[Option<TrialFigures>]) -> (TrialCounts, Vec<usize>) {
    let is_usable = |column: &[f64]| column.iter().all(|x| x.is_finite() && *x > -1.0);
    let mut same_mark: HashMap<u64, Vec<usize>> = HashMap::new();
    let outcomes = columns.iter().zip(figures).enumerate().map(|(index, (column, figures))| match figures {
        _ if !is_usable(column) => TrialOutcome::Failed,
        None => TrialOutcome::Flat,
        Some(_) => {
            let known = same_mark.entry(mark(column)).or_default();
            let equal = known.iter().copied().find(|&known| is_same(columns[known], column));
            if equal.is_none() {
                known.push(index);
            }
            TrialOutcome::Moving(equal.unwrap_or(index) as u64)
        }
    });
    let (counts, canonical_indices) = canonical(outcomes);
    let mut trials: Vec<usize> = Vec::new();
    for (column, index) in canonical_indices.iter().enumerate() {
        if *index == Some(trials.len()) {
            trials.push(column);
        }
    }
    (counts, trials)
}

/// A hash of a column; equal columns have equal marks.
fn mark(column: &[f64]) -> u64 {
    column.iter().fold(0, |mark, x| hash(mark, x.to_bits()))
}

fn is_same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}
