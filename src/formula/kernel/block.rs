//! A block of days of all columns, and which assets are members on each day.

use std::ops::Range;

use super::arithmetic::finite;
use crate::market::membership::Members;

/// The shape of a block: `rows` values for each column, column after column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'a> {
    /// Number of days.
    pub rows: usize,
    /// On which rows of the block each column is a member.
    pub members: &'a Members,
    /// The columns in the order in which the universe lists their assets, other assets last. Sums over members are added in
    /// this order, as in QSTrader; it differs from the order of the columns where an asset joins late.
    pub universe: &'a [usize],
}

impl Block<'_> {
    /// Makes the cells of non-members absent.
    pub(crate) fn clear_outside(&self, x: &mut [f64]) {
        for (column, cells) in x.chunks_mut(self.rows.max(1)).enumerate() {
            self.members.gaps(column, self.rows, |gap| cells[gap].fill(f64::NAN));
        }
    }

    /// Calls a function for the cells of every spell of membership, with their rows.
    pub(crate) fn each_spell(&self, x: &mut [f64], mut f: impl FnMut(&mut [f64], Range<usize>)) {
        for (column, cells) in x.chunks_mut(self.rows.max(1)).enumerate() {
            for spell in self.members.spells(column) {
                f(&mut cells[spell.clone()], spell);
            }
        }
    }

    /// Sum and number of the present values of every row, added in the order of the universe.
    pub(crate) fn sums(&self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut sums, mut counts) = (vec![0.0; self.rows], vec![0.0; self.rows]);
        for &column in self.universe {
            let column = &x[column * self.rows..][..self.rows];
            for ((sum, count), &value) in sums.iter_mut().zip(&mut counts).zip(column) {
                let present = !value.is_nan();
                *sum += if present { value } else { 0.0 };
                *count += f64::from(u8::from(present));
            }
        }
        (sums, counts)
    }

    /// The mean and the sample deviation of the present values of every row, added in the order of the universe, in two passes.
    /// The deviation is exactly 0 where all are equal, and NaN where there are fewer than two; the mean is NaN where there
    /// is none.
    pub(crate) fn deviations(&self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut means, counts) = self.sums(x);
        means.iter_mut().zip(&counts).for_each(|(mean, count)| *mean /= count);
        let mut squares = vec![0.0; self.rows];
        let mut extremes = vec![(f64::INFINITY, f64::NEG_INFINITY); self.rows];
        for &column in self.universe {
            let column = &x[column * self.rows..][..self.rows];
            for (row, &value) in column.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                let distance = value - means[row];
                squares[row] += distance * distance;
                extremes[row] = (extremes[row].0.min(value), extremes[row].1.max(value));
            }
        }
        for ((deviation, count), (least, most)) in squares.iter_mut().zip(counts).zip(extremes) {
            *deviation = match count < 2.0 {
                true => f64::NAN,
                false if least == most => 0.0,
                false => (*deviation / (count - 1.0)).sqrt(),
            };
        }
        (means, squares)
    }

    /// Gives every member the value of its row; infinite values are absent.
    pub(crate) fn give(&self, x: &mut [f64], of_rows: &[f64]) {
        self.each_spell(x, |values, rows| {
            for (value, &of_row) in values.iter_mut().zip(&of_rows[rows]) {
                *value = finite(of_row);
            }
        });
    }
}
