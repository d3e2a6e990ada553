//! What can be wrong with the prices that come in, and how it reads. Opens no file.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::market::date::Date;
use crate::text::quoted;

/// Assets that a message lists.
const SHOWN_LIMIT: usize = 8;

/// A price file that cannot be used.
#[derive(Debug)]
pub struct FileError {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is wrong.
    pub(crate) kind: FileErrorKind,
}

/// The kinds of [`FileError`].
#[derive(Debug)]
pub(crate) enum FileErrorKind {
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
        column: String,
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

/// What is wrong with a price file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowError {
    /// Line in the file, 1 is the first.
    pub line: u64,
    /// What is wrong.
    pub kind: RowErrorKind,
}

/// The kinds of [`RowError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowErrorKind {
    /// Nothing in the file.
    Empty,
    /// A header and nothing below it.
    NoRows,
    /// A column that is needed is not in the header.
    MissingColumn {
        /// Its name.
        column: &'static str,
        /// The header found.
        header: String,
    },
    /// No adjusted close where prices are to be adjusted.
    NoAdjustedClose,
    /// A column that is needed stands twice.
    RepeatedColumn {
        /// Its name.
        column: &'static str,
    },
    /// A row with more cells than the header.
    TooManyCells {
        /// Cells in the row.
        cells: usize,
        /// Cells in the header.
        columns: usize,
    },
    /// A date that another line has already.
    RepeatedDate {
        /// The date.
        date: Date,
        /// That line.
        first_line: u64,
    },
    /// A date that cannot be read.
    Date {
        /// The cell.
        text: String,
    },
    /// A cell that is neither missing nor a finite number.
    Number {
        /// Its column.
        column: String,
        /// The cell.
        text: String,
    },
    /// The reader of the format gave up.
    Format {
        /// Its reason.
        reason: String,
    },
}

impl fmt::Display for RowErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowErrorKind::Empty => {
                write!(formatter, "the file is empty, expected a header line with Date, Open and Close")
            }
            RowErrorKind::NoRows => write!(formatter, "no data row after the header"),
            RowErrorKind::MissingColumn { column, header } => {
                write!(formatter, "no column '{column}' in the header '{}'", quoted::text(header))
            }
            RowErrorKind::NoAdjustedClose => write!(
                formatter,
                "no column 'Adj Close', so the prices cannot be adjusted; set `adjust = false` under [data] to use them as traded"
            ),
            RowErrorKind::RepeatedColumn { column } => {
                write!(formatter, "column '{column}' stands twice in the header, expected one asset a file")
            }
            RowErrorKind::TooManyCells { cells, columns } => {
                write!(formatter, "{cells} cells in a row, but the header has {columns}")
            }
            RowErrorKind::RepeatedDate { date, first_line } => {
                write!(formatter, "the date {date} stands twice, first on line {first_line}")
            }
            RowErrorKind::Date { text } => {
                write!(
                    formatter,
                    "cannot read the date '{}', expected a form like 2004-08-19",
                    quoted::text(text)
                )
            }
            RowErrorKind::Number { column, text } => {
                write!(formatter, "column '{column}': '{}' is not a finite number", quoted::text(text))
            }
            RowErrorKind::Format { reason } => write!(formatter, "{}", quoted::text(reason)),
        }
    }
}

/// Why a file is no cache that can be used.
#[derive(Debug)]
pub(crate) enum CacheError {
    /// It does not begin as a cache does.
    NotCache,
    /// It is a cache of another version of the program.
    OtherVersion {
        /// The version of its format.
        found: u32,
        /// The version that this program reads.
        expected: u32,
    },
    /// Its bytes are not those that were written.
    Damaged,
    /// It cannot be read.
    Unreadable(io::Error),
}

impl fmt::Display for CacheError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CacheError::NotCache => write!(formatter, "not a cache of prices"),
            CacheError::OtherVersion { found, expected } => write!(
                formatter,
                "a cache of prices in format {found}, expected {expected}; let this version of the program make it anew"
            ),
            CacheError::Damaged => write!(formatter, "the cache of prices is damaged; copy or make it anew"),
            CacheError::Unreadable(error) => write!(formatter, "cannot read: {error}"),
        }
    }
}
