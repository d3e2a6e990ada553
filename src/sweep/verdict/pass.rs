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
use crate::stats::skill::against::Against;
use crate::stats::skill::equals::Front;
use crate::stats::skill::examination::Looked;
use crate::stats::skill::family::Ratios;
use crate::stats::skill::flips::Turned;
use crate::stats::skill::pass::{Pass, SESSIONS_LEAST, Statistic};
use crate::stats::skill::scales::{Buckets, UsedScale, of_days};
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
    /// The trials against each holding; empty where they do not have the same sessions.
    pub against: Vec<Against>,
}

impl Passed {
    /// The best statistic of the trials in each scale, with the skew guard; at least 0.
    pub(crate) fn best_of_scales(&self) -> Vec<f64> {
        let best = |scale: usize| {
            self.looked.iter().map(|looked| looked.statistics[scale].guarded).fold(0.0, f64::max)
        };
        (0..self.scales.len()).map(best).collect()
    }

    /// The ratios of the residuals.
    pub(crate) fn ratios(&self) -> Ratios {
        Ratios::of(&self.looked.iter().map(|looked| looked.ratio).collect::<Vec<_>>())
    }
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

/// What else a pass looks at, for the comments beside the verdict.
#[derive(Debug, Default)]
pub(crate) struct Beside<'b> {
    /// Returns of holdings over the sessions of the trials. They are compared only where all trials have the same sessions.
    pub holdings: Vec<&'b [f64]>,
    /// Keeps the best trials, to tell which of them are as good.
    pub front: Option<&'b Front>,
}

/// What one thread has seen.
struct Seen {
    pass: Pass,
    against: Vec<Against>,
    turned: Turned,
}

impl Seen {
    fn new(scales: usize, holdings: &[&[f64]], buckets: &Buckets) -> Seen {
        let sessions = buckets.0.first().into_iter();
        let against =
            sessions.flat_map(|sessions| holdings.iter().map(|returns| Against::new(returns, sessions)));
        Seen { pass: Pass::new(scales), against: against.collect(), turned: Turned::new() }
    }

    fn look(&mut self, index: usize, trial: &Trial, front: Option<&Front>) -> Vec<Statistic> {
        let Seen { pass, against, turned } = self;
        let buckets = &trial.sessions.buckets;
        let statistics = pass.add(&trial.residual.residuals, buckets, |scale, turned| {
            if let Some(front) = front.filter(|_| scale == 0) {
                front.add(index, turned);
            }
        });
        if !against.is_empty() {
            buckets.0[0].turn(trial.returns, &[], turned);
            against.iter_mut().for_each(|against| against.add(turned));
        }
        statistics
    }
}

/// Looks at the trials of a sweep, by their points.
pub(crate) fn pass(plan: &Plan, points: &[u64], beside: &Beside) -> Passed {
    let sample = Sample::new(plan, points);
    let scales = sample.scales();
    let blocks = sample.blocks();
    let width = 2 * blocks.as_ref().map_or(0, |sums| sums.blocks);
    let holdings = if sample.is_one { &beside.holdings[..] } else { &[] };
    let buckets = Buckets::of_days(&scales, &sample.days);
    // As many as there are threads; which trials each has seen does not matter.
    let pool: Mutex<Vec<Seen>> = Mutex::default();
    let lock = || pool.lock().unwrap_or_else(PoisonError::into_inner);
    let chunks: Vec<Vec<(Looked, Vec<f64>)>> = points
        .par_chunks(AT_A_TIME)
        .enumerate()
        .map(|(chunk, points)| {
            let known = lock().pop();
            let mut seen = known.unwrap_or_else(|| Seen::new(scales.len(), holdings, &buckets));
            let look_at = |(place, &point): (usize, &u64)| {
                let looked = trial(plan, point, |trial| {
                    let statistics = seen.look(chunk * AT_A_TIME + place, trial, beside.front);
                    (look(trial, statistics), sums_of(trial, &sample, blocks.as_ref()))
                });
                looked.unwrap_or_else(|| (nothing(scales.len()), vec![0.0; width]))
            };
            let found = points.iter().enumerate().map(look_at).collect();
            lock().push(seen);
            found
        })
        .collect();
    let mut whole = Seen::new(scales.len(), holdings, &buckets);
    for seen in &*lock() {
        whole.pass.join(&seen.pass);
        whole.against.iter_mut().zip(&seen.against).for_each(|(whole, seen)| whole.join(seen));
    }
    let (looked, sums): (Vec<Looked>, Vec<Vec<f64>>) = chunks.into_iter().flatten().unzip();
    let block_sums = blocks.map(|blocks| BlockSums { sums: sums.concat(), ..blocks });
    let Seen { pass, against, .. } = whole;
    Passed { points: points.to_vec(), looked, pass, scales, block_sums, days: sample.days, against }
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
