//! Power sums of daily returns in one pass, straight from the equity curve.
//!
//! The sums run in four fixed lanes, so that their order does not depend on the machine; the lanes are added at the end.

use std::ops::Range;

use wide::f64x4;

use super::blocks::segments;

const LANES: usize = 4;
/// Groups of lanes worked on at a time, so that they stay in the first-level cache.
const TILE: usize = 16;

/// Power sums about zero of excess returns.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PowerSums {
    /// Sums of x, x², x³ and x⁴.
    pub powers: [f64; 4],
    /// Number of returns below 0.
    pub negatives: f64,
    /// Sums of x and x² over the returns below 0.
    pub negative_powers: [f64; 2],
}

/// Power sums of `equity[t] / equity[t-1] - 1 - shift` for the t of some ranges, each of them 1 or more, in order.
///
/// `blocks` is left holding the sums of x and x² over each block of returns ([`segments`]).
pub fn power_sums(
    equity: &[f64],
    ranges: &[Range<usize>],
    shift: f64,
    blocks: &mut Vec<[f64; 2]>,
) -> PowerSums {
    let mut powers = [f64x4::ZERO; 4];
    let mut negatives = [f64x4::ZERO; 3];
    let mut tile = [f64x4::ZERO; TILE];
    let total = |sum: f64x4| {
        let [a, b, c, d] = sum.to_array();
        (a + b) + (c + d)
    };
    blocks.clear();
    let mut ranges = ranges.iter().peekable();
    for segment in segments(equity.len()) {
        let mut own = [f64x4::ZERO; 4];
        while let Some(range) = ranges.peek() {
            let mut start = range.start.max(segment.start);
            let end = range.end.min(segment.end);
            while start < end {
                let count = (TILE * LANES).min(end - start);
                let (from, to) = (&equity[start - 1..][..count], &equity[start..][..count]);
                let used = &mut tile[..count.div_ceil(LANES)];
                returns(from, to, shift, used);
                // Two loops, so that the sums of each stay in registers.
                own = add_powers(own, used);
                negatives = add_negatives(negatives, used);
                start += count;
            }
            if range.end > segment.end {
                break;
            }
            ranges.next();
        }
        powers.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
        blocks.push([total(own[0]), total(own[1])]);
    }
    // The first segment is what fills no block.
    blocks.remove(0);
    let [count, first, second] = negatives.map(total);
    PowerSums { powers: powers.map(total), negatives: count, negative_powers: [first, second] }
}

/// Excess returns in lanes. A short last group is filled up with zeros, which change no sum.
fn returns(from: &[f64], to: &[f64], shift: f64, out: &mut [f64x4]) {
    let (from, from_rest) = from.as_chunks::<LANES>();
    let (to, to_rest) = to.as_chunks::<LANES>();
    for (out, (from, to)) in out.iter_mut().zip(from.iter().zip(to)) {
        *out = f64x4::new(*to) / f64x4::new(*from) - f64x4::ONE - f64x4::splat(shift);
    }
    if !to_rest.is_empty() {
        let mut last = [0.0; LANES];
        for (x, (from, to)) in last.iter_mut().zip(from_rest.iter().zip(to_rest)) {
            *x = to / from - 1.0 - shift;
        }
        out[from.len()] = f64x4::new(last);
    }
}

fn add_powers(sums: [f64x4; 4], returns: &[f64x4]) -> [f64x4; 4] {
    let [mut first, mut second, mut third, mut fourth] = sums;
    for &x in returns {
        let square = x * x;
        first += x;
        second += square;
        third += square * x;
        fourth += square * square;
    }
    [first, second, third, fourth]
}

/// Number, sum and sum of squares of the returns below 0.
fn add_negatives(sums: [f64x4; 3], returns: &[f64x4]) -> [f64x4; 3] {
    let [mut count, mut first, mut second] = sums;
    for &x in returns {
        let is_loss = x.simd_lt(f64x4::ZERO);
        let loss = is_loss & x;
        count += is_loss & f64x4::ONE;
        first += loss;
        second += loss * loss;
    }
    [count, first, second]
}

/// Mean and central moments of order 2 to 4 (divided by the count) of `count` values with these sums.
pub fn central_moments(sums: [f64; 4], count: f64) -> [f64; 4] {
    let [m1, m2, m3, m4] = sums.map(|sum| sum / count);
    let square = m1 * m1;
    [
        m1,
        m2 - square,
        m3 - 3.0 * m1 * m2 + 2.0 * m1 * square,
        m4 - 4.0 * m1 * m3 + 6.0 * square * m2 - 3.0 * square * square,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_a_plain_loop() {
        let equity: Vec<f64> = (0..200).map(|t| 100.0 + f64::from(t * 37 % 23)).collect();
        let ranges = [1..70, 80..81, 90..200];
        let mut blocks = Vec::new();
        let got = power_sums(&equity, &ranges, 0.001, &mut blocks);
        let mut expected = PowerSums::default();
        for t in ranges.into_iter().flatten() {
            let x = equity[t] / equity[t - 1] - 1.001;
            for (power, sum) in expected.powers.iter_mut().enumerate() {
                *sum += (0..power).fold(x, |product, _| product * x);
            }
            if x < 0.0 {
                expected.negatives += 1.0;
                expected.negative_powers[0] += x;
                expected.negative_powers[1] += x * x;
            }
        }
        assert_eq!(got.negatives, expected.negatives);
        // 199 returns are ten blocks of 19 after nine that are dropped: the last block is 181..200.
        let sums = (181..200).fold([0.0; 2], |[first, second], t| {
            let x = equity[t] / equity[t - 1] - 1.001;
            [first + x, second + x * x]
        });
        assert_eq!(blocks.len(), 10);
        assert!(blocks[9].iter().zip(sums).all(|(got, expected)| (got - expected).abs() < 1e-14));
        let pairs = got.powers.iter().zip(&expected.powers);
        for (got, expected) in pairs.chain(got.negative_powers.iter().zip(&expected.negative_powers)) {
            assert!((got - expected).abs() <= 1e-13 * expected.abs(), "{got} {expected}");
        }
    }

    #[test]
    fn central_moments_of_a_small_sample() {
        // 1, 2, 6: mean 3, deviations -2, -1, 3.
        let moments = central_moments([9.0, 41.0, 225.0, 1313.0], 3.0);
        let expected = [3.0, 14.0 / 3.0, 18.0 / 3.0, 98.0 / 3.0];
        for (got, expected) in moments.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12);
        }
    }
}
