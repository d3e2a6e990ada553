//! Signs of blocks of sessions turned in 4,096 ways that form a group, the same blocks for every trial and sweep.
//!
//! Source: Hemerik and Goeman, "Exact testing with random permutations", TEST 27 (2018): over a group of flips the rank of what
//! was observed is exact. The first element of the transform is the trial as it was.

use wide::f64x4;

use crate::mixer::hash;

/// The ways in which signs are turned, the first of which turns none.
pub(crate) const FLIPS: usize = 4096;
/// The key of the buckets. Another would be another test of the same days.
pub(crate) const SEED: u64 = 1;

/// The bucket of a block, one of [`FLIPS`], by its key and the number of its scale.
pub(crate) fn bucket(scale: u64, key: i64) -> u16 {
    let salt = hash(SEED * 256 + scale, 0);
    (hash(salt ^ key as u64, 0) >> 52) as u16
}

/// The sums of one series under every way of turning signs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turned {
    /// The sums, that of the series as it was first.
    pub sums: Vec<f64>,
    /// The root of the sum of the squared sums of buckets.
    pub root: f64,
}

impl Turned {
    /// Room for a series.
    pub(crate) fn new() -> Turned {
        Turned { sums: vec![0.0; FLIPS], root: 0.0 }
    }

    /// Turns the signs of a series. `blocks` gives the sum of each block with its bucket.
    pub(crate) fn turn(&mut self, blocks: impl Iterator<Item = (f64, u16)>) {
        self.sums.fill(0.0);
        blocks.for_each(|(value, bucket)| self.sums[usize::from(bucket) % FLIPS] += value);
        self.root = sum_of_squares(&self.sums).sqrt();
        if self.root > 0.0 {
            walsh_hadamard(&mut self.sums);
        }
    }

    /// The statistic under a way of turning signs; 0 where every bucket sums to 0.
    pub(crate) fn statistic(&self, way: usize) -> f64 {
        self.sums[way] * self.scale()
    }

    /// What a sum is multiplied by to make a statistic of it.
    fn scale(&self) -> f64 {
        if self.root > 0.0 { 1.0 / self.root } else { 0.0 }
    }
}

/// The sum of the squares, side by side in lanes.
pub(crate) fn sum_of_squares(values: &[f64]) -> f64 {
    let (steps, rest) = values.as_chunks::<8>();
    let mut lanes = [f64x4::ZERO; 2];
    for [a, b, c, d, e, f, g, h] in steps {
        let [left, right] = [f64x4::new([*a, *b, *c, *d]), f64x4::new([*e, *f, *g, *h])];
        lanes = [lanes[0] + left * left, lanes[1] + right * right];
    }
    let lanes = (lanes[0] + lanes[1]).to_array();
    lanes.iter().sum::<f64>() + rest.iter().map(|value| value * value).sum::<f64>()
}

/// The fast Walsh-Hadamard transform in natural order, of as many values as a power of 4.
fn walsh_hadamard(values: &mut [f64]) {
    for quarter in values.as_chunks_mut::<4>().0 {
        let [a, b, c, d] = *quarter;
        let ([e, f], [g, h]) = ([a + b, a - b], [c + d, c - d]);
        *quarter = [e + g, f + h, e - g, f - h];
    }
    let mut half = 4;
    // Two steps at a time read and write every value once.
    while half < values.len() {
        for part in values.chunks_exact_mut(4 * half) {
            let (front, back) = part.split_at_mut(2 * half);
            let ((a, b), (c, d)) = (front.split_at_mut(half), back.split_at_mut(half));
            let lanes = a.as_chunks_mut::<4>().0.iter_mut().zip(b.as_chunks_mut::<4>().0);
            let lanes = lanes.zip(c.as_chunks_mut::<4>().0.iter_mut().zip(d.as_chunks_mut::<4>().0));
            for ((a, b), (c, d)) in lanes {
                let [one, two, three, four] = [*a, *b, *c, *d].map(f64x4::new);
                let ([e, f], [g, h]) = ([one + two, one - two], [three + four, three - four]);
                [*a, *b, *c, *d] = [e + g, f + h, e - g, f - h].map(f64x4::to_array);
            }
        }
        half *= 4;
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

    /// Of trials elsewhere, as the ledger keeps them; `None` unless there are as many as ways.
    pub(crate) fn of(values: Vec<f64>) -> Option<Maxima> {
        (values.len() == FLIPS).then_some(Maxima(values))
    }

    /// Of the same trials and one more.
    pub(crate) fn add(&mut self, turned: &Turned) {
        let scale = f64x4::splat(turned.scale());
        for (best, sums) in self.0.as_chunks_mut::<4>().0.iter_mut().zip(turned.sums.as_chunks::<4>().0) {
            *best = f64x4::new(*best).fast_max(f64x4::new(*sums) * scale).to_array();
        }
    }

    /// Of the same trials and others.
    pub(crate) fn join(&mut self, others: &Maxima) {
        self.0.iter_mut().zip(&others.0).for_each(|(best, other)| *best = best.max(*other));
    }

    /// By the ways of turning signs.
    pub(crate) fn values(&self) -> &[f64] {
        &self.0
    }

    /// Those under turned signs, in order.
    pub(crate) fn ranked(&self) -> RankedMaxima {
        let mut sorted = self.0[1..].to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        RankedMaxima(sorted)
    }
}

/// The maxima under turned signs, ascending.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RankedMaxima(pub Vec<f64>);

impl RankedMaxima {
    /// The share of all ways, the trial's own among them, under which the best is at least as good as a trial; 1 for one that
    /// earned nothing.
    pub(crate) fn p(&self, guarded: f64) -> f64 {
        if guarded <= 0.0 {
            return 1.0;
        }
        let better = self.0.len() - self.0.partition_point(|best| *best < guarded);
        (1 + better) as f64 / FLIPS as f64
    }

    /// The k-th largest, counted from 1; `None` for 0 or beyond their number.
    pub(crate) fn largest(&self, k: usize) -> Option<f64> {
        let place = self.0.len().checked_sub(k)?;
        self.0.get(place).copied()
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
        let buckets: Vec<u16> = (0..80).map(|key| bucket(0, key)).collect();
        let values: Vec<f64> = (0..80i32).map(|key| f64::from(key % 3 - 1)).collect();
        let mut turned = Turned::new();
        turned.turn(values.iter().copied().zip(buckets.iter().copied()));
        assert!((turned.sums[0] - values.iter().sum::<f64>()).abs() < 1e-12);
        assert_eq!(turned.statistic(7), turned.sums[7] * (1.0 / turned.root));
        turned.turn(buckets.iter().map(|bucket| (0.0, *bucket)));
        assert!(turned.root == 0.0 && turned.statistic(0) == 0.0);
    }

    #[test]
    fn p_counts_the_ways_in_which_luck_does_as_well() {
        let mut ways = vec![-1.0; FLIPS];
        ways[..4].copy_from_slice(&[9.0, 3.0, 2.0, 2.0]);
        let mut maxima = Maxima::none();
        maxima.join(&Maxima::of(ways).unwrap());
        assert_eq!(Maxima::of(vec![1.0]), None);
        let ranked = maxima.ranked();
        assert_eq!(
            [3.5, 3.0, 2.0, 0.5, 0.0].map(|own| ranked.p(own) * FLIPS as f64),
            [1.0, 2.0, 4.0, 4.0, 4096.0]
        );
        assert_eq!(
            [0, 1, 2, 3, 4, 4096].map(|k| ranked.largest(k)),
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
