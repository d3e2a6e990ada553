//! A matrix of returns as text: a row a period, a column a trial, names in the first line.
//!
//! A first column without a name, or with dates in it, is the index and no trial. What is blank or says NaN stays NaN: whoever
//! uses the column decides what that means.

use std::fmt;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

/// How other programs write an absent number.
const ABSENT: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "<na>", "-"];

/// Named columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ReturnMatrix {
    /// Name of each column.
    pub names: Vec<String>,
    /// Values of each column, in the order of the rows.
    pub columns: Vec<Vec<f64>>,
}

/// Why a text is no matrix, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatrixError {
    /// The line, from 1.
    pub line: u64,
    /// The first character of the cell, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Reads a matrix.
///
/// # Errors
/// No columns or rows, a row that is longer or shorter than the first, a cell that is no number.
pub(crate) fn read(reader: impl Read) -> Result<ReturnMatrix, MatrixError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut row = ByteRecord::new();
    let failed = |line: u64, error: csv::Error| MatrixError { line, column: 1, message: error.to_string() };
    if !reader.read_byte_record(&mut row).map_err(|error| failed(1, error))? {
        return Err(MatrixError { line: 1, column: 1, message: "the file is empty".to_owned() });
    }
    let mut names: Vec<String> =
        row.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    if let Some(first) = names.first_mut() {
        *first = first.trim_start_matches('\u{feff}').to_owned();
    }
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let mut skipped = usize::from(names[0].is_empty() || names[0].starts_with("Unnamed:"));
    let mut line = 1;
    loop {
        let before = reader.position().line();
        if !reader.read_byte_record(&mut row).map_err(|error| failed(before, error))? {
            break;
        }
        line = row.position().map_or(before, csv::Position::line);
        let at = |cell: usize, message: String| {
            let before: usize =
                row.iter().take(cell).map(|cell| String::from_utf8_lossy(cell).chars().count() + 1).sum();
            MatrixError { line, column: before + 1, message }
        };
        if row.len() != names.len() {
            let message = format!("{} cells, but the first line has {}", row.len(), names.len());
            return Err(at(row.len().min(names.len()), message));
        }
        if columns.last().is_some_and(Vec::is_empty) && skipped == 0 && is_date(&row[0]) {
            skipped = 1;
        }
        for (cell, column) in columns.iter_mut().enumerate().skip(skipped) {
            let value = number(&row[cell]).ok_or_else(|| {
                let shown: String = String::from_utf8_lossy(&row[cell]).chars().take(40).collect();
                at(cell, format!("'{shown}' is no return: expected a number such as 0.0123"))
            })?;
            column.push(value);
        }
    }
    names.drain(..skipped);
    columns.drain(..skipped);
    let lacking = |message: &str| MatrixError { line, column: 1, message: message.to_owned() };
    if names.is_empty() {
        return Err(lacking("no column of returns beside the index"));
    }
    if columns[0].len() < 2 {
        return Err(lacking("expected a line of names and at least two rows of returns"));
    }
    Ok(ReturnMatrix { names, columns })
}

fn number(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    text.parse().ok().or_else(|| ABSENT.contains(&text.to_ascii_lowercase().as_str()).then_some(f64::NAN))
}

/// Whether a cell looks like a date or a time: it starts with a digit, has separators and is no number.
fn is_date(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim();
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.contains(['-', '/', ':', '.'])
        && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], first: &[f64]) {
        let matrix = read(text.as_bytes()).unwrap();
        assert_eq!(matrix.names, names);
        let row: Vec<f64> = matrix.columns.iter().map(|column| column[0]).collect();
        assert_eq!(row, first);
    }

    #[test]
    fn an_index_is_no_trial() {
        check("a,b\n0.1,0.2\n0,0\n", &["a", "b"], &[0.1, 0.2]);
        check(",a\n0,0.2\n1,0\n", &["a"], &[0.2]);
        check("date,a\n2020-01-02,1e-3\n2020-01-03,0\n", &["a"], &[0.001]);
        check("\u{feff}when,a\n2020-01-02 00:00:00,.5\n2020-01-03,0\n", &["a"], &[0.5]);
    }

    #[test]
    fn errors_say_where() {
        let place = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(place("a,b\n0.1,0.2\n0.1,up\n").starts_with("3:5: 'up' is no return"));
        assert!(place("a,b\n0.1\n").starts_with("2:5: 1 cells, but the first line has 2"));
        assert!(place("").contains("empty"));
        assert!(place("a\n1\n").contains("at least two rows"));
        assert!(place("date\n2020-01-02\n2020-01-03\n").contains("beside the index"));
    }

    #[test]
    fn absent_values_stay_absent() {
        let matrix = read("a,b\n,1\nNaN,2\n".as_bytes()).unwrap();
        assert!(matrix.columns[0].iter().all(|value| value.is_nan()));
    }
}
