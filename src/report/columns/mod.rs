//! The verdict on columns of returns that anybody made, as sentences, as a panel for a terminal and as JSON.

pub(crate) mod json;
pub(crate) mod numbers;
pub(crate) mod panel;
pub(crate) mod words;

use crate::stats::overfitting::evidence::Findings;
use crate::stats::skill::columns::ExaminedColumns;

/// What was found of columns, with the names that a reader knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JudgedColumns {
    /// The tests on the returns as they were given.
    pub findings: Findings,
    /// Why some of them have no result.
    pub missing: Vec<String>,
    /// The test of what trials earned beyond what they are held against.
    pub found: ExaminedColumns,
    /// The trials that count.
    pub trials: Vec<String>,
    /// The assets, in the order of positions.
    pub assets: Vec<String>,
    /// The benchmark, if there is one.
    pub benchmark: Option<String>,
    /// Number of rows.
    pub rows: usize,
    /// Rows of a year.
    pub periods: f64,
}

impl JudgedColumns {
    /// The name of the selected trial.
    pub(crate) fn selected(&self) -> Option<&str> {
        let selected = self.found.examination.selected.as_ref()?;
        Some(&self.trials[selected.index])
    }

    /// The trial of the smallest p: its name and its p.
    pub(crate) fn best(&self) -> Option<(&str, f64)> {
        let tested = self.found.examination.tested.as_ref()?;
        Some((&self.trials[tested.best], tested.p[tested.best]))
    }
}
