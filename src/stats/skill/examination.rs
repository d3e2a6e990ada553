//! All figures of a sweep's trials beside everything that was tried on the same assets, from what a pass kept of each.

use super::family::{Allowance, LEVEL, Ratios};
use super::flips::Maxima;
use super::interval::interval;
use super::pass::{Pass, Statistic};
use super::record::{Record, detectable_ratio};
use super::scales::{Buckets, UsedScale};
use crate::stats::overfitting::block_sums::BlockSums;
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, CrossValidation, cross_validation};
use crate::stats::overfitting::deflated::threshold;

/// Random numbers choose the splits of cross-validation only beyond 16 blocks, which nobody asks for here.
const SEED: u64 = 1;

/// What a pass keeps of a trial. Returns are those of a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Looked {
    /// Its statistic in each scale.
    pub statistics: Vec<Statistic>,
    /// Its mean return.
    pub mean: f64,
    /// What moving the weights earned.
    pub edge: f64,
    /// The ratio of its residual; 0 where nothing moves.
    pub ratio: f64,
    /// Whether it moved enough to be judged.
    pub moves: bool,
}

/// What was tried elsewhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Others {
    /// Their best under turned signs in each scale of the sweep; `None` where none of them has the scale.
    pub maxima: Vec<Option<Maxima>>,
    /// Their number of trials.
    pub trials: u64,
    /// The ratios of their residuals.
    pub ratios: Ratios,
}

/// The trial that the ranking put first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'c> {
    /// Its index among the trials.
    pub index: usize,
    /// Its residuals.
    pub residuals: &'c [f64],
    /// The buckets of its sessions.
    pub buckets: &'c Buckets,
}

/// A sweep's trials and what is known beside them.
#[derive(Debug)]
pub(crate) struct Material<'m> {
    /// The trials that count, in order.
    pub trials: &'m [Looked],
    /// The scales that the sample is long enough for.
    pub scales: &'m [UsedScale],
    /// The best of the trials under turned signs.
    pub pass: &'m Pass,
    /// What was tried on the same assets.
    pub family: &'m Others,
    /// The same with everything else in the folder; `None` where there is nothing else.
    pub folder: Option<&'m Others>,
    /// What was seen, and what is not counted.
    pub look: u64,
    /// Trials of the family of which nothing is known but their number.
    pub uncounted: u64,
    /// The trial that the ranking put first, if it counts.
    pub choice: Option<Choice<'m>>,
    /// Sums of the residuals over blocks of sessions, for the trials in order; `None` where there are too few sessions.
    pub block_sums: Option<&'m BlockSums>,
    /// Number of sessions.
    pub sessions: usize,
    /// Sessions of a year.
    pub periods: f64,
}

/// A scale of the test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TestedScale {
    /// The scale.
    pub used: UsedScale,
    /// The best of the family under turned signs.
    pub joint: Maxima,
    /// The smallest p of a trial in this scale, with everything allowed for.
    pub p: f64,
    /// What a statistic must reach for a p of 0.05; `None` if nothing is enough.
    pub critical: Option<f64>,
}

/// What the turned signs say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tested {
    /// By scale, the finest first.
    pub scales: Vec<TestedScale>,
    /// The p of each trial.
    pub p: Vec<f64>,
    /// The trial of the smallest p, the first of equals.
    pub best: usize,
    /// The p of the best trial over everything in the folder; `None` where there is nothing else.
    pub p_folder: Option<f64>,
    /// Which of the largest maxima a statistic must exceed.
    pub critical_rank: usize,
}

/// The interval of what the selected trial truly earns, a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The best guess within them.
    pub estimate: Option<f64>,
}

/// Figures of the selected trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selected {
    /// Its index among the trials.
    pub index: usize,
    /// Its p over the family.
    pub p: Option<f64>,
    /// Its p against its own turned signs alone, without any allowance.
    pub p_alone: Option<f64>,
    /// The record of its residual; `None` where nothing moves.
    pub record: Option<Record>,
    /// The ratio a session that the best of the family without skill is expected to show.
    pub threshold: f64,
    /// The interval of what it truly earns.
    pub interval: Option<Interval>,
    /// The ratio a year that would have been seen four times in five.
    pub detectable_ratio: Option<f64>,
    /// The edge a year of that ratio.
    pub detectable_edge: Option<f64>,
}

/// All figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Examination {
    /// Number of sessions.
    pub sessions: usize,
    /// What is allowed for.
    pub allowance: Allowance,
    /// The test; `None` for too few sessions or no trial.
    pub tested: Option<Tested>,
    /// How the best trial of one half of the time did on the other; `None` for fewer than two trials or too few sessions.
    pub splits: Option<CrossValidation>,
    /// The number of its blocks.
    pub blocks: usize,
    /// The selected trial.
    pub selected: Option<Selected>,
}

/// Computes all figures.
pub(crate) fn examine(material: &Material) -> Examination {
    let Material { trials, pass, family, look, uncounted, sessions, .. } = *material;
    let known = trials.len() as u64 + family.trials;
    let allowance = Allowance { trials: known.max(1), uncounted, look };
    let can_test = !trials.is_empty() && !pass.maxima.is_empty();
    let tested = can_test.then(|| test(material, allowance));
    let (splits, guess) = split(material);
    let selected = material.choice.map(|choice| of_choice(material, choice, tested.as_ref(), guess));
    let blocks = material.block_sums.map_or(0, |sums| sums.blocks);
    Examination { sessions, allowance, tested, splits, blocks, selected }
}

/// The best under turned signs of the trials and others.
fn joined(pass: &Pass, others: &Others) -> Vec<Maxima> {
    let mut joint = pass.maxima.clone();
    for (joint, others) in joint.iter_mut().zip(&others.maxima) {
        others.iter().for_each(|others| joint.join(others));
    }
    joint
}

fn test(material: &Material, allowance: Allowance) -> Tested {
    let Material { trials, scales, pass, family, folder, .. } = *material;
    let joint = joined(pass, family);
    let ranked: Vec<_> = joint.iter().map(Maxima::ranked).collect();
    let critical_rank = allowance.critical_rank();
    let in_scale = |trial: &Looked, scale: usize| ranked[scale].p(trial.statistics[scale].guarded);
    let p_of = |trial: &Looked| {
        let shares = (0..ranked.len()).map(|scale| in_scale(trial, scale));
        allowance.allow(shares.fold(0.0, f64::max))
    };
    let p: Vec<f64> = trials.iter().map(p_of).collect();
    let best = (1..p.len()).fold(0, |best, trial| if p[trial] < p[best] { trial } else { best });
    let tested_scale = |(scale, joint): (usize, Maxima)| TestedScale {
        used: scales[scale],
        p: allowance.allow(trials.iter().map(|trial| in_scale(trial, scale)).fold(1.0, f64::min)),
        critical: ranked[scale].largest(critical_rank),
        joint,
    };
    let p_folder = folder.map(|folder| {
        let shares = joined(pass, folder).into_iter().zip(&trials[best].statistics);
        allowance.allow(shares.map(|(joint, own)| joint.ranked().p(own.guarded)).fold(0.0, f64::max))
    });
    Tested {
        scales: joint.into_iter().enumerate().map(tested_scale).collect(),
        p,
        best,
        p_folder,
        critical_rank,
    }
}

/// Cross-validation, and the best guess of what a trial that was chosen as the best earns a session.
fn split(material: &Material) -> (Option<CrossValidation>, Option<f64>) {
    let Material { trials, block_sums, .. } = *material;
    if !trials.iter().any(|trial| trial.moves) {
        return (cross_validated(block_sums).map(|(splits, _)| splits), None);
    }
    match cross_validated(block_sums) {
        Some((splits, guess)) => (Some(splits), Some(guess)),
        None => (None, (trials.len() == 1).then(|| trials[0].edge)),
    }
}

/// Cross-validation of two trials or more, and the mean over the splits of what the best trial of one half earned a session on
/// the other.
fn cross_validated(block_sums: Option<&BlockSums>) -> Option<(CrossValidation, f64)> {
    let sums = block_sums.filter(|sums| sums.trials() >= 2)?;
    let sets = combinations(sums.blocks, SEED);
    let splits = cross_validation(sums, &sets, Criterion::Sharpe);
    let elsewhere = |(set, selected): (&u32, usize)| {
        let blocks = &sums.sums[2 * selected * sums.blocks..][..sums.blocks];
        let outside = (0..sums.blocks).filter(|block| set >> block & 1 == 0);
        outside.fold(0.0, |sum, block| sum + blocks[block])
    };
    let chosen = sets.iter().zip(splits.paths.iter().map(|path| path.selected));
    let total = chosen.map(elsewhere).fold(0.0, |sum, x| sum + x);
    let guess = total / (sets.len() * sums.blocks / 2 * sums.length) as f64;
    Some((splits, guess))
}

fn of_choice(material: &Material, choice: Choice, tested: Option<&Tested>, guess: Option<f64>) -> Selected {
    let Material { trials, family, sessions, periods, .. } = *material;
    let own = &trials[choice.index].statistics;
    let ratios: Vec<f64> = trials.iter().map(|trial| trial.ratio).collect();
    let joint = Ratios::of(&ratios).and(family.ratios);
    let record = Record::new(choice.residuals).filter(|_| trials[choice.index].moves);
    let criticals = tested
        .and_then(|tested| tested.scales.iter().map(|scale| scale.critical).collect::<Option<Vec<f64>>>());
    let ends =
        criticals.as_ref().and_then(|criticals| interval(own.iter().copied().zip(criticals.iter().copied())));
    let within =
        |[low, high]: [f64; 2]| Interval { low, high, estimate: guess.map(|guess| guess.clamp(low, high)) };
    let detectable_ratio = criticals
        .and_then(|criticals| criticals.first().copied())
        .map(|critical| detectable_ratio(critical, sessions, periods));
    Selected {
        index: choice.index,
        p: tested.map(|tested| tested.p[choice.index]),
        p_alone: tested.map(|_| alone(choice, own)),
        threshold: threshold(joint.variance(), joint.count),
        interval: ends.map(within),
        detectable_ratio,
        detectable_edge: detectable_ratio
            .zip(record)
            .map(|(ratio, record)| ratio * record.deviation * periods.sqrt()),
        record,
    }
}

/// The p of a trial against its own turned signs, the largest over the scales.
fn alone(choice: Choice, own: &[Statistic]) -> f64 {
    let mut pass = Pass::new(own.len());
    pass.add(choice.residuals, choice.buckets, |_, _| {});
    let shares = pass.maxima.iter().zip(own).map(|(maxima, own)| maxima.ranked().p(own.guarded));
    shares.fold(0.0, f64::max)
}

impl Examination {
    /// The p of the best trial.
    pub(crate) fn p_best(&self) -> Option<f64> {
        self.tested.as_ref().map(|tested| tested.p[tested.best])
    }

    /// The trial whose edge unseen days should confirm: the selected one if its p is small enough, else the best.
    pub(crate) fn to_confirm(&self) -> Option<usize> {
        let best = self.tested.as_ref().map(|tested| tested.best)?;
        let selected = self.selected.as_ref().filter(|selected| selected.p.is_some_and(|p| p <= LEVEL));
        Some(selected.map_or(best, |selected| selected.index))
    }
}

impl Selected {
    /// The probability that its true ratio exceeds what the best of the family without skill is expected to show.
    pub(crate) fn deflated(&self) -> Option<f64> {
        self.record.and_then(|record| record.probabilistic(self.threshold))
    }
}
