//! A defect with its line in one file. Knows no path.

use super::finding::Defect;
use crate::market::date::Date;

/// A defect with its line. The caller knows the file.
#[derive(Debug)]
pub(crate) struct Spot {
    /// Line in the file; the first line is 1.
    pub line: u64,
    /// Date of the row; `None` if the defect is not one of a row.
    pub date: Option<Date>,
    /// What is wrong.
    pub defect: Defect,
}
