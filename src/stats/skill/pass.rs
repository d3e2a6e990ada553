//! One pass over the trials of a sweep: each is looked at alone, and only the best under each way of turning signs is kept.

use super::flips::{Maxima, Turned, guarded, is_poor};
use super::scales::Buckets;

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
}

impl Pass {
    /// Before the first trial.
    pub(crate) fn new(scales: usize) -> Pass {
        Pass { maxima: vec![Maxima::none(); scales], turned: Turned::new() }
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
        let Pass { maxima, turned } = self;
        let of_scale = |(scale, (maxima, buckets)): (usize, (&mut Maxima, &Vec<u16>))| {
            turned.turn(residuals, buckets);
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

/// The statistic of a trial alone in the first scales, to the bit that of [`Pass::add`]. `turned` is overwritten.
pub(crate) fn alone(
    residuals: &[f64],
    buckets: &Buckets,
    scales: usize,
    turned: &mut Turned,
) -> impl Iterator<Item = Statistic> {
    let sessions = residuals.len() as f64;
    let skew = skew(residuals);
    buckets.0.iter().take(scales).map(move |buckets| {
        turned.turn_none(residuals, buckets);
        let own = turned.statistic(0);
        Statistic { own, guarded: guarded(own, skew, sessions), unit: turned.root / sessions }
    })
}

/// The skew of some values, by moments of the population; 0 where they do not differ.
fn skew(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let (mut second, mut third) = (0.0, 0.0);
    for value in values {
        let (distance, square) = (value - mean, (value - mean) * (value - mean));
        second += square;
        third += square * distance;
    }
    let variance = second / count;
    if variance > 0.0 { third / count / (variance * variance.sqrt()) } else { 0.0 }
}
