//! One trial by itself: compared with nothing but its own residuals under turned signs.

use super::family::Allowance;
use super::flips::{Maxima, RankedMaxima, Turned};
use super::pass::{Pass, SESSIONS_LEAST, Statistic};
use super::record::detectable_ratio;
use super::scales::{Buckets, of_days};

/// A trial that is compared with itself alone.
#[derive(Debug, Clone)]
pub(crate) struct Alone {
    /// Its statistic by sessions.
    pub statistic: Statistic,
    /// How often turned signs do as well, the largest over the scales, before anything is allowed for.
    pub p: f64,
    /// What turned signs reach by sessions.
    reached: RankedMaxima,
    sessions: usize,
}

impl Alone {
    /// Looks at the residuals of a trial on some days, which are counted from 1970-01-01 and ascend. `None` for too few.
    pub(crate) fn new(residuals: &[f64], days: &[i64]) -> Option<Alone> {
        if days.len() < SESSIONS_LEAST {
            return None;
        }
        let scales = of_days(days);
        let buckets = Buckets::of_days(&scales, days);
        let mut pass = Pass::new(scales.len());
        // A pass leaves out what is too poor to win, and even that has an edge that would have been seen.
        let mut reached = Maxima::none();
        let statistics = pass.add(residuals, &buckets, |scale, turned: &Turned| {
            if scale == 0 {
                reached.add(turned);
            }
        });
        let shares = pass.maxima.iter().zip(&statistics).map(|(maxima, own)| maxima.ranked().p(own.guarded));
        Some(Alone {
            statistic: *statistics.first()?,
            p: shares.fold(0.0, f64::max),
            reached: reached.ranked(),
            sessions: days.len(),
        })
    }

    /// The ratio a year of `periods` sessions from which on an edge is found four times in five. `None` where no statistic is
    /// enough.
    pub(crate) fn detectable(&self, allowance: Allowance, periods: f64) -> Option<f64> {
        let critical = self.reached.largest(allowance.critical_rank())?;
        Some(detectable_ratio(critical, self.sessions, periods))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};

    const FIRST: Allowance = Allowance { trials: 1, uncounted: 0, look: 1 };

    /// A trial of residuals without a pattern about a mean.
    fn alone(mean: f64, sessions: i64) -> Option<Alone> {
        let days: Vec<i64> = (0..sessions).collect();
        let residuals: Vec<f64> =
            days.iter().map(|day| mean + fraction(hash(7, *day as u64)) - 0.5).collect();
        Alone::new(&residuals, &days)
    }

    #[test]
    fn an_edge_is_seen_and_its_absence_too() {
        let p = |mean| alone(mean, 400).unwrap().p;
        assert!(p(0.2) < 0.001 && p(-0.2) == 1.0, "{} {}", p(0.2), p(-0.2));
        assert!(p(0.0) > 0.05 && alone(0.2, 59).is_none());
    }

    #[test]
    fn the_scale_with_the_largest_p_counts() {
        // The days of a week do the same: by the day there is an edge, by the week there is none.
        let days: Vec<i64> = (4..4 + 7 * 60).collect();
        let of_week = |day: &i64| 0.06 + fraction(hash(3, (*day as u64 + 3) / 7)) - 0.5;
        let residuals: Vec<f64> = days.iter().map(of_week).collect();
        let by_week = Alone::new(&residuals, &days).unwrap();
        let by_day = Alone::new(&residuals[..7 * 59], &days[..7 * 59]).unwrap();
        assert!(by_day.p < 0.001 && by_week.p > 0.01, "{} {}", by_day.p, by_week.p);
    }

    #[test]
    fn what_can_be_seen_grows_with_what_was_opened() {
        let detectable = |mean, allowance| alone(mean, 400).unwrap().detectable(allowance, 400.0).unwrap();
        // About 1.645 + 0.84, however poor the trial is.
        for mean in [-0.3, 0.0, 0.1] {
            assert!((detectable(mean, FIRST) - 2.485).abs() < 0.35, "{}", detectable(mean, FIRST));
        }
        let tenth = Allowance { uncounted: 9, ..FIRST };
        assert!(detectable(0.0, tenth) > detectable(0.0, FIRST) + 0.5);
        let late = Allowance { uncounted: 10_000, ..FIRST };
        assert_eq!(alone(0.0, 60).unwrap().detectable(late, 252.0), None);
    }
}
