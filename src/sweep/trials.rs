//! The rows of a sweep as trials of one experiment: which of them count.

use super::table::Table;
use crate::stats::overfitting::trials::{TrialCounts, TrialOutcome, canonical};

/// Which rows count as trials.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Trials {
    /// How many.
    pub counts: TrialCounts,
    /// The first row of each canonical trial.
    pub rows: Vec<u32>,
    /// The canonical trial of each row.
    pub trial_of_row: Vec<Option<usize>>,
}

impl Trials {
    /// Sorts the rows of a table. Ruined ones have no usable returns.
    pub(crate) fn new(table: &Table) -> Trials {
        let is_usable = |row: usize| !table.is_ruined(row);
        Trials::of_rows(table, is_usable)
    }

    /// The same with ruined rows, which may win before they are ruined.
    pub(crate) fn with_ruined(table: &Table) -> Trials {
        Trials::of_rows(table, |_| true)
    }

    fn of_rows(table: &Table, is_usable: impl Fn(usize) -> bool) -> Trials {
        let outcomes = table.columns.iter().enumerate();
        let outcomes =
            outcomes.map(|(row, outcome)| if is_usable(row) { *outcome } else { TrialOutcome::Failed });
        let (counts, trial_of_row) = canonical(outcomes);
        let mut rows = Vec::new();
        for (row, trial) in trial_of_row.iter().enumerate() {
            if *trial == Some(rows.len()) {
                rows.push(row as u32);
            }
        }
        Trials { counts, rows, trial_of_row }
    }
}
