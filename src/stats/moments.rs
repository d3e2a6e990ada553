//! Power sums of daily returns in one pass, straight from the equity curve.
//!
//! The sums run in four fixed lanes, so that their order does not depend on the machine; the lanes are added at the end.

use std::ops::Range;

const LANES: usize = 4;
const TILE: usize = 64;

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

#[derive(Default)]
struct Lanes {
    powers: [[f64; LANES]; 4],
    negatives: [f64; LANES],
    negative_powers: [[f64; LANES]; 2],
}

impl Lanes {
    #[inline]
    fn add(&mut self, x: [f64; LANES]) {
        for lane in 0..LANES {
            let square = x[lane] * x[lane];
            self.powers[0][lane] += x[lane];
            self.powers[1][lane] += square;
            self.powers[2][lane] += square * x[lane];
            self.powers[3][lane] += square * square;
        }
    }

    #[inline]
    fn add_negatives(&mut self, x: [f64; LANES]) {
        for lane in 0..LANES {
            let loss = if x[lane] < 0.0 { x[lane] } else { 0.0 };
            self.negatives[lane] += if x[lane] < 0.0 { 1.0 } else { 0.0 };
            self.negative_powers[0][lane] += loss;
            self.negative_powers[1][lane] += loss * loss;
        }
    }
}

/// Power sums of `equity[t] / equity[t-1] - 1 - shift` for the t of some ranges, each of them 1 or more.
pub fn power_sums(equity: &[f64], ranges: &[Range<usize>], shift: f64) -> PowerSums {
    let mut lanes = Lanes::default();
    let mut tile = [0.0; TILE];
    for range in ranges {
        let mut start = range.start;
        while start < range.end {
            let count = TILE.min(range.end - start);
            let (from, to) = (&equity[start - 1..][..count], &equity[start..][..count]);
            for ((x, to), from) in tile.iter_mut().zip(to).zip(from) {
                *x = to / from - 1.0 - shift;
            }
            // A short last chunk is padded with zeros, which change no sum.
            let padded = count.next_multiple_of(LANES);
            tile[count..padded].fill(0.0);
            let (chunks, _) = tile[..padded].as_chunks::<LANES>();
            chunks.iter().for_each(|chunk| lanes.add(*chunk));
            chunks.iter().for_each(|chunk| lanes.add_negatives(*chunk));
            start += count;
        }
    }
    let total = |lanes: [f64; LANES]| (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    PowerSums {
        powers: lanes.powers.map(total),
        negatives: total(lanes.negatives),
        negative_powers: lanes.negative_powers.map(total),
    }
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
        let got = power_sums(&equity, &ranges, 0.001);
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
