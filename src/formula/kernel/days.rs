//! The days on which an operator over time is asked for its value, and when it has one.
//!
//! A column begins on the asset's first day; NaN is absent. The value of day t depends on nothing after `x[t]`.

use std::ops::Range;

/// When an operator over time has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// With as many observations as there are, where the operator is defined for fewer than its window, as in QSTrader:
    /// `docs/conventions.md#signal_readiness`.
    Short,
    /// Only when its window is full.
    Full,
}

/// The days of a column on which values are wanted, strictly ascending; a day minus `start` is an index of the column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days<'a> {
    /// The days.
    pub days: &'a [u32],
    /// The day of the column's first value.
    pub start: usize,
}

impl Days<'_> {
    /// Writes the value of each day; `value` takes an index of the column.
    pub(crate) fn fill(self, out: &mut [f64], value: impl Fn(usize) -> f64) {
        for (out, &day) in out.iter_mut().zip(self.days) {
            *out = value(day as usize - self.start);
        }
    }

    /// The indices of the column, where no day lies between these days.
    pub(crate) fn in_a_row(self) -> Option<Range<usize>> {
        let (first, last) = (*self.days.first()? as usize, *self.days.last()? as usize);
        (last - first + 1 == self.days.len()).then(|| first - self.start..last + 1 - self.start)
    }

    /// Writes the values of a whole column on these days.
    pub(crate) fn gather(self, out: &mut [f64], column: &[f64]) {
        match self.in_a_row() {
            Some(indices) => out.copy_from_slice(&column[indices]),
            None => self.fill(out, |t| column[t]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_a_row_are_copied_and_others_gathered() {
        let column = [0.0, 1.0, 2.0, 3.0, 4.0];
        for (days, in_a_row) in [
            (&[12, 13, 14][..], Some(2..5)),
            (&[10][..], Some(0..1)),
            (&[10, 12, 13][..], None),
            (&[][..], None),
        ] {
            let days = Days { days, start: 10 };
            assert_eq!(days.in_a_row(), in_a_row);
            let mut out = vec![f64::NAN; days.days.len()];
            days.gather(&mut out, &column);
            let expected: Vec<f64> = days.days.iter().map(|day| f64::from(day - 10)).collect();
            assert_eq!(out, expected);
        }
    }
}
