//! One trial by itself: compared with nothing but its own residuals under turned signs.

use super::family::Allowance;
use super::flips::{Maxima, turned};
use super::pass::{Pass, Statistic};

/// What is added to a critical value so that an edge is seen four times in five: the 0.8 quantile of the normal distribution.
const POWER: f64 = 0.84;

/// A trial that is compared with itself alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alone {
    /// Its statistic by sessions.
    pub statistic: Statistic,
    /// How often turned signs do as well, the largest over the scales, before anything is allowed for.
    pub p: f64,
    /// What turned signs reach by sessions.
    turned: Maxima,
    sessions: usize,
}

impl Alone {
    /// Looks at the residuals of a trial, with a key for each session in each scale, sessions first. `None` for too few
    /// sessions.
    pub(crate) fn new(residuals: &[f64], keys: &[Vec<i64>]) -> Option<Alone> {
        let mut pass = Pass::new(keys)?;
        let statistics = pass.add(residuals);
        let statistic = *statistics.first()?;
        // Even of a trial too poor to win.
        let (ways, _) = turned(residuals, &pass.scales.first()?.blocks);
        let mut turned = Maxima::none();
        turned.join(&ways);
        Some(Alone { statistic, p: pass.p(&statistics), turned, sessions: residuals.len() })
    }

    /// The ratio of mean to deviation, a session, from which on an edge is found four times in five. `None` where no statistic
    /// is enough.
    pub(crate) fn detectable(&self, allowance: Allowance) -> Option<f64> {
        let critical = self.turned.largest(allowance.critical_rank())?;
        Some((critical + POWER) / (self.sessions as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::skill::flips::guarded;

    const FIRST: Allowance = Allowance { trials: 1.0, uncounted: 0.0, look: 1.0 };

    fn keys(sessions: i64) -> Vec<Vec<i64>> {
        vec![(0..sessions).collect()]
    }

    /// Residuals without a pattern about a mean.
    fn residuals(mean: f64, sessions: u64) -> Vec<f64> {
        (0..sessions).map(|t| mean + crate::mixer::hash(7, t) as f64 / u64::MAX as f64 - 0.5).collect()
    }

    #[test]
    fn an_edge_is_seen_and_its_absence_too() {
        let p = |mean| Alone::new(&residuals(mean, 400), &keys(400)).unwrap().p;
        assert!(p(0.2) < 0.001 && p(-0.2) == 1.0, "{} {}", p(0.2), p(-0.2));
        assert!(Alone::new(&residuals(0.2, 59), &keys(59)).is_none());
        let alone = Alone::new(&residuals(0.2, 400), &keys(400)).unwrap();
        assert_eq!(alone.statistic.guarded, guarded(alone.statistic.own, 0.0, 400.0).min(alone.statistic.guarded));
    }

    #[test]
    fn what_can_be_seen_shrinks_with_the_root_of_the_sessions() {
        let detectable = |mean, sessions: u64, allowance| {
            let alone = Alone::new(&residuals(mean, sessions), &keys(sessions as i64)).unwrap();
            alone.detectable(allowance).unwrap() * (sessions as f64).sqrt()
        };
        // About 1.645 + 0.84, however poor the trial is.
        for mean in [-0.3, 0.0, 0.1] {
            assert!((detectable(mean, 400, FIRST) - 2.485).abs() < 0.35, "{}", detectable(mean, 400, FIRST));
        }
        let tenth = Allowance { uncounted: 9.0, ..FIRST };
        assert!(detectable(0.0, 400, tenth) > detectable(0.0, 400, FIRST) + 0.5);
        let alone = Alone::new(&residuals(0.0, 60), &keys(60)).unwrap();
        assert_eq!(alone.detectable(Allowance { uncounted: 1e4, ..FIRST }), None);
    }
}
