//! One pass over the trials of a sweep: each is looked at alone, and only the best under each way of turning signs is kept.

use super::flips::{Blocks, Maxima, guarded, is_poor, turned};

/// Fewer sessions than this are no test.
pub(crate) const SESSIONS_LEAST: usize = 60;

/// A scale: how sessions are put into blocks that keep their signs together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    /// Its blocks.
    pub blocks: Blocks,
    /// The best of all trials so far.
    pub maxima: Maxima,
}

/// The statistic of a trial in one scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Statistic {
    /// As it was: the sum of the residuals over the root of the sum of the squared sums of buckets.
    pub own: f64,
    /// Less what a long tail of losses lends to it.
    pub guarded: f64,
    /// What one unit of it earns a session.
    pub unit: f64,
}

/// The scales of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pass {
    /// Those with enough blocks; the first is that of sessions.
    pub scales: Vec<Scale>,
}

impl Pass {
    /// A pass over trials of some sessions, with a key for each session in each scale. The scale of sessions comes first and is
    /// always looked at. `None` for too few sessions.
    pub(crate) fn new(keys: &[Vec<i64>]) -> Option<Pass> {
        let sessions = keys.first().map_or(0, Vec::len);
        let scale = |(number, keys): (u64, &Vec<i64>)| Scale {
            blocks: Blocks::new(number, keys),
            maxima: Maxima::none(),
        };
        let scales = (0..).zip(keys).map(scale).enumerate();
        let scales = scales.filter(|(number, scale)| *number == 0 || scale.blocks.are_enough());
        (sessions >= SESSIONS_LEAST).then(|| Pass { scales: scales.map(|(_, scale)| scale).collect() })
    }

    /// Looks at the residuals of a trial; gives its statistic in each scale.
    pub(crate) fn add(&mut self, residuals: &[f64]) -> Vec<Statistic> {
        let sessions = residuals.len() as f64;
        let skew = skew(residuals);
        let of_scale = |scale: &mut Scale| {
            let (ways, unit) = turned(residuals, &scale.blocks);
            let own = ways[0];
            if !is_poor(own, sessions) {
                scale.maxima.join(&ways);
            }
            Statistic { own, guarded: guarded(own, skew, sessions), unit }
        };
        self.scales.iter_mut().map(of_scale).collect()
    }

    /// The chance that the best trial without skill does as well as one, the largest over the scales, before anything is
    /// allowed for that is not among the maxima.
    pub(crate) fn p(&self, statistics: &[Statistic]) -> f64 {
        let of_scale = |(scale, statistic): (&Scale, &Statistic)| scale.maxima.p(statistic.guarded);
        self.scales.iter().zip(statistics).map(of_scale).fold(0.0, f64::max)
    }
}

/// The skew of some values, by moments of the population; 0 where they do not differ.
fn skew(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let mean_of = |of: fn(f64) -> f64| values.iter().map(|value| of(value - mean)).sum::<f64>() / count;
    let variance = mean_of(|x| x * x);
    if variance > 0.0 { mean_of(|x| x * x * x) / (variance * variance.sqrt()) } else { 0.0 }
}
