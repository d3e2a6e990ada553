//! Floor 0: pairwise sums in the order of numpy's additions, which every mean uses so that it has numpy's bits. All other sums
//! run from left to right.

use std::ops::{Add, Div, Mul, Range, Sub};

use wide::f64x4;

const LANES: usize = 8;
const LEAF: usize = 128;

/// A number of one window, or the numbers of [`Side::COUNT`] windows of equal length side by side, each of which begins one
/// value later than the one before.
pub(crate) trait Side:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Number of windows.
    const COUNT: usize;

    /// The same number for every window.
    fn of(number: f64) -> Self;

    /// The first value of each window; the slice has at least as many.
    fn load(values: &[f64]) -> Self;

    /// The sizes.
    fn abs(self) -> Self;
}

impl Side for f64 {
    const COUNT: usize = 1;

    fn of(number: f64) -> f64 {
        number
    }

    #[inline(always)]
    fn load(values: &[f64]) -> f64 {
        values[0]
    }

    fn abs(self) -> f64 {
        f64::abs(self)
    }
}

impl Side for f64x4 {
    const COUNT: usize = 4;

    fn of(number: f64) -> f64x4 {
        f64x4::splat(number)
    }

    #[inline(always)]
    fn load(values: &[f64]) -> f64x4 {
        // A slice is loaded at once, four single elements would be loaded one by one.
        f64x4::from(&values[..4])
    }

    fn abs(self) -> f64x4 {
        f64x4::abs(self)
    }
}

/// [`pairwise_sum`] of `M` terms made of the values at each place of `N` columns, for windows side by side.
///
/// The windows have `count` values and the columns `S::COUNT - 1` more. `terms` takes the values and their place in the window,
/// from 0. Every sum has the bits that summing the terms of its window alone gives.
#[inline]
pub(crate) fn pairwise_sums<S: Side, const N: usize, const M: usize>(
    columns: [&[f64]; N],
    count: usize,
    terms: impl Fn([S; N], f64) -> [S; M] + Copy,
) -> [S; M] {
    sums_from(columns, 0, count, terms)
}

/// The sums of terms at the places from `first` on.
fn sums_from<S: Side, const N: usize, const M: usize>(
    columns: [&[f64]; N],
    first: usize,
    count: usize,
    terms: impl Fn([S; N], f64) -> [S; M] + Copy,
) -> [S; M] {
    if count > LEAF {
        let half = count / 2;
        let middle = half - half % LANES;
        let left = sums_from(columns, first, middle, terms);
        let right = sums_from(columns, first + middle, count - middle, terms);
        return std::array::from_fn(|term| left[term] + right[term]);
    }
    let columns = columns.map(|column| &column[first..first + count + S::COUNT - 1]);
    let add = |sums: [S; M], place: usize| {
        let terms = terms(columns.map(|column| S::load(&column[place..])), (first + place) as u32 as f64);
        std::array::from_fn(|term| sums[term] + terms[term])
    };
    if count < LANES {
        return (0..count).fold([S::of(0.0); M], add);
    }
    let whole = count - count % LANES;
    let [a, b, c, d] = every_eighth::<S, N, M>(columns, 0..whole, first, terms);
    let [e, f, g, h] = every_eighth::<S, N, M>(columns, LANES / 2..whole, first, terms);
    let sums = std::array::from_fn(|term| {
        ((a[term] + b[term]) + (c[term] + d[term])) + ((e[term] + f[term]) + (g[term] + h[term]))
    });
    (whole..count).fold(sums, add)
}

/// Four of the eight running sums of [`pairwise_sum`], those from the first place of a range on. Eight at a time are more
/// numbers than the processor has registers.
#[inline(always)]
fn every_eighth<S: Side, const N: usize, const M: usize>(
    columns: [&[f64]; N],
    places: Range<usize>,
    first: usize,
    terms: impl Fn([S; N], f64) -> [S; M] + Copy,
) -> [[S; M]; LANES / 2] {
    let of_row = |row: usize| {
        let rows = columns.map(|column| &column[row..row + LANES / 2 + S::COUNT - 1]);
        let place = (first + row) as u32 as f64;
        std::array::from_fn(|lane| terms(rows.map(|values| S::load(&values[lane..])), place + lane as f64))
    };
    let mut sums: [[S; M]; LANES / 2] = of_row(places.start);
    for row in places.step_by(LANES).skip(1) {
        let row: [[S; M]; LANES / 2] = of_row(row);
        sums = std::array::from_fn(|lane| std::array::from_fn(|term| sums[lane][term] + row[lane][term]));
    }
    sums
}

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
    fn terms_side_by_side_have_the_sums_of_each_alone() {
        let x: Vec<f64> = (1..700).map(|i| f64::from(i * i % 101).sqrt()).collect();
        let y: Vec<f64> = (1..700).map(|i| f64::from(i * i % 89).sqrt()).collect();
        fn sums<S: Side>(x: &[f64], y: &[f64], count: usize) -> [S; 2] {
            pairwise_sums([x, y], count, |[x, y], place| [x * y, x * S::of(place)])
        }
        for count in [0, 1, 7, 8, 9, 16, 50, 127, 128, 129, 144, 300, 600] {
            let [products, weighted] = sums::<f64x4>(&x[..count + 3], &y[..count + 3], count);
            for first in 0..4 {
                let pairs = || x.iter().zip(&y).skip(first).take(count);
                let alone: Vec<f64> = pairs().map(|(x, y)| x * y).collect();
                let placed: Vec<f64> = pairs().enumerate().map(|(i, (x, _))| x * i as f64).collect();
                let expected = [&alone, &placed].map(|terms| pairwise_sum(terms));
                assert_eq!([products.to_array()[first], weighted.to_array()[first]], expected, "{count}");
                let window = |values| -> &[f64] { &<[f64]>::as_ref(values)[first..first + count] };
                assert_eq!(sums::<f64>(window(&x), window(&y), count), expected, "{count}");
            }
        }
    }

    #[test]
    fn the_empty_sum_is_zero() {
        assert_eq!(pairwise_sum(&[]), 0.0);
        assert!(mean(&[]).is_nan());
    }
}
