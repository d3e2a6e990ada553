//! Trials that are left out, because their returns are not all there.

use std::fmt;

use crate::matrix::return_matrix::ReturnMatrix;
use crate::text::quoted;

/// A trial that is left out and counted as failed: nothing is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub trial: String,
    /// The row of the return for which it is left out, counted from 1.
    pub row: usize,
    /// Whether that return loses everything; else it is no number.
    pub is_ruined: bool,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftOut { trial, row, is_ruined } = self;
        let trial = quoted::text(trial);
        if *is_ruined {
            write!(formatter, "'{trial}' is left out: it loses everything in row {row}")
        } else {
            write!(formatter, "'{trial}' is left out: its return in row {row} is no number")
        }
    }
}

/// Whether a column of a matrix is left out. `returns` were made of its columns, with so many rows dropped.
pub(super) fn left_out(
    matrix: &ReturnMatrix,
    returns: &[Vec<f64>],
    column: usize,
    dropped: usize,
) -> Option<LeftOut> {
    let gap = matrix.columns[column].iter().position(|x| !x.is_finite());
    let ruin = || returns[column].iter().position(|x| *x <= -1.0).map(|row| row + dropped);
    let row = gap.or_else(ruin)?;
    Some(LeftOut { trial: matrix.names[column].clone(), row: row + 1, is_ruined: gap.is_none() })
}
