//! Power sums of daily returns, computed in one pass over the equity curve.
//!
//! The sums run in four fixed lanes, so that their order does not depend on the machine; the lanes are added at the end.

use std::ops::Range;

use wide::f64x4;

use super::blocks::segments;

const LANES: usize = 4;

/// Power sums about zero of excess returns.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PowerSums {
    /// Sums of x, x², x³ and x⁴.
    pub powers: [f64; 4],
    /// Number of returns below 0.
    pub negatives: f64,
    /// Sums of x and x² over the returns below 0.
    pub negative_powers: [f64; 2],
}

/// Power sums of `equity[t] / equity[t-1] - 1 - shift` over all t in some ascending ranges; every t is at least 1.
///
/// `blocks` is left holding the sums of x and x² over each block of returns ([`segments`]).
pub(crate) fn power_sums(
    equity: &[f64],
    ranges: &[Range<usize>],
    shift: f64,
    blocks: &mut Vec<[f64; 2]>,
) -> PowerSums {
    let mut powers = [f64x4::ZERO; 4];
    let mut negatives = [f64x4::ZERO; 3];
    let total = |sum: f64x4| {
        let [a, b, c, d] = sum.to_array();
        (a + b) + (c + d)
    };
    blocks.clear();
    let mut ranges = ranges.iter().peekable();
    for segment in segments(equity.len()) {
        let mut own = [f64x4::ZERO; 4];
        while let Some(range) = ranges.peek() {
            let (start, end) = (range.start.max(segment.start), range.end.min(segment.end));
            if start < end {
                (own, negatives) = add_returns(own, negatives, &equity[start - 1..end], shift);
            }
            if range.end > segment.end {
                break;
            }
            ranges.next();
        }
        powers.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
        blocks.push([total(own[0]), total(own[1])]);
    }
    // The first segment belongs to no block.
    blocks.remove(0);
    let [count, first, second] = negatives.map(total);
    PowerSums { powers: powers.map(total), negatives: count, negative_powers: [first, second] }
}

/// Adds the excess returns of a part of the curve to the power sums, and those below 0 to their number, sum and sum of squares.
#[inline]
fn add_returns(
    powers: [f64x4; 4],
    negatives: [f64x4; 3],
    equity: &[f64],
    shift: f64,
) -> ([f64x4; 4], [f64x4; 3]) {
    let [mut first, mut second, mut third, mut fourth] = powers;
    let [mut count, mut first_negative, mut second_negative] = negatives;
    let mut add = |x: f64x4| {
        let square = x * x;
        first += x;
        second += square;
        third += square * x;
        fourth += square * square;
        let is_loss = x.simd_lt(f64x4::ZERO);
        count += is_loss & f64x4::ONE;
        first_negative += is_loss & x;
        second_negative += is_loss & square;
    };
    let (from, from_rest) = equity[..equity.len() - 1].as_chunks::<LANES>();
    let (to, to_rest) = equity[1..].as_chunks::<LANES>();
    let shifts = f64x4::splat(shift);
    for (from, to) in from.iter().zip(to) {
        add(f64x4::new(*to) / f64x4::new(*from) - f64x4::ONE - shifts);
    }
    if !to_rest.is_empty() {
        // Zeros change no sum.
        let mut last = [0.0; LANES];
        for (x, (from, to)) in last.iter_mut().zip(from_rest.iter().zip(to_rest)) {
            *x = to / from - 1.0 - shift;
        }
        add(f64x4::new(last));
    }
    ([first, second, third, fourth], [count, first_negative, second_negative])
}

/// The mean and the central moments of order 2 to 4 (divided by the count) of `count` values with these power sums.
pub(crate) fn central_moments(sums: [f64; 4], count: f64) -> [f64; 4] {
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

    fn check(equity: &[f64], ranges: &[Range<usize>], shift: f64) {
        let mut blocks = Vec::new();
        let got = power_sums(equity, ranges, shift, &mut blocks);
        let excess = |t: usize| equity[t] / equity[t - 1] - 1.0 - shift;
        let is_in = |t: &usize| ranges.iter().any(|range| range.contains(t));
        let mut expected = PowerSums::default();
        for x in (1..equity.len()).filter(is_in).map(excess) {
            for (power, sum) in expected.powers.iter_mut().enumerate() {
                *sum += (0..power).fold(x, |product, _| product * x);
            }
            if x < 0.0 {
                expected.negatives += 1.0;
                expected.negative_powers[0] += x;
                expected.negative_powers[1] += x * x;
            }
        }
        let what = format!("{} points, {ranges:?}", equity.len());
        assert_eq!(got.negatives, expected.negatives, "{what}");
        let close = |got: f64, expected: f64| (got - expected).abs() <= 1e-12 * expected.abs() + 1e-15;
        let pairs = got.powers.iter().zip(&expected.powers);
        for (got, expected) in pairs.chain(got.negative_powers.iter().zip(&expected.negative_powers)) {
            assert!(close(*got, *expected), "{what}: {got} {expected}");
        }
        let segments: Vec<Range<usize>> = segments(equity.len()).skip(1).collect();
        assert_eq!(blocks.len(), segments.len());
        for (block, segment) in blocks.iter().zip(segments) {
            let sums = segment.filter(is_in).map(excess).fold([0.0; 2], |[a, b], x| [a + x, b + x * x]);
            assert!(close(block[0], sums[0]) && close(block[1], sums[1]), "{what}: {block:?} {sums:?}");
        }
    }

    #[test]
    fn sums_agree_with_a_plain_loop() {
        for points in [2, 3, 9, 11, 200, 201, 4_500] {
            let equity: Vec<f64> = (0..points).map(|t| 100.0 + f64::from(t * 37 % 23)).collect();
            let points = equity.len();
            let pieces: Vec<Range<usize>> =
                (1..points).step_by(29).map(|start| start..(start + start % 23 + 1).min(points)).collect();
            let (all, last) = (1..points, points - 1..points);
            for ranges in [std::slice::from_ref(&all), &pieces, &[], std::slice::from_ref(&last)] {
                check(&equity, ranges, 0.0);
                check(&equity, ranges, 0.001);
            }
        }
    }

    #[test]
    fn equity_of_any_size_has_returns() {
        for size in [1e-250, 1e-160, 1e160, 1e300] {
            let equity: Vec<f64> = (0..60).map(|t| size * (1.0 + f64::from(t * 7 % 5))).collect();
            check(&equity, std::slice::from_ref(&(1..60)), 0.0);
        }
    }

    #[test]
    fn a_day_without_a_change_has_a_return_of_exactly_zero() {
        for value in (1..200).map(|i| f64::from(i) * 1.7) {
            let flat = [value; 100];
            let sums = power_sums(&flat, std::slice::from_ref(&(1..100)), 0.0, &mut Vec::new());
            assert_eq!((sums.powers, sums.negatives), ([0.0; 4], 0.0), "{value}");
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
