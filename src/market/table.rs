//! The rows of one price file, as written: unadjusted, unfilled, in file order. Decides nothing about them.

use std::borrow::Cow;
use std::ops::{Index, IndexMut};

use super::columns::Column;
use super::date::Date;

/// The columns of one price file, one entry a row: `table[column]` has the cells, NaN for a missing one, and none of a column
/// that was not asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PriceTable {
    /// Line in the file (1 is the first) of every row.
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

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }

    /// Row numbers by ascending date; rows of one date keep the order of the file.
    pub(crate) fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        if !self.dates.is_sorted() {
            order.sort_by_key(|&row| self.dates[row as usize]);
        }
        order
    }

    /// The first date that stands in more than one row, with the lines of its first two rows.
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

/// Rows of a table in date order. Those of most files ascend, and need not be copied.
#[derive(Debug)]
pub(crate) enum Rows {
    /// So many from the first on.
    First(usize),
    /// Places in the table.
    Listed(Vec<u32>),
}

impl Rows {
    /// All rows.
    pub(crate) fn all(table: &PriceTable) -> Rows {
        match table.dates.is_sorted() {
            true => Rows::First(table.len()),
            false => Rows::Listed(table.order()),
        }
    }

    /// The rows up to and including a date.
    pub(crate) fn until(table: &PriceTable, end: Date) -> Rows {
        match Rows::all(table) {
            Rows::First(_) => Rows::First(table.dates.partition_point(|date| *date <= end)),
            Rows::Listed(mut rows) => {
                rows.retain(|&row| table.dates[row as usize] <= end);
                Rows::Listed(rows)
            }
        }
    }

    /// The place in the table of row number `number` of these.
    pub(crate) fn place(&self, number: usize) -> usize {
        match self {
            Rows::First(_) => number,
            Rows::Listed(rows) => rows[number] as usize,
        }
    }

    /// The values of a column of the table in these rows.
    pub(crate) fn of<'a, T: Copy>(&self, column: &'a [T]) -> Cow<'a, [T]> {
        match self {
            Rows::First(count) => Cow::Borrowed(&column[..*count]),
            Rows::Listed(rows) => rows.iter().map(|&row| column[row as usize]).collect(),
        }
    }
}
