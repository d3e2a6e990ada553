//! The best point of each training part of a walk forward, by the rule that ranks the sweep.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::plan::Plan;
use super::rank::{Rank, Standing};
use super::recompute::figures_of_parts;
use crate::stats::overfitting::walk_forward::Fold;

/// Points whose figures are held at a time.
const AT_A_TIME: usize = 4096;

/// For each fold the index in `points` of the one that stands best on its training part alone; the first of equal ones, and the
/// very first if none has other periods than `periods` returns. `None` if in some fold all are ruined before its training
/// ends.
///
/// Every figure is that of the training part, fills and costs included, so that conditions see no future either. A point that
/// is ruined later may be chosen: nobody knew.
pub(crate) fn fold_winners(
    plan: &Plan,
    points: &[u64],
    periods: usize,
    folds: &[Fold],
    rank: &Rank,
) -> Option<Vec<usize>> {
    // Return t leads from point t of the curve to the next one.
    let parts: Vec<RangeInclusive<usize>> =
        folds.iter().map(|fold| fold.train.start..=fold.train.end).collect();
    let mut best: Vec<Option<(usize, Standing)>> = vec![None; folds.len()];
    for (number, some) in points.chunks(AT_A_TIME).enumerate() {
        let standings: Vec<Option<Vec<Standing>>> = some
            .par_iter()
            .map(|&point| {
                let figures = figures_of_parts(plan, point, periods + 1, &parts)?;
                Some(figures.iter().map(|figures| rank.standing(figures)).collect())
            })
            .collect();
        for (index, standings) in standings.iter().enumerate() {
            for (best, standing) in best.iter_mut().zip(standings.iter().flatten()) {
                if best.is_none_or(|(_, known)| standing.compare(&known) == Ordering::Greater) {
                    *best = Some((number * AT_A_TIME + index, *standing));
                }
            }
        }
    }
    let winner = |best: Option<(usize, Standing)>| match best {
        Some((_, standing)) if standing.is_ruined() => None,
        Some((index, _)) => Some(index),
        None => Some(0),
    };
    best.into_iter().map(winner).collect()
}
