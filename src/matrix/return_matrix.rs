//! A matrix of returns: one row a period, one column a trial. Judges no values.
//!
//! Missing values are NaN; whoever uses a column decides what they mean.

use std::error::Error;
use std::fmt;

use crate::market::date::Date;

/// Named columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReturnMatrix {
    /// Name of each column.
    pub names: Vec<String>,
    /// Values of each column, in the order of the rows.
    pub columns: Vec<Vec<f64>>,
    /// The date of each row, the oldest first; `None` where nothing says when they were. Dates make the test look at weeks and
    /// months, else it looks at rows alone.
    pub dates: Option<Vec<Date>>,
    /// The name of the column of a file that was taken for the index and is none of the columns; empty for one without a name.
    pub index: Option<String>,
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

    /// The error with which a library could not read a line.
    pub(crate) fn of_line(line: u64, error: impl Error + Send + Sync + 'static) -> MatrixError {
        MatrixError { location: Some((line, 1)), message: error.to_string(), source: Some(Box::new(error)) }
    }

    /// Whether it has a location, with which its text begins.
    pub(crate) fn has_location(&self) -> bool {
        self.location.is_some()
    }

    /// An error of a cell.
    pub(crate) fn at(line: u64, column: usize, message: impl Into<String>) -> MatrixError {
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
