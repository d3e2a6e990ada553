//! [`examine`] for columns of returns in memory.

use std::collections::HashMap;

use rayon::prelude::*;

use super::block_sums::{BlockSums, block_length};
use super::examination::{Examination, examine};
use super::material::{Material, Settings};
use super::panel::{Against, Panel};
use super::sharpe::TrialFigures;
use super::trials::{Column, canonical};
use crate::mixer::hash;
use crate::stats::blocks::block_count;

/// Columns of returns in memory.
struct Columns<'c>(Vec<&'c [f64]>);

impl Panel for Columns<'_> {
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

/// Examines the column with the best Sharpe ratio. Also gives its place among the columns.
///
/// `columns`: returns, all of one length, NaN where absent: such a column failed. `blocks`: `None` for the usual number.
/// `benchmark`: its name and returns; the test for superior ability compares with it, everything else with 0.
///
/// # Errors
/// The columns do not fall into so many blocks.
pub(crate) fn examine_columns(
    columns: &[&[f64]],
    blocks: Option<usize>,
    benchmark: Option<(&str, &[f64])>,
    settings: &Settings,
) -> Result<(Examination, Option<usize>), String> {
    let periods = columns.first().map_or(0, |column| column.len());
    let figures: Vec<Option<TrialFigures>> =
        columns.par_iter().map(|column| TrialFigures::new(column)).collect();
    let is_usable = |column: &[f64]| column.iter().all(|x| x.is_finite());
    let mut same: HashMap<u64, Vec<usize>> = HashMap::new();
    let kinds = columns.iter().zip(&figures).enumerate().map(|(place, (column, figures))| match figures {
        _ if !is_usable(column) => Column::Failed,
        None => Column::Flat,
        Some(_) => {
            let known = same.entry(mark(column)).or_default();
            let equal = known.iter().copied().find(|&known| is_same(columns[known], column));
            if equal.is_none() {
                known.push(place);
            }
            Column::Moving(equal.unwrap_or(place) as u64)
        }
    });
    let (counts, places) = canonical(kinds);
    let mut trials: Vec<usize> = Vec::new();
    for (column, place) in places.iter().enumerate() {
        if *place == Some(trials.len()) {
            trials.push(column);
        }
    }
    let sharpes: Vec<f64> =
        trials.iter().filter_map(|&trial| figures[trial].map(|figures| figures.sharpe)).collect();
    let mut best: Option<usize> = None;
    for place in 0..sharpes.len() {
        if best.is_none_or(|best| sharpes[place] > sharpes[best]) {
            best = Some(place);
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
    let panel = Columns(trials.iter().map(|&trial| columns[trial]).collect());
    let against = benchmark.map(|(_, returns)| Against { panel: &panel, benchmark: returns.to_vec() });
    let differences: &dyn Panel = match &against {
        Some(against) => against,
        None => &panel,
    };
    let selected = best.map(|best| trials[best]);
    let material = Material {
        counts,
        tried: counts.canonical as f64,
        periods,
        selected: selected.and_then(|selected| figures[selected]),
        trades: None,
        sharpes: &sharpes,
        block_sums: sums.as_ref().map_err(Clone::clone),
        differences: Ok((differences, best.unwrap_or(0))),
        benchmark: benchmark.map_or("zero".to_owned(), |(name, _)| name.to_owned()),
        beside: None,
        walk_forward_mean: None,
    };
    Ok((examine(&material, settings), selected))
}

/// Equal for equal columns.
fn mark(column: &[f64]) -> u64 {
    column.iter().fold(0, |mark, x| hash(mark, x.to_bits()))
}

fn is_same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}
