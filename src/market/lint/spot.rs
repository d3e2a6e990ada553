//! A defect at its place in one file.

use super::finding::Defect;
use crate::market::date::Date;

/// A defect and its place in a file that the caller knows.
#[derive(Debug)]
pub(crate) struct Spot {
    /// Line in the file, 1 is the first.
    pub line: u64,
    /// Date of the row, if it has one.
    pub date: Option<Date>,
    /// What is wrong.
    pub defect: Defect,
}
