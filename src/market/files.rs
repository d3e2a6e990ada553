//! Price files on disk: one `SYMBOL.csv` or `SYMBOL.csv.gz` an asset in one folder. Reads, never writes.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;

use super::cache::CacheError;
use super::csv::{self, RowError};
use super::quoted;
use super::table::{Columns, PriceTable};

/// Assets that a message lists.
const SHOWN_LIMIT: usize = 8;

/// A price file that cannot be used.
#[derive(Debug)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub kind: FileErrorKind,
}

/// The kinds of [`FileError`].
#[derive(Debug)]
pub enum FileErrorKind {
    /// Neither `SYMBOL.csv` nor `SYMBOL.csv.gz` exists.
    Missing {
        /// The asset.
        symbol: String,
        /// The asset in the folder that is spelled most like it.
        nearest: Option<String>,
        /// The assets in the folder.
        known: Vec<String>,
    },
    /// The folder itself does not exist.
    NoFolder,
    /// The folder holds no price file.
    NoPriceFile,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be unpacked.
    BadGzip(io::Error),
    /// Its content is wrong.
    Row(RowError),
    /// It is a cache of prices and cannot be used.
    BadCache(CacheError),
    /// A cache of prices that lacks a column.
    NoColumn {
        /// The asset.
        symbol: String,
        /// The column, quoted.
        column: &'static str,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            FileErrorKind::Missing { symbol, nearest, known } => {
                write!(formatter, "{path}: no price file for asset '{symbol}'; ")?;
                match nearest {
                    Some(nearest) => write!(formatter, "did you mean '{}'?", quoted::text(nearest)),
                    None => write!(formatter, "{}", listed(known)),
                }
            }
            FileErrorKind::NoFolder => write!(formatter, "{path}: no such folder of price files"),
            FileErrorKind::BadGzip(error) => write!(formatter, "{path}: cannot unpack: {error}"),
            FileErrorKind::NoPriceFile => {
                write!(formatter, "{path}: no price file in the folder, expected SYMBOL.csv or SYMBOL.csv.gz")
            }
            FileErrorKind::Unreadable(error) => write!(formatter, "{path}: cannot read: {error}"),
            FileErrorKind::Row(row) => write!(formatter, "{path}:{}: {}", row.line, row.kind),
            FileErrorKind::BadCache(error) => write!(formatter, "{path}: {error}"),
            FileErrorKind::NoColumn { symbol, column } => {
                write!(
                    formatter,
                    "{path}: the file of asset '{symbol}' had no column {column} that can be read"
                )
            }
        }
    }
}

/// What a folder has, for who asked for something else.
fn listed(known: &[String]) -> String {
    let (shown, rest) = known.split_at(known.len().min(SHOWN_LIMIT));
    let shown: Vec<String> = shown.iter().map(|symbol| quoted::text(symbol)).collect();
    match (shown.is_empty(), rest.len()) {
        (true, _) => "the folder has no price file".to_owned(),
        (false, 0) => format!("the folder has: {}", shown.join(", ")),
        (false, more) => format!("the folder has: {} and {more} more", shown.join(", ")),
    }
}

/// The file of an asset: `SYMBOL.csv`, else `SYMBOL.csv.gz`, else `None`.
pub fn path_of(folder: &Path, symbol: &str) -> Option<PathBuf> {
    find(folder, symbol).map(|(path, _)| path)
}

/// The file of an asset and what the file system says of it.
pub fn find(folder: &Path, symbol: &str) -> Option<(PathBuf, fs::Metadata)> {
    [".csv", ".csv.gz"].iter().find_map(|ending| {
        let path = folder.join(format!("{symbol}{ending}"));
        let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some((path, metadata))
    })
}

/// The symbols that have a file in a folder, sorted. Hidden files, which some systems leave beside others, are none.
///
/// # Errors
/// The folder cannot be listed.
pub fn symbols(folder: &Path) -> Result<Vec<String>, FileError> {
    let fail = |error: io::Error| FileError {
        path: folder.to_owned(),
        kind: match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileErrorKind::NoFolder,
            _ => FileErrorKind::Unreadable(error),
        },
    };
    let mut symbols = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let symbol = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".csv.gz"));
        if let Some(symbol) = symbol.filter(|symbol| !symbol.is_empty() && !symbol.starts_with('.'))
            && entry.path().is_file()
        {
            symbols.push(symbol.to_owned());
        }
    }
    symbols.sort();
    symbols.dedup();
    Ok(symbols)
}

/// The bytes of a price file, unpacked when its name ends in `.gz`.
///
/// # Errors
/// The file cannot be read or unpacked.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let fail = |kind: fn(io::Error) -> FileErrorKind| {
        move |error| FileError { path: path.to_owned(), kind: kind(error) }
    };
    let bytes = fs::read(path).map_err(fail(FileErrorKind::Unreadable))?;
    match is_packed(path) {
        true => unpacked(&bytes).map_err(fail(FileErrorKind::BadGzip)),
        false => Ok(bytes),
    }
}

/// Whether a price file is compressed, by its name.
pub fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// The text of a compressed price file.
///
/// # Errors
/// It is not gzip, or not whole.
pub fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Reads the files of some assets, in the order asked for.
///
/// # Errors
/// The first asset, in that order, whose file is missing, unreadable or wrong.
pub fn load(
    folder: &Path,
    symbols: &[String],
    columns: Columns,
) -> Result<Vec<(String, PriceTable)>, FileError> {
    let tables: Vec<Option<Result<PriceTable, FileError>>> =
        symbols.par_iter().with_max_len(1).map(|symbol| load_one(folder, symbol, columns)).collect();
    // The folder is listed for the first missing file alone, for all may be missing.
    let found = |(symbol, table): (&String, Option<_>)| match table {
        Some(table) => Ok((symbol.clone(), table?)),
        None => Err(missing(folder, symbol)?),
    };
    symbols.iter().zip(tables).map(found).collect()
}

/// The rows of an asset; `None` without a file.
pub fn load_one(folder: &Path, symbol: &str, columns: Columns) -> Option<Result<PriceTable, FileError>> {
    let path = path_of(folder, symbol)?;
    let row = |row| FileError { path: path.clone(), kind: FileErrorKind::Row(row) };
    Some(read_bytes(&path).and_then(|bytes| csv::read(&bytes, columns).map_err(row)))
}

/// What to say of an asset without a file; an error if there is no folder either.
///
/// # Errors
/// The folder cannot be listed.
pub fn missing(folder: &Path, symbol: &str) -> Result<FileError, FileError> {
    let known = symbols(folder)?;
    let nearest = crate::market::nearest(symbol, known.iter().map(String::as_str)).map(str::to_owned);
    let kind = FileErrorKind::Missing { symbol: symbol.to_owned(), nearest, known };
    Ok(FileError { path: folder.join(format!("{symbol}.csv")), kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_those_of_visible_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["B.csv", "A.csv.gz", "A.csv", "._A.csv", ".csv", "C.csv.part", "README.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("D.csv")).unwrap();
        assert_eq!(symbols(folder.path()).unwrap(), ["A", "B"]);
        let error = symbols(&folder.path().join("B.csv")).unwrap_err();
        assert!(matches!(error.kind, FileErrorKind::NoFolder), "{error}");
    }

    #[test]
    fn a_missing_file_is_answered_with_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let said = || {
            let error = load(folder.path(), &["SPY".into()], Columns::default()).unwrap_err().to_string();
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

    #[test]
    fn what_cannot_be_unpacked_is_told_from_what_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("A.csv.gz");
        let kind = || read_bytes(&path).unwrap_err().kind;
        assert!(matches!(kind(), FileErrorKind::Unreadable(_)));
        for bytes in [&b""[..], b"Date,Open,Close\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03half"] {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(kind(), FileErrorKind::BadGzip(_)), "{bytes:?}");
        }
    }
}
