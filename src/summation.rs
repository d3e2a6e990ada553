//! Floor 0: the order of additions behind every mean (SEM 17). Sums elsewhere are left to right.

const LANES: usize = 8;
const LEAF: usize = 128;

/// Pairwise sum of a slice in numpy's order: eight running sums up to 128 values, halves above.
///
/// The empty sum is 0. NaN and infinities go through.
pub fn pairwise_sum(values: &[f64]) -> f64 {
    pairwise_sum_by(values, |value| value)
}

/// [`pairwise_sum`] of a function of each value.
#[inline]
pub fn pairwise_sum_by(values: &[f64], f: impl Fn(f64) -> f64 + Copy) -> f64 {
    let count = values.len();
    if count < LANES {
        return values.iter().fold(0.0, |sum, &value| sum + f(value));
    }
    if count > LEAF {
        let half = count / 2;
        let (left, right) = values.split_at(half - half % LANES);
        return pairwise_sum_by(left, f) + pairwise_sum_by(right, f);
    }
    let (rows, rest) = values.as_chunks::<LANES>();
    let mut sums = rows[0].map(f);
    for row in &rows[1..] {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f(value);
        }
    }
    let [a, b, c, d, e, g, h, i] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + g) + (h + i)), |sum, &value| sum + f(value))
}

/// Mean by pairwise sum; NaN for no values.
pub fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Sum of squared distances from a centre, pairwise.
pub fn sum_of_squares(values: &[f64], centre: f64) -> f64 {
    pairwise_sum_by(values, |value| (value - centre) * (value - centre))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums whose last bits come from numpy 2.4.6: `(np.arange(1, n + 1) ** 0.5).sum()`.
    #[test]
    fn agrees_with_numpy_to_the_last_bit() {
        let cases = [
            (1, 1.0),
            (7, 13.47757340128953),
            (8, 16.306000526035724),
            (13, 32.854555867161245),
            (127, 959.575400950572),
            (128, 970.8891094495568),
            (129, 982.2469261411575),
            (200, 1892.484211028349),
            (1000, 21097.455887480734),
            (5748, 290562.94814766553),
        ];
        for (count, expected) in cases {
            let values: Vec<f64> = (1..=count).map(|i| f64::from(i).sqrt()).collect();
            assert_eq!(pairwise_sum(&values), expected, "{count} values");
        }
    }

    #[test]
    fn the_empty_sum_is_zero() {
        assert_eq!(pairwise_sum(&[]), 0.0);
        assert!(mean(&[]).is_nan());
    }
}
