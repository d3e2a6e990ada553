//! The days on which an operator over time is asked for its value, and when it has one.
//!
//! A column begins on the asset's first day; NaN is absent. Day t reads nothing after `x[t]`.

/// When a time operator has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// With whatever observations there are, where the operator is defined for fewer than its window (SEM 6).
    Short,
    /// Only when its window is full.
    Full,
}

/// Days of a column at which values are wanted: strictly ascending, each minus `start` an index of the column.
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
