//! A folder of price files as a source of prices. Keeps nothing: an asset's file is parsed each time its rows are read.

pub(crate) mod csv;
pub(crate) mod files;
pub(crate) mod layout;

use std::path::{Path, PathBuf};

use super::error::{FileError, FileErrorKind};
use super::source::Source;
use crate::market::columns::Columns;
use crate::market::date::Date;
use crate::market::table::PriceTable;

/// A folder of price files.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path, whether it exists or not.
    pub(crate) fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned() }
    }

    /// The path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Source for Folder {
    fn read(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<Result<(), FileError>> {
        let path = files::path_of(&self.path, symbol)?;
        let wrong_row = |error| FileError { path: path.clone(), kind: FileErrorKind::Row(error) };
        let read = files::read_bytes(&path).and_then(|bytes| csv::read(&bytes, columns).map_err(wrong_row));
        Some(read.map(|read| *table = read))
    }

    fn bar_dates(&self, _: &str, _: &mut Vec<Date>) -> Option<()> {
        None
    }

    fn missing(&self, symbol: &str) -> FileError {
        let known = match files::symbols(&self.path) {
            Ok(known) => known,
            Err(error) => return error,
        };
        let nearest =
            crate::text::nearest::nearest(symbol, known.iter().map(String::as_str)).map(str::to_owned);
        let path = self.path.join(format!("{symbol}.csv"));
        let (symbol, others) = (symbol.to_owned(), Vec::new());
        let kind = FileErrorKind::Missing { symbol, others, nearest, known };
        FileError { path, kind }
    }

    fn location(&self, symbol: &str) -> PathBuf {
        files::path_of(&self.path, symbol).unwrap_or_else(|| self.path.join(symbol))
    }

    fn max_len(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_message_about_a_missing_file_names_those_that_exist() {
        let folder = tempfile::tempdir().unwrap();
        let said = || {
            let error = Folder::new(folder.path()).missing("SPY").to_string();
            error.split_once("; ").unwrap().1.to_owned()
        };
        assert_eq!(said(), "the folder has no price file");
        for symbol in ["B1", "A1"] {
            fs::write(folder.path().join(format!("{symbol}.csv")), "").unwrap();
        }
        assert_eq!(said(), "the folder has: A1, B1");
        for number in 2..9 {
            fs::write(folder.path().join(format!("A{number}.csv")), "").unwrap();
        }
        assert_eq!(said(), "the folder has: A1, A2, A3, A4, A5, A6, A7, A8 and 1 more");
        fs::write(folder.path().join("SPX.csv"), "").unwrap();
        assert_eq!(said(), "did you mean 'SPX'?");
    }
}
