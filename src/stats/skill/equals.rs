//! Which trials cannot be told from the best: the difference of two residuals is as likely its own opposite if neither trial
//! is better, so its signs are turned as those of the residuals are, and the largest difference is looked at again.
//!
//! Source: Romano and Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing", JASA 100 (2005), of which
//! this is the first step.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use super::family::LEVEL;
use super::flips::{FLIPS, Maxima, Turned};

/// Trials that are compared with the best, at most.
pub(crate) const COMPARED_MOST: usize = 5000;

/// The trials with the best statistics, with their sums under turned signs in one scale.
#[derive(Debug, Default)]
pub(crate) struct Front(Mutex<BinaryHeap<Row>>);

/// A trial of the front.
#[derive(Debug)]
struct Row {
    statistic: f64,
    index: usize,
    /// The sums under turned signs.
    sums: Vec<f32>,
}

impl Row {
    /// The worst row is the greatest, and of equals the last one.
    fn order(&self, other: &Row) -> Ordering {
        other.statistic.total_cmp(&self.statistic).then(self.index.cmp(&other.index))
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.order(other).is_eq()
    }
}

impl Eq for Row {}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Row) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Row {
    fn cmp(&self, other: &Row) -> Ordering {
        self.order(other)
    }
}

impl Front {
    /// Looks at a trial. Which trials are kept does not depend on the order in which they come.
    pub(crate) fn add(&self, index: usize, turned: &Turned) {
        let sums = || turned.sums.iter().map(|sum| *sum as f32).collect();
        let row = |sums| Row { statistic: turned.statistic(0), index, sums };
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.len() < COMPARED_MOST {
            rows.push(row(sums()));
        } else if rows.peek().is_some_and(|worst| row(Vec::new()) < *worst) {
            rows.pop();
            rows.push(row(sums()));
        }
    }

    /// The trials that cannot be told from one, that trial among them, ascending; and how many were compared. `None` if the
    /// trial was not kept.
    pub(crate) fn equals_of(self, best: usize) -> Option<(Vec<usize>, usize)> {
        let mut rows = self.0.into_inner().unwrap_or_else(PoisonError::into_inner).into_vec();
        rows.sort_unstable_by_key(|row| row.index);
        let own = &rows[rows.binary_search_by_key(&best, |row| row.index).ok()?];
        let mut maxima = Maxima::none();
        let mut difference = Turned::new();
        let statistics: Vec<f64> = rows
            .iter()
            .map(|row| {
                difference.set_difference(&own.sums, &row.sums);
                maxima.add(&difference);
                difference.statistic(0)
            })
            .collect();
        let ranked = maxima.ranked();
        let is_equal = |(_, statistic): &(&Row, f64)| ranked.p(*statistic) > LEVEL;
        let equals = rows.iter().zip(statistics).filter(is_equal).map(|(row, _)| row.index);
        Some((equals.collect(), rows.len()))
    }
}

impl Turned {
    /// The sums of the difference of two series from those of each.
    fn set_difference(&mut self, one: &[f32], other: &[f32]) {
        let differences = one.iter().zip(other).map(|(a, b)| f64::from(*a) - f64::from(*b));
        self.sums.clear();
        self.sums.extend(differences);
        // The transform keeps the sum of squares but for the number of ways.
        self.root = (super::flips::sum_of_squares(&self.sums) / FLIPS as f64).sqrt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};
    use crate::stats::skill::flips::bucket;

    /// Turned sums of 500 sessions of noise and a drift in deviations of noise.
    fn turned(seed: u64, drift: f64, noise: f64) -> Turned {
        let values: Vec<f64> = (0..500)
            .map(|day| drift + noise * (fraction(hash(seed, day)) - 0.5) + fraction(hash(1, day)) - 0.5)
            .collect();
        let mut turned = Turned::new();
        turned.turn((0..500).zip(values).map(|(day, value)| (value, bucket(0, day))));
        turned
    }

    #[test]
    fn what_is_worse_by_more_than_chance_is_told_apart() {
        let front = Front::default();
        for (index, (drift, noise)) in
            [(0.2, 0.1), (0.0, 0.1), (0.199, 0.1), (0.2, 2.0)].into_iter().enumerate()
        {
            front.add(index, &turned(10 + index as u64, drift, noise));
        }
        assert_eq!(front.equals_of(0), Some((vec![0, 2, 3], 4)));
    }

    #[test]
    fn the_front_does_not_depend_on_the_order_of_its_trials() {
        let trials: Vec<(usize, f64)> =
            (0..COMPARED_MOST + 50).map(|index| (index, (index * 7919 % 5003 / 2) as f64)).collect();
        let kept = |trials: &[(usize, f64)]| {
            let front = Front::default();
            for &(index, own) in trials {
                front.add(index, &Turned { sums: vec![own], root: 1.0 });
            }
            let mut kept: Vec<usize> =
                front.0.into_inner().unwrap().into_iter().map(|row| row.index).collect();
            kept.sort_unstable();
            kept
        };
        let forward = kept(&trials);
        assert_eq!(forward.len(), COMPARED_MOST);
        assert_eq!(kept(&trials.iter().rev().copied().collect::<Vec<_>>()), forward);
    }
}
