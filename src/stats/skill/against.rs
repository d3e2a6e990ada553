//! The trials of a sweep against something that anybody could have held. It decides nothing.

use super::flips::{FLIPS, Maxima, Turned, is_poor, sum_of_squares};
use super::pass::Pass;
use super::scales::Buckets;

/// The best of some trials beyond a holding under turned signs, in each scale.
#[derive(Debug, Clone)]
pub(crate) struct Against {
    /// The holding by scale.
    holding: Vec<Turned>,
    maxima: Vec<Maxima>,
    difference: Turned,
    sessions: f64,
}

impl Against {
    /// Before the first trial. `returns` are those of the holding, whose sessions lie in these buckets; the trials have the
    /// same.
    pub(crate) fn new(returns: &[f64], buckets: &Buckets, scales: usize) -> Against {
        let turned = |buckets: &Vec<u16>| {
            let mut turned = Turned::new();
            turned.turn(returns, buckets);
            turned
        };
        Against {
            holding: buckets.0.iter().take(scales).map(turned).collect(),
            maxima: vec![Maxima::none(); scales],
            difference: Turned::new(),
            sessions: returns.len() as f64,
        }
    }

    /// Looks at the returns of a trial, turned in one scale. Turning signs is linear, so the difference needs no turning.
    pub(crate) fn add(&mut self, scale: usize, trial: &Turned) {
        let Against { holding, maxima, difference, sessions } = self;
        let pairs = trial.sums.iter().zip(&holding[scale].sums);
        difference.sums.iter_mut().zip(pairs).for_each(|(out, (trial, holding))| *out = trial - holding);
        difference.root = (sum_of_squares(&difference.sums) / FLIPS as f64).sqrt();
        if !is_poor(difference.statistic(0), *sessions) {
            maxima[scale].add(difference);
        }
    }

    /// The same over more trials.
    pub(crate) fn join(&mut self, other: &Against) {
        self.maxima.iter_mut().zip(&other.maxima).for_each(|(maxima, other)| maxima.join(other));
    }

    /// The p of a trial with this difference of returns, whose sessions lie in these buckets: the largest over the scales.
    pub(crate) fn p(&self, difference: &[f64], buckets: &Buckets) -> f64 {
        let statistics = Pass::new(self.maxima.len()).add(difference, buckets, |_, _| {});
        let shares = self.maxima.iter().zip(statistics);
        shares.map(|(maxima, own)| maxima.ranked().p(own.guarded)).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};
    use crate::stats::skill::scales::of_days;

    #[test]
    fn the_difference_of_turned_sums_is_the_turned_difference() {
        let days: Vec<i64> = (0..700).collect();
        let scales = of_days(&days);
        let buckets = Buckets::of_days(&scales, &days);
        let series = |seed: u64| (0..700).map(|day| fraction(hash(seed, day)) - 0.45).collect::<Vec<f64>>();
        let (holding, trials) = (series(1), [series(2), series(3)]);
        let mut against = Against::new(&holding, &buckets, scales.len());
        let mut pass = Pass::new(scales.len());
        let mut turned = Turned::new();
        for trial in &trials {
            for (scale, of_scale) in buckets.0.iter().enumerate() {
                turned.turn(trial, of_scale);
                against.add(scale, &turned);
            }
            let difference: Vec<f64> = trial.iter().zip(&holding).map(|(a, b)| a - b).collect();
            pass.add(&difference, &buckets, |_, _| {});
        }
        for (found, expected) in against.maxima.iter().zip(&pass.maxima) {
            let pairs = found.values().iter().zip(expected.values());
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }
}
