//! Opens a file with a matrix of returns and reads it by what it begins with: Parquet, else CSV.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use super::csv::read;
use super::return_matrix::{MatrixError, ReturnMatrix};

/// How every Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// A file that cannot be read as a matrix of returns.
#[derive(Debug)]
pub struct MatrixFileError {
    path: PathBuf,
    kind: MatrixFileErrorKind,
}

#[derive(Debug)]
enum MatrixFileErrorKind {
    /// It cannot be opened or read.
    Unreadable(io::Error),
    /// Its content is wrong.
    Content(MatrixError),
}

impl MatrixFileError {
    /// Whether there is no such file.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(&self.kind, MatrixFileErrorKind::Unreadable(error) if error.kind() == ErrorKind::NotFound)
    }

    /// Whether it was read and its content is wrong.
    pub(crate) fn is_content(&self) -> bool {
        matches!(self.kind, MatrixFileErrorKind::Content(_))
    }
}

impl fmt::Display for MatrixFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            MatrixFileErrorKind::Unreadable(_) if self.is_missing() => {
                write!(formatter, "{path}: no such file")
            }
            MatrixFileErrorKind::Unreadable(error) => write!(formatter, "{path}: {error}"),
            MatrixFileErrorKind::Content(error) if error.has_location() => {
                write!(formatter, "{path}:{error}")
            }
            MatrixFileErrorKind::Content(error) => write!(formatter, "{path}: {error}"),
        }
    }
}

impl Error for MatrixFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            MatrixFileErrorKind::Unreadable(error) => Some(error),
            MatrixFileErrorKind::Content(error) => Some(error),
        }
    }
}

impl ReturnMatrix {
    /// Reads a CSV or Parquet file: one row a period, one column a trial, names in the first line.
    ///
    /// A first column without a name, with the name of an index (as `date`), with dates or with whole numbers that rise as
    /// counts or epochs do is the index and no trial; so is what pandas marks as the index in Parquet. Missing values become
    /// NaN.
    ///
    /// # Errors
    /// The file cannot be read, has no column of returns or fewer than two rows, or holds something else than numbers; a column
    /// behind the first holds dates, counts or epochs; the dates of the index do not rise.
    pub fn read(path: &Path) -> Result<ReturnMatrix, MatrixFileError> {
        let fail = |kind| MatrixFileError { path: path.to_owned(), kind };
        let unreadable = |error| fail(MatrixFileErrorKind::Unreadable(error));
        let mut reader = BufReader::new(File::open(path).map_err(unreadable)?);
        let is_parquet = reader.fill_buf().map_err(unreadable)?.starts_with(PARQUET);
        let matrix = if is_parquet { read_parquet(reader.into_inner()) } else { read(reader) };
        matrix.map_err(|error| fail(MatrixFileErrorKind::Content(error)))
    }
}

#[cfg(feature = "parquet")]
fn read_parquet(mut file: File) -> Result<ReturnMatrix, MatrixError> {
    use std::io::Seek;
    file.rewind().map_err(MatrixError::from_source)?;
    // The library that reads the format panics at some damaged files; they are to be bad data like any other.
    let matrix = std::panic::catch_unwind(|| super::parquet::read(file));
    matrix.unwrap_or_else(|_| Err(MatrixError::new("the file is damaged")))
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(_: File) -> Result<ReturnMatrix, MatrixError> {
    Err(MatrixError::new("Parquet, which this program was built without; give it as CSV"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("returns.csv");
        let missing = ReturnMatrix::read(&path).unwrap_err();
        assert!(missing.is_missing() && missing.to_string().ends_with("returns.csv: no such file"));
        assert!(missing.source().is_some());
        std::fs::write(&path, "a,b\n0.1,x\n").unwrap();
        let wrong = ReturnMatrix::read(&path).unwrap_err();
        assert!(wrong.is_content() && wrong.to_string().contains("returns.csv:2:5: "), "{wrong}");
    }
}
