//! One pass over the trials of a sweep: each is looked at alone, and only the best under each way of turning signs is kept.

use super::flips::{Maxima, Turned, guarded, is_poor};
use super::scales::{Blocks, Buckets, run_up};
use crate::summation::pairwise_sum_by;

/// Fewer sessions than this are no test.
pub(crate) const SESSIONS_LEAST: usize = 60;

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

/// The best of some trials under every way of turning signs, in each scale. It does not depend on their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pass {
    /// By scale, the finest first.
    pub maxima: Vec<Maxima>,
    turned: Turned,
    /// The running sum of the residuals.
    running: Vec<f64>,
}

impl Pass {
    /// Before the first trial.
    pub(crate) fn new(scales: usize) -> Pass {
        Pass { maxima: vec![Maxima::none(); scales], turned: Turned::new(), running: Vec::new() }
    }

    /// Looks at the residuals of a trial, whose sessions lie in these buckets. Gives its statistic in each scale. `hear` is
    /// told of its sums under turned signs, scale by scale.
    pub(crate) fn add(
        &mut self,
        residuals: &[f64],
        buckets: &Buckets,
        mut hear: impl FnMut(usize, &Turned),
    ) -> Vec<Statistic> {
        let sessions = residuals.len() as f64;
        let skew = skew(residuals);
        let Pass { maxima, turned, running } = self;
        run_up(residuals, running);
        let of_scale = |(scale, (maxima, blocks)): (usize, (&mut Maxima, &Blocks))| {
            blocks.turn(residuals, running, turned);
            let own = turned.statistic(0);
            if !is_poor(own, sessions) {
                maxima.add(turned);
            }
            hear(scale, turned);
            Statistic { own, guarded: guarded(own, skew, sessions), unit: turned.root / sessions }
        };
        maxima.iter_mut().zip(&buckets.0).enumerate().map(of_scale).collect()
    }

    /// The same over more trials.
    pub(crate) fn join(&mut self, other: &Pass) {
        self.maxima.iter_mut().zip(&other.maxima).for_each(|(maxima, other)| maxima.join(other));
    }
}

/// The skew of some values, by moments of the population; 0 where they do not differ.
fn skew(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = pairwise_sum_by(values, |x| x) / count;
    let variance = pairwise_sum_by(values, |x| (x - mean) * (x - mean)) / count;
    let third = pairwise_sum_by(values, |x| (x - mean) * (x - mean) * (x - mean)) / count;
    if variance > 0.0 { third / (variance * variance.sqrt()) } else { 0.0 }
}
