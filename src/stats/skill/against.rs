//! The trials of a sweep against something that anybody could have held. It decides nothing.

use super::flips::{FLIPS, Maxima, Turned, is_poor, sum_of_squares};
use super::pass::Pass;
use super::scales::{Blocks, Buckets};

/// The best of some trials beyond a holding under turned signs of sessions. Wider scales are left to the test that decides.
#[derive(Debug, Clone)]
pub(crate) struct Against {
    /// The returns of the holding, turned.
    holding: Turned,
    maxima: Maxima,
    difference: Turned,
    sessions: f64,
}

impl Against {
    /// Before the first trial. `returns` are those of the holding, and `sessions` its sessions; the trials have the same.
    pub(crate) fn new(returns: &[f64], sessions: &Blocks) -> Against {
        let mut holding = Turned::new();
        sessions.turn(returns, &[], &mut holding);
        Against { holding, maxima: Maxima::none(), difference: Turned::new(), sessions: returns.len() as f64 }
    }

    /// Looks at the returns of a trial, turned. Turning signs is linear, so the difference needs no turning.
    pub(crate) fn add(&mut self, trial: &Turned) {
        let Against { holding, maxima, difference, sessions } = self;
        let pairs = trial.sums.iter().zip(&holding.sums);
        difference.sums.iter_mut().zip(pairs).for_each(|(out, (trial, holding))| *out = trial - holding);
        difference.root = (sum_of_squares(&difference.sums) / FLIPS as f64).sqrt();
        if !is_poor(difference.statistic(0), *sessions) {
            maxima.add(difference);
        }
    }

    /// The same over more trials.
    pub(crate) fn join(&mut self, other: &Against) {
        self.maxima.join(&other.maxima);
    }

    /// The p of a trial with this difference of returns, whose sessions lie in these buckets.
    pub(crate) fn p(&self, difference: &[f64], buckets: &Buckets) -> f64 {
        let statistics = Pass::new(1).add(difference, buckets, |_, _| {});
        statistics.first().map_or(1.0, |own| self.maxima.ranked().p(own.guarded))
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
        let sessions = &buckets.0[0];
        let mut against = Against::new(&holding, sessions);
        let mut pass = Pass::new(1);
        let mut turned = Turned::new();
        for trial in &trials {
            sessions.turn(trial, &[], &mut turned);
            against.add(&turned);
            let difference: Vec<f64> = trial.iter().zip(&holding).map(|(a, b)| a - b).collect();
            pass.add(&difference, &buckets, |_, _| {});
        }
        let pairs = against.maxima.values().iter().zip(pass.maxima[0].values());
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
