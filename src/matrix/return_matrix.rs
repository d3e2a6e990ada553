//! Reads a matrix of returns from CSV: one row per period, one column per trial, names in the first line. Judges no values.
//!
//! A first column without a name, or with dates, is the index and not a trial. Missing values become NaN; whoever uses a column
//! decides what they mean.

use std::error::Error;
use std::fmt;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

/// How programs write a missing number, in lower case.
const ABSENT: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "<na>", "-"];

/// Named columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReturnMatrix {
    /// Name of each column.
    pub names: Vec<String>,
    /// Values of each column, in the order of the rows.
    pub columns: Vec<Vec<f64>>,
}

/// A file that is not a matrix of returns.
#[derive(Debug)]
pub(crate) struct MatrixError {
    /// Line of the wrong cell and its first character in the line, both counted from 1; `None` if the format has no lines.
    location: Option<(u64, usize)>,
    message: String,
    /// The error of the library that reads the format.
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl MatrixError {
    /// An error without a location.
    pub(crate) fn new(message: impl Into<String>) -> MatrixError {
        MatrixError { location: None, message: message.into(), source: None }
    }

    /// An error of the library that reads the format, which has the message of that error.
    #[cfg(any(test, feature = "parquet"))]
    pub(crate) fn from_source(error: impl Error + Send + Sync + 'static) -> MatrixError {
        MatrixError { location: None, message: error.to_string(), source: Some(Box::new(error)) }
    }

    /// Whether it has a location, with which its text begins.
    pub(crate) fn has_location(&self) -> bool {
        self.location.is_some()
    }

    fn at(line: u64, column: usize, message: impl Into<String>) -> MatrixError {
        MatrixError { location: Some((line, column)), message: message.into(), source: None }
    }
}

impl fmt::Display for MatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.location {
            write!(formatter, "{line}:{column}: ")?;
        }
        write!(formatter, "{}", self.message)
    }
}

impl Error for MatrixError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as &(dyn Error + 'static))
    }
}

/// Reads a matrix.
///
/// # Errors
/// The file cannot be read, has no column of returns or fewer than two rows, a row has more or fewer cells than the first line,
/// or a cell is neither a number nor missing.
pub(crate) fn read(reader: impl Read) -> Result<ReturnMatrix, MatrixError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut row = ByteRecord::new();
    let failed = |line: u64, error: csv::Error| MatrixError {
        location: Some((line, 1)),
        message: error.to_string(),
        source: Some(Box::new(error)),
    };
    if !reader.read_byte_record(&mut row).map_err(|error| failed(1, error))? {
        return Err(MatrixError::at(1, 1, "the file is empty"));
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
            MatrixError::at(line, before + 1, message)
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
    if names.is_empty() {
        return Err(MatrixError::at(line, 1, "no column of returns beside the index"));
    }
    if columns[0].len() < 2 {
        return Err(MatrixError::at(line, 1, "expected a line of names and at least two rows of returns"));
    }
    Ok(ReturnMatrix { names, columns })
}

/// A number, NaN for a missing one, `None` for any other text.
fn number(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    text.parse().ok().or_else(|| ABSENT.contains(&text.to_ascii_lowercase().as_str()).then_some(f64::NAN))
}

/// Whether a cell looks like a date or a time: it begins with a digit, contains separators and is not a number.
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
    fn an_index_is_not_a_trial() {
        check("a,b\n0.1,0.2\n0,0\n", &["a", "b"], &[0.1, 0.2]);
        check(",a\n0,0.2\n1,0\n", &["a"], &[0.2]);
        check("date,a\n2020-01-02,1e-3\n2020-01-03,0\n", &["a"], &[0.001]);
        check("\u{feff}when,a\n2020-01-02 00:00:00,.5\n2020-01-03,0\n", &["a"], &[0.5]);
    }

    #[test]
    fn errors_say_where() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(error("a,b\n0.1,0.2\n0.1,up\n").starts_with("3:5: 'up' is no return"));
        assert!(error("a,b\n0.1\n").starts_with("2:5: 1 cells, but the first line has 2"));
        assert!(error("").contains("empty"));
        assert!(error("a\n1\n").contains("at least two rows"));
        assert!(error("date\n2020-01-02\n2020-01-03\n").contains("beside the index"));
    }

    #[test]
    fn missing_values_become_nan() {
        let matrix = read("a,b\n,1\nNaN,2\n".as_bytes()).unwrap();
        assert!(matrix.columns[0].iter().all(|value| value.is_nan()));
    }
}
