//! The present values of columns, and which of them each window is over.

use std::borrow::Cow;
use std::ops::Range;

use super::arithmetic::finite;
use super::days::Days;

/// The values that a window is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The values of so many days, all of them present.
    Full(usize),
    /// The present values of so many days.
    Partial(usize),
    /// All present values up to a day that has one.
    All,
}

/// The values of `N` columns on the days on which all of them are present. A window is a range of these values.
#[derive(Debug)]
pub(crate) struct Present<'a, const N: usize> {
    /// The values of each column, oldest first.
    pub values: [Cow<'a, [f64]>; N],
    /// For each day the number of values up to it.
    upto: Vec<u32>,
    reach: Reach,
    least: usize,
}

impl<'a, const N: usize> Present<'a, N> {
    /// Finds the values of columns of equal length. A window that does not need all of its days has at least `least` values.
    pub(crate) fn new(columns: [&'a [f64]; N], reach: Reach, least: usize) -> Present<'a, N> {
        let days = columns.first().map_or(0, |column| column.len());
        let is_present = |t: &usize| columns.iter().all(|column| !column[*t].is_nan());
        let mut count = 0;
        let mut upto = Vec::with_capacity(days);
        upto.extend((0..days).map(|t| {
            count += u32::from(is_present(&t));
            count
        }));
        let values = columns.map(|column| match count as usize == days {
            true => Cow::Borrowed(column),
            false => Cow::Owned((0..days).filter(is_present).map(|t| column[t]).collect()),
        });
        Present { values, upto, reach, least }
    }

    /// Number of values up to a day.
    pub(crate) fn upto(&self, t: usize) -> usize {
        self.upto[t] as usize
    }

    /// Whether a day has a value.
    pub(crate) fn has(&self, t: usize) -> bool {
        self.upto(t) > self.before(t)
    }

    /// Number of values before a day.
    fn before(&self, t: usize) -> usize {
        t.checked_sub(1).map_or(0, |yesterday| self.upto(yesterday))
    }

    /// The first day of the window that ends on a day.
    pub(crate) fn first_day(&self, t: usize) -> usize {
        match self.reach {
            Reach::Full(n) | Reach::Partial(n) => (t + 1).saturating_sub(n),
            Reach::All => 0,
        }
    }

    /// The values of the window that ends on a day; `None` where the window has no result.
    pub(crate) fn window(&self, t: usize) -> Option<Range<usize>> {
        let needed = match self.reach {
            Reach::Full(n) => n,
            Reach::Partial(_) => self.least,
            Reach::All if self.has(t) => self.least,
            Reach::All => return None,
        };
        let values = self.before(self.first_day(t))..self.upto(t);
        (values.len() >= needed).then_some(values)
    }

    /// Writes for each day what a function of the day and its window gives; absent where the result is not finite.
    pub(crate) fn fill(&self, days: Days, out: &mut [f64], value: impl Fn(usize, Range<usize>) -> f64) {
        days.fill(out, |t| self.window(t).map_or(f64::NAN, |window| finite(value(t, window))));
    }

    /// Writes for each day what a function gives for the last value; it takes every value in order, with the values so far
    /// counted. This is the form of windows over all values.
    pub(crate) fn fill_running(&self, days: Days, out: &mut [f64], step: impl FnMut([f64; N], f64) -> f64) {
        let results = self.running(step);
        days.fill(out, |t| self.window(t).map_or(f64::NAN, |window| finite(results[window.end - 1])));
    }

    /// What a function gives for each value in order.
    pub(crate) fn running(&self, mut step: impl FnMut([f64; N], f64) -> f64) -> Vec<f64> {
        let count = self.values.first().map_or(0, |values| values.len());
        let values = |index: usize| std::array::from_fn(|column| self.values[column][index]);
        (0..count).map(|index| step(values(index), (index + 1) as f64)).collect()
    }
}

/// Where a column does not move: for each value the number of equal values in a row that end with it.
#[derive(Debug)]
pub(crate) struct Flats(Vec<u32>);

impl Flats {
    /// Counts the equal values in a row.
    pub(crate) fn of(values: &[f64]) -> Flats {
        let mut count = 0;
        let mut before = f64::NAN;
        let mut counts = Vec::with_capacity(values.len());
        counts.extend(values.iter().map(|&value| {
            count = if value == before { count + 1 } else { 1 };
            before = value;
            count
        }));
        Flats(counts)
    }

    /// Whether all values of a window are equal. The window has at least one.
    pub(crate) fn contains(&self, window: &Range<usize>) -> bool {
        self.0[window.end - 1] as usize >= window.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::NAN;

    const X: [f64; 6] = [NAN, 1.0, 2.0, NAN, 3.0, 4.0];

    fn windows(reach: Reach, least: usize) -> Vec<Option<Range<usize>>> {
        let present = Present::new([&X], reach, least);
        assert_eq!(*present.values[0], [1.0, 2.0, 3.0, 4.0]);
        (0..X.len()).map(|t| present.window(t)).collect()
    }

    #[test]
    fn a_full_window_has_no_absent_day() {
        assert_eq!(windows(Reach::Full(2), 1), [None, None, Some(0..2), None, None, Some(2..4)]);
        assert_eq!(windows(Reach::Full(3), 1), [const { None }; 6]);
    }

    #[test]
    fn a_partial_window_has_the_present_values_of_its_days() {
        let expected = [None, Some(0..1), Some(0..2), Some(0..2), Some(1..3), Some(2..4)];
        assert_eq!(windows(Reach::Partial(3), 1), expected);
        let expected = [None, None, Some(0..2), None, None, Some(2..4)];
        assert_eq!(windows(Reach::Partial(2), 2), expected);
    }

    #[test]
    fn a_window_of_all_has_all_values_up_to_a_day_with_one() {
        assert_eq!(windows(Reach::All, 2), [None, None, Some(0..2), None, Some(0..3), Some(0..4)]);
    }

    #[test]
    fn two_columns_have_the_days_of_both() {
        let y = [5.0, 6.0, NAN, 7.0, 8.0, 9.0];
        let present = Present::new([&X, &y], Reach::All, 1);
        assert_eq!(*present.values[0], [1.0, 3.0, 4.0]);
        assert_eq!(*present.values[1], [6.0, 8.0, 9.0]);
        assert_eq!([0, 1, 2, 5].map(|t| present.has(t)), [false, true, false, true]);
    }

    #[test]
    fn a_window_is_flat_where_its_values_are_equal() {
        let flats = Flats::of(&[1.0, 0.0, -0.0, 0.0, 2.0]);
        assert!(flats.contains(&(1..4)) && flats.contains(&(4..5)));
        assert!(!flats.contains(&(0..3)) && !flats.contains(&(3..5)));
    }
}
