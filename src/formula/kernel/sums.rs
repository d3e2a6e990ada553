//! Sums over windows, of several windows side by side.

use wide::f64x4;

use super::arithmetic::finite;
use super::days::Days;
use super::present::Present;
use crate::summation::Side;
use std::ops::Range;

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
            if let Some([first, .., last]) = self.consecutive(days_of_chunk, days.start) {
                let sums = W::sums::<f64x4>(columns(first.start..last.end), first.len());
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

    /// The windows of days of which each begins and ends one value later than the one before.
    fn consecutive(&self, days: &[u32], start: usize) -> Option<[Range<usize>; SIDE_BY_SIDE]> {
        let days: &[u32; SIDE_BY_SIDE] = days.try_into().ok()?;
        let first = self.window(days[0] as usize - start)?;
        let mut windows = [const { 0..0 }; SIDE_BY_SIDE];
        for (index, (window, day)) in windows.iter_mut().zip(days).enumerate() {
            *window = first.start + index..first.end + index;
            if self.window(*day as usize - start).as_ref() != Some(window) {
                return None;
            }
        }
        Some(windows)
    }
}
