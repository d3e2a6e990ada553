//! Latin hypercube: each axis is cut into as many equal intervals as there are points, and each interval holds one point.
//!
//! McKay, Beckman and Conover (1979). The order of the intervals is a permutation that can be asked for one point at a time,
//! so nothing as long as the sample is kept.

use crate::mixer::hash;

/// Rounds of the permutation. Four make a Feistel network pseudo-random (Luby and Rackoff 1988); tiny domains need more.
const ROUNDS: u64 = 8;
/// Bits of the offset inside an interval. The offset is a middle of 2^20 parts, so no rounding moves a point out of its
/// interval.
const OFFSET_BITS: u32 = 20;

/// A coordinate in [0, 1) of a point of a sample of `points`, at most 2^30; `index` is below `points`.
///
/// `key` stands for the axis and the seed.
pub(crate) fn coordinate(index: u64, points: u64, key: u64) -> f64 {
    let offset = (hash(hash(key, ROUNDS), index) >> (64 - OFFSET_BITS)) as f64 + 0.5;
    (permuted(index, points, key) as f64 + offset / f64::from(1u32 << OFFSET_BITS)) / points as f64
}

/// Where a keyed permutation of `0..count` sends an index.
///
/// A balanced Feistel network permutes the next even power of two; from outside `0..count` it is walked on until inside (Black
/// and Rogaway, "Ciphers with arbitrary finite domains", 2002), on average less than four times.
fn permuted(index: u64, count: u64, key: u64) -> u64 {
    debug_assert!(index < count);
    let bits = u64::BITS - (count - 1).leading_zeros();
    let half = bits.div_ceil(2).max(1);
    let mask = (1 << half) - 1;
    let mut position = index;
    loop {
        let (mut left, mut right) = (position >> half, position & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (hash(hash(key, round), right) >> (u64::BITS - half)));
        }
        position = left << half | right;
        if position < count {
            return position;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_interval_holds_one_point() {
        for points in [1, 2, 3, 4, 5, 7, 10, 64, 100, 1000, 1023, 1025, 65_537] {
            for key in [0, 1, 77] {
                let mut intervals: Vec<u64> = (0..points)
                    .map(|index| (coordinate(index, points, key) * points as f64) as u64)
                    .collect();
                intervals.sort_unstable();
                assert!(intervals.into_iter().eq(0..points), "{points} points");
            }
        }
    }

    #[test]
    fn no_point_of_the_largest_sample_leaves_its_interval() {
        let points = (1 << 30) - 1;
        for index in (0..points).step_by(1_000_003).chain([points - 1]) {
            let coordinate = coordinate(index, points, 5);
            assert!((0.0..1.0).contains(&coordinate));
            assert_eq!((coordinate * points as f64) as u64, permuted(index, points, 5));
        }
    }

    #[test]
    fn every_order_of_a_few_points_is_about_as_likely() {
        for (points, orders) in [(2, 2), (3, 6), (4, 24), (5, 120)] {
            let each = 1000;
            let mut counts: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
            for key in 0..each * orders {
                let order = (0..points).map(|index| permuted(index, points, key)).collect();
                *counts.entry(order).or_default() += 1;
            }
            assert_eq!(counts.len() as u64, orders);
            // A Feistel network over 16 positions makes even permutations only; walking leaves a tenth of that bias for 5
            // points.
            assert!(counts.values().all(|&count| (750..1250).contains(&count)), "{points}: {counts:?}");
        }
    }
}
