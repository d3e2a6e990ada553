//! One pass over all trials of a sweep: each is computed again, looked at and dropped. Only the best under turned signs, a row
//! a trial and its sums over blocks are kept.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::scene::SceneSessions;
use super::trial::{Trial, trial};
use crate::stats::blocks::block_count;
use crate::stats::overfitting::block_sums::{BlockSums, block_length};
use crate::stats::overfitting::sharpe::sharpe_of_sums;
use crate::stats::skill::examination::Looked;
use crate::stats::skill::pass::{Pass, SESSIONS_LEAST, Statistic};
use crate::stats::skill::scales::{UsedScale, of_days};
use crate::sweep::plan::Plan;

/// Trials that are looked at by one thread in a row.
const AT_A_TIME: usize = 32;
/// Where trials have sessions of their own, fewer that all share than this are not cross-validated.
const SHARED_LEAST: usize = 250;

/// What a pass over the trials of a sweep found.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The points of the trials.
    pub points: Vec<u64>,
    /// What is kept of each.
    pub looked: Vec<Looked>,
    /// The best under turned signs.
    pub pass: Pass,
    /// The scales that the sample is long enough for.
    pub scales: Vec<UsedScale>,
    /// The sums of their residuals over blocks of the sessions that all share; `None` where these are too few.
    pub block_sums: Option<BlockSums>,
    /// The days that are sessions of some trial, counted from 1970-01-01.
    pub days: Vec<i64>,
}

/// The sessions of the trials of a sweep.
struct Sample {
    /// Those of some trial.
    days: Vec<i64>,
    /// The first and the last day that all share.
    shared: [i64; 2],
    /// Whether all trials have the same.
    is_one: bool,
}

impl Sample {
    /// The sessions of some points, which all have a row.
    fn new(plan: &Plan, points: &[u64]) -> Sample {
        let mut days = BTreeSet::new();
        let mut shared = [i64::MIN, i64::MAX];
        let (mut known, mut samples): (Option<*const SceneSessions>, BTreeSet<[i64; 3]>) =
            (None, BTreeSet::new());
        for &point in points {
            let Ok(variant) = plan.variants.get(&plan.sweep.space.values(point)) else { continue };
            let sessions = variant.scene.sessions();
            if known == Some(std::ptr::from_ref(sessions)) {
                continue;
            }
            known = Some(std::ptr::from_ref(sessions));
            let (Some(first), Some(last)) = (sessions.days.first(), sessions.days.last()) else { continue };
            shared = [shared[0].max(*first), shared[1].min(*last)];
            samples.insert([*first, *last, sessions.days.len() as i64]);
            days.extend(&sessions.days);
            if plan.variants.are_one() {
                break;
            }
        }
        Sample { days: days.into_iter().collect(), shared, is_one: samples.len() == 1 }
    }

    /// The scales that it is long enough for.
    fn scales(&self) -> Vec<UsedScale> {
        if self.days.len() < SESSIONS_LEAST { Vec::new() } else { of_days(&self.days) }
    }

    /// The blocks of the sessions that all share; `None` where there are too few.
    fn blocks(&self) -> Option<BlockSums> {
        let shared = self.days.iter().filter(|day| (self.shared[0]..=self.shared[1]).contains(*day)).count();
        if !self.is_one && shared < SHARED_LEAST {
            return None;
        }
        let blocks = block_count(shared);
        let length = block_length(shared, blocks).ok()?;
        Some(BlockSums { blocks, length, sums: Vec::new() })
    }
}

/// The scales that the sessions of some points, which all have a row, are enough for; none for too few sessions.
pub(crate) fn scales_of(plan: &Plan, points: &[u64]) -> Vec<UsedScale> {
    Sample::new(plan, points).scales()
}

/// Looks at the trials of a sweep, by their points. `hear` is told of each by its index, on any thread, with the sums of its
/// residual under turned signs in the finest scale.
pub(crate) fn pass(plan: &Plan, points: &[u64], hear: impl Fn(usize, &Trial, &[f64]) + Sync) -> Passed {
    let sample = Sample::new(plan, points);
    let scales = sample.scales();
    let blocks = sample.blocks();
    // As many as there are threads; which trials each has seen does not matter.
    let passes: Mutex<Vec<Pass>> = Mutex::default();
    let lock = || passes.lock().unwrap_or_else(PoisonError::into_inner);
    let chunks: Vec<Vec<(Looked, Vec<f64>)>> = points
        .par_chunks(AT_A_TIME)
        .enumerate()
        .map(|(chunk, points)| {
            let mut pass = lock().pop().unwrap_or_else(|| Pass::new(scales.len()));
            let found = points.iter().enumerate().map(|(place, &point)| {
                let index = chunk * AT_A_TIME + place;
                let looked = trial(plan, point, |trial| {
                    let statistics =
                        pass.add(&trial.residual.residuals, &trial.sessions.buckets, |scale, turned| {
                            if scale == 0 {
                                hear(index, trial, &turned.sums);
                            }
                        });
                    (look(trial, statistics), sums_of(trial, &sample, blocks.as_ref()))
                });
                let width = 2 * blocks.as_ref().map_or(0, |sums| sums.blocks);
                looked.unwrap_or_else(|| (nothing(scales.len()), vec![0.0; width]))
            });
            let found = found.collect();
            lock().push(pass);
            found
        })
        .collect();
    let mut whole = Pass::new(scales.len());
    lock().iter().for_each(|pass| whole.join(pass));
    let (looked, sums): (Vec<Looked>, Vec<Vec<f64>>) = chunks.into_iter().flatten().unzip();
    let block_sums = blocks.map(|blocks| BlockSums { sums: sums.concat(), ..blocks });
    Passed { points: points.to_vec(), looked, pass: whole, scales, block_sums, days: sample.days }
}

/// What is kept of a trial.
fn look(trial: &Trial, statistics: Vec<Statistic>) -> Looked {
    let residuals = &trial.residual.residuals;
    let [sum, squares] = residuals.iter().fold([0.0, 0.0], |[sum, squares], x| [sum + x, squares + x * x]);
    Looked {
        statistics,
        mean: trial.residual.edge + trial.residual.passive,
        edge: trial.residual.edge,
        ratio: sharpe_of_sums(sum, squares, residuals.len() as f64),
        moves: trial.residual.moves,
    }
}

/// A trial of which nothing can be said: it has a row, and fails here.
fn nothing(scales: usize) -> Looked {
    let statistic = Statistic { own: 0.0, guarded: 0.0, unit: 0.0 };
    Looked { statistics: vec![statistic; scales], mean: 0.0, edge: 0.0, ratio: 0.0, moves: false }
}

/// The sums of a trial's residuals over the blocks of the sessions that all trials share.
fn sums_of(trial: &Trial, sample: &Sample, blocks: Option<&BlockSums>) -> Vec<f64> {
    let Some(&BlockSums { blocks, length, .. }) = blocks else { return Vec::new() };
    let days = &trial.sessions.days;
    let range = days.partition_point(|day| *day < sample.shared[0])
        ..days.partition_point(|day| *day <= sample.shared[1]);
    let residuals = &trial.residual.residuals[range];
    // A trial whose own calendar lacks sessions of the others fills its blocks from the end.
    let mut own = BlockSums { blocks, length: length.min(residuals.len() / blocks), sums: Vec::new() };
    own.push(residuals);
    own.sums
}
