//! Signs of blocks of sessions turned in 4,096 ways that form a group, the same blocks for every trial and sweep.
//!
//! Source: Hemerik and Goeman, "Exact testing with random permutations", TEST 27 (2018): over a group of flips the rank of what
//! was observed is exact. The first element of the transform is the trial as it was.

use crate::mixer::hash;

/// The ways in which signs are turned, the first of which turns none.
pub(crate) const FLIPS: usize = 4096;
/// The key of the buckets. Another would be another test of the same days.
const SEED: u64 = 1;
/// A scale counts where the sample has at least so many of its blocks.
const BLOCKS_LEAST: usize = 60;

/// The sessions of a sample that keep their signs together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blocks {
    /// For each session its bucket, one of [`FLIPS`].
    buckets: Vec<u16>,
    /// Number of different keys.
    pub count: usize,
}

impl Blocks {
    /// The blocks of a scale by the key of each session. Sessions of one key are one block; keys are not compared by order.
    pub(crate) fn new(scale: u64, keys: &[i64]) -> Blocks {
        let salt = hash(SEED * 256 + scale, 0);
        let bucket = |key: &i64| (hash(salt ^ *key as u64, 0) >> 52) as u16;
        let mut different = keys.to_vec();
        different.sort_unstable();
        different.dedup();
        Blocks { buckets: keys.iter().map(bucket).collect(), count: different.len() }
    }

    /// Whether there are enough blocks for a test.
    pub(crate) fn are_enough(&self) -> bool {
        self.count >= BLOCKS_LEAST
    }
}

/// The sums of residuals under every way of turning signs, each over the root of the sum of the squared bucket sums: the first
/// is the trial's own. All 0 where every bucket sums to 0. Beside them what one unit earns a session: that root over the number
/// of sessions.
pub(crate) fn turned(residuals: &[f64], blocks: &Blocks) -> (Vec<f64>, f64) {
    let mut sums = vec![0.0; FLIPS];
    for (residual, bucket) in residuals.iter().zip(&blocks.buckets) {
        sums[*bucket as usize] += residual;
    }
    let root = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    if root > 0.0 {
        walsh_hadamard(&mut sums);
        sums.iter_mut().for_each(|sum| *sum /= root);
    }
    (sums, root / residuals.len() as f64)
}

/// The fast Walsh-Hadamard transform in natural order, of as many values as a power of two.
fn walsh_hadamard(values: &mut [f64]) {
    let mut half = 1;
    while half < values.len() {
        for pair in values.chunks_exact_mut(2 * half) {
            let (first, second) = pair.split_at_mut(half);
            for (a, b) in first.iter_mut().zip(second) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half *= 2;
    }
}

/// The statistic of a trial with this skew over this many sessions, less what a long tail of losses lends to it.
///
/// Source: Johnson, "Modified t tests and confidence intervals for asymmetrical populations", JASA 73 (1978).
pub(crate) fn guarded(own: f64, skew: f64, sessions: f64) -> f64 {
    own + skew.min(0.0) * (1.0 + 2.0 * own * own) / (6.0 * sessions.sqrt())
}

/// Whether a trial did so badly that it cannot be the best of trials without skill. `own` is without the guard.
///
/// Source: Hansen, "A test for superior predictive ability", Journal of Business and Economic Statistics 23 (2005).
pub(crate) fn is_poor(own: f64, sessions: f64) -> bool {
    own < -(2.0 * libm::log(libm::log(sessions))).sqrt()
}

/// The best statistic of some trials under every way of turning signs, at least 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Maxima(Vec<f64>);

impl Maxima {
    /// Of no trial.
    pub(crate) fn none() -> Maxima {
        Maxima(vec![0.0; FLIPS])
    }

    /// Of the same trials and others.
    pub(crate) fn join(&mut self, others: &[f64]) {
        self.0.iter_mut().zip(others).for_each(|(best, other)| *best = best.max(*other));
    }

    /// By the ways of turning signs.
    pub(crate) fn values(&self) -> &[f64] {
        &self.0
    }

    /// The share of all ways, the trial's own among them, under which the best is at least as good as a trial; 1 for one that
    /// earned nothing.
    pub(crate) fn p(&self, guarded: f64) -> f64 {
        if guarded <= 0.0 {
            return 1.0;
        }
        let better = self.0[1..].iter().filter(|best| **best >= guarded).count();
        (1 + better) as f64 / FLIPS as f64
    }

    /// The k-th largest under turned signs, counted from 1; `None` for 0 or beyond their number.
    pub(crate) fn largest(&self, k: usize) -> Option<f64> {
        let mut sorted = self.0[1..].to_vec();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        sorted.get(k.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_turns_signs_by_the_bits_that_two_numbers_share() {
        let values: Vec<f64> = (0..16u32).map(|value| f64::from(value * 7 % 11) - 4.0).collect();
        let mut fast = values.clone();
        walsh_hadamard(&mut fast);
        for (flip, found) in fast.iter().enumerate() {
            let sign = |place: usize| if (place & flip).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
            let slow: f64 = values.iter().enumerate().map(|(place, value)| sign(place) * value).sum();
            assert_eq!(*found, slow);
        }
    }

    #[test]
    fn the_first_is_the_trial_itself() {
        let keys: Vec<i64> = (0..80).collect();
        let blocks = Blocks::new(0, &keys);
        assert!(blocks.are_enough() && !Blocks::new(1, &keys[..59]).are_enough());
        let residuals: Vec<f64> = keys.iter().map(|key| (key % 3 - 1) as f64).collect();
        let sum: f64 = residuals.iter().sum();
        let (ways, unit) = turned(&residuals, &blocks);
        assert!((ways[0] * unit * 80.0 - sum).abs() < 1e-12);
        let (ways, unit) = turned(&[0.0; 80], &blocks);
        assert!(unit == 0.0 && ways.iter().all(|value| *value == 0.0));
    }

    #[test]
    fn p_counts_the_ways_in_which_luck_does_as_well() {
        let mut maxima = Maxima::none();
        let mut ways = vec![-1.0; FLIPS];
        ways[..4].copy_from_slice(&[9.0, 3.0, 2.0, 2.0]);
        maxima.join(&ways);
        assert_eq!(
            [3.5, 3.0, 2.0, 0.5, 0.0].map(|own| maxima.p(own) * FLIPS as f64),
            [1.0, 2.0, 4.0, 4.0, 4096.0]
        );
        assert_eq!(
            [0, 1, 2, 3, 4, 4096].map(|k| maxima.largest(k)),
            [None, Some(3.0), Some(2.0), Some(2.0), Some(0.0), None]
        );
    }

    #[test]
    fn a_tail_of_losses_costs_and_one_of_gains_gives_nothing() {
        assert_eq!(guarded(2.0, 0.7, 100.0), 2.0);
        assert_eq!(guarded(2.0, -1.0, 100.0), 2.0 - 9.0 / 60.0);
        assert!(is_poor(-2.1, 5000.0) && !is_poor(-2.0, 5000.0));
    }
}
