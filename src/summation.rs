//! Floor 0: the order of additions behind every mean (SEM 17). Sums elsewhere are left to right.

use wide::f64x4;

const LANES: usize = 8;
const LEAF: usize = 128;

/// Pairwise sum of a slice in numpy's order: eight running sums up to 128 values, halves above.
///
/// The empty sum is 0. NaN and infinities go through.
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

/// Windows that are summed side by side.
const WINDOWS: usize = 4;

/// The [`pairwise_sum`] of every window of `length` values, at least 1, each a value later than the one before.
///
/// `out` has room for as many as there are. Each sum is that of its window alone, to the last bit; four go side by side.
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

/// The sums of the windows that begin with the first, second, third and fourth value and end as far from the last.
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
        sums = std::array::from_fn(|place| sums[place] + row[place]);
    }
    let [a, b, c, d, e, g, h, i] = sums;
    let rest = &values[count - count % LANES..];
    rest.array_windows().fold(((a + b) + (c + d)) + ((e + g) + (h + i)), add)
}

/// The first, second, ... value of each of four windows.
#[inline]
fn columns(row: &[f64; LANES + WINDOWS - 1]) -> [f64x4; LANES] {
    // By slices: four elements one by one are loaded one by one.
    std::array::from_fn(|place| f64x4::from(&row[place..place + WINDOWS]))
}

/// Mean by pairwise sum; NaN for no values.
pub(crate) fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Sum of squared distances from a centre, pairwise.
pub(crate) fn sum_of_squares(values: &[f64], centre: f64) -> f64 {
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
    fn windows_side_by_side_have_the_sums_of_each() {
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
