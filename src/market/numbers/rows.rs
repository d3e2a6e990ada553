//! The rows of one series of numbers or dates: of one asset, or of all.

use crate::market::date::Date;
use crate::market::input::error::{RowError, RowErrorKind};

/// Rows by date, each date once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rows {
    /// The dates, ascending.
    pub dates: Vec<Date>,
    /// The number of each row, finite; empty for rows that are dates alone.
    pub values: Vec<f64>,
}

/// The rows of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnRows {
    /// Of all assets alike.
    Shared(Rows),
    /// Of each of the assets that were asked for, in their order; without a row where there is none.
    ByAsset(Vec<Rows>),
}

/// The rows of one series as a file has them, with the cells of some columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct WrittenRows {
    /// Line of every row.
    pub lines: Vec<u64>,
    /// Date of every row.
    pub dates: Vec<Date>,
    /// For each column the number of every row; NaN for a missing cell.
    pub cells: Vec<Vec<f64>>,
}

impl Rows {
    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }

    /// The rows up to and including a date.
    pub(crate) fn until(mut self, end: Date) -> Rows {
        let count = self.dates.partition_point(|date| *date <= end);
        self.dates.truncate(count);
        self.values.truncate(count);
        self
    }
}

impl WrittenRows {
    /// No rows yet, with room for so many columns.
    pub(crate) fn new(columns: usize) -> WrittenRows {
        WrittenRows { cells: vec![Vec::new(); columns], ..WrittenRows::default() }
    }

    /// The rows of each column by date; of one without columns the dates alone. A missing cell is no row of its column.
    ///
    /// # Errors
    /// A date stands twice, whatever its cells: the line of the second row. `symbol` is for the message.
    pub(crate) fn by_date(self, symbol: Option<&str>) -> Result<Vec<Rows>, RowError> {
        let WrittenRows { lines, dates, cells } = self;
        let mut order: Vec<usize> = (0..dates.len()).collect();
        if !dates.is_sorted() {
            // Rows of the same date keep the order of the file.
            order.sort_by_key(|&row| dates[row]);
        }
        let twice = order.array_windows().filter(|[row, next]| dates[*row] == dates[*next]);
        if let Some([first, second]) = twice.min_by_key(|[_, second]| lines[*second]) {
            let (date, first_line) = (dates[*first], lines[*first]);
            let kind = match symbol {
                Some(symbol) => RowErrorKind::RepeatedRow { symbol: symbol.to_owned(), date, first_line },
                None => RowErrorKind::RepeatedDate { date, first_line },
            };
            return Err(RowError { line: lines[*second], kind });
        }
        if cells.is_empty() {
            let dates = order.iter().map(|&row| dates[row]).collect();
            return Ok(vec![Rows { dates, values: Vec::new() }]);
        }
        let of_column = |cells: &Vec<f64>| {
            let present = || order.iter().filter(|&&row| !cells[row].is_nan());
            Rows {
                dates: present().map(|&row| dates[row]).collect(),
                values: present().map(|&row| cells[row]).collect(),
            }
        };
        Ok(cells.iter().map(of_column).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dates: &[i32], cells: &[&[f64]]) -> WrittenRows {
        WrittenRows {
            lines: (2..).take(dates.len()).collect(),
            dates: dates.iter().map(|day| Date(*day)).collect(),
            cells: cells.iter().map(|column| column.to_vec()).collect(),
        }
    }

    #[test]
    fn rows_come_by_date_and_a_missing_cell_is_none() {
        let rows = written(&[5, 3, 4], &[&[50.0, 30.0, f64::NAN], &[f64::NAN, -1.0, 0.0]]).by_date(None);
        let rows = rows.unwrap();
        assert_eq!(rows[0], Rows { dates: vec![Date(3), Date(5)], values: vec![30.0, 50.0] });
        assert_eq!(rows[1], Rows { dates: vec![Date(3), Date(4)], values: vec![-1.0, 0.0] });
        let dates = written(&[5, 3], &[]).by_date(None).unwrap();
        assert_eq!(dates, [Rows { dates: vec![Date(3), Date(5)], values: Vec::new() }]);
        assert_eq!(rows[0].clone().until(Date(4)), Rows { dates: vec![Date(3)], values: vec![30.0] });
    }

    #[test]
    fn a_date_stands_once() {
        let twice = || written(&[7, 5, 3, 7, 5], &[&[f64::NAN; 5]]);
        let error = twice().by_date(None).unwrap_err();
        assert_eq!(error.to_string(), "line 5: the date 1970-01-08 stands twice, first on line 2");
        let error = twice().by_date(Some("A")).unwrap_err();
        assert_eq!(error.to_string(), "line 5: the date 1970-01-08 of 'A' stands twice, first on line 2");
    }
}
