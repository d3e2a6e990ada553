//! Sums over windows, of several windows side by side.

use std::ops::Range;

use wide::f64x4;

use super::arithmetic::finite;
use super::days::Days;
use super::present::Present;
use crate::summation::Side;

/// Sums over the values of a window, for one window or for several side by side: see [`crate::summation::pairwise_sums`].
pub(crate) trait WindowSums<const N: usize, const M: usize> {
    /// The sums for windows of `count` values of `N` columns. The columns have `S::COUNT - 1` values more than that.
    fn sums<S: Side>(columns: [&[f64]; N], count: usize) -> [S; M];
}

const SIDE_BY_SIDE: usize = f64x4::COUNT;

impl<const N: usize> Present<'_, N> {
    /// Writes for each day what a function makes of the day, its window and the sums over it; absent where the result is not
    /// finite.
    pub(crate) fn fill_sums<W: WindowSums<N, M>, const M: usize>(
        &self,
        days: Days,
        out: &mut [f64],
        value: impl Fn(usize, Range<usize>, [f64; M]) -> f64,
    ) {
        let columns = |values: Range<usize>| self.values.each_ref().map(|column| &column[values.clone()]);
        for (days_of_chunk, out) in days.days.chunks(SIDE_BY_SIDE).zip(out.chunks_mut(SIDE_BY_SIDE)) {
            let day = |index: usize| days_of_chunk[index] as usize - days.start;
            if let Some(first) = self.first_of_chunk(days_of_chunk, days.start) {
                let all = first.start..first.end + SIDE_BY_SIDE - 1;
                let sums = W::sums::<f64x4>(columns(all), first.len());
                let sums = sums.map(f64x4::to_array);
                for (index, out) in out.iter_mut().enumerate() {
                    let window = first.start + index..first.end + index;
                    *out = finite(value(day(index), window, sums.map(|sums| sums[index])));
                }
                continue;
            }
            for (index, out) in out.iter_mut().enumerate() {
                *out = self.window(day(index)).map_or(f64::NAN, |window| {
                    let sums = W::sums::<f64>(columns(window.clone()), window.len());
                    finite(value(day(index), window, sums))
                });
            }
        }
    }

    /// The first window of as many days as are computed side by side, if each window begins and ends one value later than the
    /// one of the day before.
    fn first_of_chunk(&self, days: &[u32], start: usize) -> Option<Range<usize>> {
        let &[first, .., last] = <&[u32; SIDE_BY_SIDE]>::try_from(days).ok()?;
        let moves = SIDE_BY_SIDE - 1;
        if (last - first) as usize != moves {
            return None;
        }
        let [first, last] = [first, last].map(|day| self.window(day as usize - start));
        let (first, last) = (first?, last?);
        // From one day to the next neither end moves by more than one value.
        (last.start == first.start + moves && last.end == first.end + moves).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::kernel::moments::Sum;
    use crate::formula::kernel::present::Reach;
    use crate::formula::testing::{NAN, bits};
    use crate::summation::pairwise_sum;

    #[test]
    fn windows_side_by_side_have_the_sums_of_each_alone() {
        let x: Vec<f64> = (0..300)
            .map(|t| if [3, 90, 91].contains(&t) { NAN } else { f64::from(t * 37 % 11).sqrt() })
            .collect();
        for reach in [Reach::Full(1), Reach::Full(9), Reach::Partial(9), Reach::Full(140), Reach::All] {
            let present = Present::new([&x], reach, 1);
            for step in [1, 3] {
                let days: Vec<u32> = (0..300).step_by(step).collect();
                let alone = |day: &u32| {
                    let window = present.window(*day as usize);
                    window.map_or(NAN, |window| pairwise_sum(&present.values[0][window]))
                };
                let expected: Vec<f64> = days.iter().map(alone).collect();
                let mut out = vec![0.0; days.len()];
                present.fill_sums::<Sum, 1>(Days { days: &days, start: 0 }, &mut out, |_, _, [sum]| sum);
                assert_eq!(bits(&out), bits(&expected), "{reach:?}, every {step}");
            }
        }
    }
}
