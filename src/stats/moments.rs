//! Sums over the daily returns of a curve, computed in one pass over its equity.
//!
//! The sums run in four lanes, so that their order does not depend on the machine; the lanes are added at the end, as
//! (0 + 1) + (2 + 3). Which returns a lane has is one of two rules. [`power_sums`] takes ranges of returns that may differ from
//! zero, and lanes begin anew with each range. [`numbered_sums`] takes all returns, and the lane of a return is its number
//! modulo 4: "How sums run" in docs/statistics.md.

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

/// Sums over all returns of a curve. The number of a return counts from 0, so that return k leads from point k to point k + 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct NumberedSums {
    /// Sums of y, y², y³ and y⁴, y being a return less the first return.
    pub powers: [f64; 4],
    /// Number of excess returns below 0.
    pub negatives: f64,
    /// Sums of x and x² over the excess returns x below 0.
    pub negative_powers: [f64; 2],
}

/// Sums over all returns of a curve of at least two points, each in four lanes by the number of the return modulo 4. An excess
/// return is a return less `risk_free`.
///
/// Powers are those of the return less the first return: a value of the series itself is never further from the mean than
/// `sqrt(n)` deviations, so that no variance loses more than a share of about `n * 1e-16` by cancellation, and none needs a
/// second pass.
///
/// `blocks` is left holding the sums of the excess returns and of their squares over each block of returns ([`segments`]).
pub(crate) fn numbered_sums(equity: &[f64], risk_free: f64, blocks: &mut Vec<[f64; 2]>) -> NumberedSums {
    let mut sums = NumberedLanes::default();
    let base = equity[1] / equity[0] - 1.0;
    blocks.clear();
    for segment in segments(equity.len()) {
        let mut own = [f64x4::ZERO; 2];
        // Point t ends the return with number t - 1.
        let (mut number, end) = (segment.start - 1, segment.end - 1);
        while number < end {
            let lane = number % LANES;
            let count = (LANES - lane).min(end - number);
            let returns = if count == LANES {
                let [from, to] = [number, number + 1].map(|point| f64x4::from(&equity[point..point + LANES]));
                to / from - f64x4::ONE
            } else {
                let mut returns = [0.0; LANES];
                for (value, pair) in
                    returns[lane..].iter_mut().zip(equity[number..].array_windows().take(count))
                {
                    let [from, to] = pair;
                    *value = to / from - 1.0;
                }
                f64x4::new(returns)
            };
            sums.add(&mut own, returns, lane..lane + count, base, risk_free);
            number += count;
        }
        blocks.push(own.map(total));
    }
    // The first segment belongs to no block.
    blocks.remove(0);
    let [count, first, second] = sums.negatives.map(total);
    NumberedSums { powers: sums.powers.map(total), negatives: count, negative_powers: [first, second] }
}

/// The lanes of [`NumberedSums`].
#[derive(Default)]
struct NumberedLanes {
    powers: [f64x4; 4],
    negatives: [f64x4; 3],
}

impl NumberedLanes {
    /// Adds the returns in some of the lanes; `block` gets the excess returns and their squares.
    #[inline]
    fn add(
        &mut self,
        block: &mut [f64x4; 2],
        returns: f64x4,
        lanes: Range<usize>,
        base: f64,
        risk_free: f64,
    ) {
        let (mut distance, mut excess) = (returns - f64x4::splat(base), returns - f64x4::splat(risk_free));
        if lanes.len() < LANES {
            // A lane without a return adds zeros.
            let keep = |values: f64x4| {
                let values = values.to_array();
                f64x4::new(std::array::from_fn(|lane| if lanes.contains(&lane) { values[lane] } else { 0.0 }))
            };
            (distance, excess) = (keep(distance), keep(excess));
        }
        let square = distance * distance;
        let powers = [distance, square, square * distance, square * square];
        self.powers.iter_mut().zip(powers).for_each(|(sum, power)| *sum += power);
        let square = excess * excess;
        block[0] += excess;
        block[1] += square;
        let is_loss = excess.simd_lt(f64x4::ZERO);
        let losses = [is_loss & f64x4::ONE, is_loss & excess, is_loss & square];
        self.negatives.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
    }
}

/// The sum of the lanes.
#[inline]
fn total(lanes: f64x4) -> f64 {
    let [a, b, c, d] = lanes.to_array();
    (a + b) + (c + d)
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
    fn numbered_sums_have_a_lane_by_the_number_of_the_return() {
        for points in [2usize, 3, 4, 5, 6, 9, 11, 200, 201, 501, 4_500] {
            // Stretches without a change: they must not move the lanes of what follows.
            let equity: Vec<f64> =
                (0..points).map(|t| if t % 50 < 20 { 100.0 } else { 100.0 + (t * 37 % 23) as f64 }).collect();
            for risk_free in [0.0, 0.001] {
                let mut blocks = Vec::new();
                let got = numbered_sums(&equity, risk_free, &mut blocks);
                let returns: Vec<f64> = equity.array_windows().map(|[a, b]| b / a - 1.0).collect();
                let sum = |numbers: Range<usize>, value: &dyn Fn(f64) -> f64| {
                    let mut lanes = [0.0; 4];
                    numbers.for_each(|k| lanes[k % 4] += value(returns[k]));
                    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
                };
                let all = 0..returns.len();
                let distance = |r: f64| r - returns[0];
                let square = |r: f64| distance(r) * distance(r);
                let expected = [
                    sum(all.clone(), &distance),
                    sum(all.clone(), &square),
                    sum(all.clone(), &|r| square(r) * distance(r)),
                    sum(all.clone(), &|r| square(r) * square(r)),
                ];
                assert_eq!(got.powers, expected, "{points} points");
                let excess = |r: f64| r - risk_free;
                let loss = |r: f64| if excess(r) < 0.0 { excess(r) } else { 0.0 };
                assert_eq!(got.negative_powers, [sum(all.clone(), &loss), sum(all, &|r| loss(r) * loss(r))]);
                let segments: Vec<Range<usize>> = segments(points).skip(1).collect();
                assert_eq!(blocks.len(), segments.len());
                for (block, segment) in blocks.iter().zip(segments) {
                    let numbers = segment.start - 1..segment.end - 1;
                    let squares = |r: f64| excess(r) * excess(r);
                    assert_eq!(*block, [sum(numbers.clone(), &excess), sum(numbers, &squares)]);
                }
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
