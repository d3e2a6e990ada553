//! The days on which an operator over time is asked for its value, and when it has one.
//!
//! A column begins on the asset's first day; NaN is absent. The value of day t depends on nothing after `x[t]`.

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

    /// Writes the values of a whole column on these days.
    pub(crate) fn gather(self, out: &mut [f64], column: &[f64]) {
        self.fill(out, |t| column[t]);
    }
}
