//! Floor 0: pairwise sums in the order of numpy's additions, which every mean uses so that it has numpy's bits. All other sums
//! run from left to right.

use wide::f64x4;

const LANES: usize = 8;
const LEAF: usize = 128;

/// Pairwise sum of a slice in numpy's order: up to 128 values are added in eight running sums, longer slices are halved.
///
/// The empty sum is 0. NaN and infinities propagate.
pub(crate) fn pairwise_sum(values: &[f64]) -> f64 {
    pairwise_sum_by(values, |value| value)
}

/// [`pairwise_sum`] of a function of each value.
#[inline]
pub(crate) fn pairwise_sum_by(values: &[f64], f: impl Fn(f64) -> f64 + Copy) -> f64 {
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

/// Number of windows that are summed at the same time, one per lane.
const WINDOWS: usize = 4;

/// Writes the [`pairwise_sum`] of every window of `length` values, at least 1, to `out`, which has one element per window.
///
/// Each sum has the bits that summing its window alone gives.
pub(crate) fn pairwise_sums_of_windows(values: &[f64], length: usize, out: &mut [f64]) {
    let (groups, rest) = out.as_chunks_mut::<WINDOWS>();
    for (group, sums) in groups.iter_mut().enumerate() {
        *sums = sums_side_by_side(&values[group * WINDOWS..][..length + WINDOWS - 1]).to_array();
    }
    let done = groups.len() * WINDOWS;
    for (window, sum) in rest.iter_mut().enumerate() {
        *sum = pairwise_sum(&values[done + window..][..length]);
    }
}

/// The sums of the four windows of equal length that begin with the first, second, third and fourth value. The last window
/// ends with the last value.
fn sums_side_by_side(values: &[f64]) -> f64x4 {
    let count = values.len() + 1 - WINDOWS;
    if count > LEAF {
        let half = count / 2;
        let left = half - half % LANES;
        return sums_side_by_side(&values[..left + WINDOWS - 1]) + sums_side_by_side(&values[left..]);
    }
    let add = |sum: f64x4, column: &[f64; WINDOWS]| sum + f64x4::new(*column);
    if count < LANES {
        return values.array_windows().fold(f64x4::ZERO, add);
    }
    let mut rows = values.array_windows::<{ LANES + WINDOWS - 1 }>().step_by(LANES).map(columns);
    let mut sums = rows.next().unwrap_or([f64x4::ZERO; LANES]);
    for row in rows {
        sums = std::array::from_fn(|column| sums[column] + row[column]);
    }
    let [a, b, c, d, e, g, h, i] = sums;
    let rest = &values[count - count % LANES..];
    rest.array_windows().fold(((a + b) + (c + d)) + ((e + g) + (h + i)), add)
}

/// The first eight values of each of the four windows: the first vector holds the first values, and so on.
#[inline]
fn columns(row: &[f64; LANES + WINDOWS - 1]) -> [f64x4; LANES] {
    // A slice is loaded at once, four single elements would be loaded one by one.
    std::array::from_fn(|column| f64x4::from(&row[column..column + WINDOWS]))
}

/// Mean by pairwise sum; NaN for an empty slice.
pub(crate) fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Pairwise sum of the squared differences from a centre.
pub(crate) fn sum_of_squares(values: &[f64], centre: f64) -> f64 {
    pairwise_sum_by(values, |value| (value - centre) * (value - centre))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected sums are numpy 2.4.6's: `(np.arange(1, n + 1) ** 0.5).sum()`.
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
    fn windows_have_the_sums_of_each_alone() {
        let values: Vec<f64> = (1..700).map(|i| f64::from(i * i % 101).sqrt()).collect();
        for length in [1, 2, 7, 8, 9, 16, 50, 127, 128, 129, 144, 300, 698, 699] {
            let mut sums = vec![0.0; values.len() + 1 - length];
            pairwise_sums_of_windows(&values, length, &mut sums);
            let expected: Vec<f64> = values.windows(length).map(pairwise_sum).collect();
            assert_eq!(sums, expected, "windows of {length}");
        }
    }

    #[test]
    fn the_empty_sum_is_zero() {
        assert_eq!(pairwise_sum(&[]), 0.0);
        assert!(mean(&[]).is_nan());
    }
}
