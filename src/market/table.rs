//! The rows of one price file as written: not adjusted, not filled, in file order. Judges no values.

use std::borrow::Cow;
use std::ops::{Index, IndexMut};

use super::columns::Column;
use super::date::Date;

/// The columns of one price file. `table[column]` has one cell per row, NaN where the file has no value; it is empty if the
/// column was not read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PriceTable {
    /// Line of every row in the file; the first line is 1.
    pub lines: Vec<u64>,
    /// Date of every row.
    pub dates: Vec<Date>,
    cells: [Vec<f64>; Column::COUNT],
}

impl Index<Column> for PriceTable {
    type Output = Vec<f64>;

    fn index(&self, column: Column) -> &Vec<f64> {
        &self.cells[column.index()]
    }
}

impl IndexMut<Column> for PriceTable {
    fn index_mut(&mut self, column: Column) -> &mut Vec<f64> {
        &mut self.cells[column.index()]
    }
}

impl PriceTable {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.dates.len()
    }

    /// Whether the table has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }

    /// Indices of the rows by ascending date; rows of the same date keep the order of the file.
    pub(crate) fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        if !self.dates.is_sorted() {
            order.sort_by_key(|&row| self.dates[row as usize]);
        }
        order
    }

    /// The first date that more than one row has, with the lines of the first two of these rows.
    pub(crate) fn duplicate_date(&self) -> Option<(Date, u64, u64)> {
        if self.dates.array_windows().all(|[date, next]| date < next) {
            return None;
        }
        let order = self.order();
        order.windows(2).find_map(|pair| {
            let (first, second) = (pair[0] as usize, pair[1] as usize);
            (self.dates[first] == self.dates[second])
                .then(|| (self.dates[first], self.lines[first], self.lines[second]))
        })
    }
}

/// Rows of a table in date order. The rows of most files are sorted already, and then nothing is copied.
#[derive(Debug)]
pub(crate) enum SortedRows {
    /// The rows with an index below this number.
    First(usize),
    /// The rows with these indices in the table.
    Listed(Vec<u32>),
}

impl SortedRows {
    /// All rows.
    pub(crate) fn all(table: &PriceTable) -> SortedRows {
        if table.dates.is_sorted() {
            SortedRows::First(table.len())
        } else {
            SortedRows::Listed(table.order())
        }
    }

    /// The rows up to and including a date.
    pub(crate) fn until(table: &PriceTable, end: Date) -> SortedRows {
        match SortedRows::all(table) {
            SortedRows::First(_) => SortedRows::First(table.dates.partition_point(|date| *date <= end)),
            SortedRows::Listed(mut rows) => {
                rows.retain(|&row| table.dates[row as usize] <= end);
                SortedRows::Listed(rows)
            }
        }
    }

    /// The index in the table of the `number`-th of these rows, counted from 0.
    pub(crate) fn index(&self, number: usize) -> usize {
        match self {
            SortedRows::First(_) => number,
            SortedRows::Listed(rows) => rows[number] as usize,
        }
    }

    /// The values of a column of the table in these rows.
    pub(crate) fn select<'a, T: Copy>(&self, column: &'a [T]) -> Cow<'a, [T]> {
        match self {
            SortedRows::First(count) => Cow::Borrowed(&column[..*count]),
            SortedRows::Listed(rows) => rows.iter().map(|&row| column[row as usize]).collect(),
        }
    }
}
