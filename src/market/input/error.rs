//! Why price files and caches cannot be used, with the messages. Opens no file.

use std::error::Error;
use std::fmt::{self, Write};
use std::io;
use std::path::PathBuf;

use crate::market::date::Date;
use crate::text::nearest::nearest;
use crate::text::quoted;

/// Largest number of characters of a message, which may quote any ticker of a strategy.
const MESSAGE_LIMIT: usize = 1000;
/// Number of assets of a folder that a message lists at most.
const SHOWN_LIMIT: usize = 8;
/// Number of missing assets that a message names at most.
const MISSING_LIMIT: usize = 3;

/// A price file, cache or folder of prices that cannot be used.
#[derive(Debug)]
pub struct FileError {
    /// The file or folder.
    pub(crate) path: PathBuf,
    /// Why it cannot be used.
    pub(crate) kind: FileErrorKind,
}

/// Why a price file, cache or folder cannot be used.
#[derive(Debug)]
pub(crate) enum FileErrorKind {
    /// Neither `SYMBOL.csv` nor `SYMBOL.csv.gz` exists.
    Missing {
        /// The asset.
        symbol: String,
        /// The other assets without a file.
        others: Vec<String>,
        /// The asset of the folder with the most similar spelling, if one is similar.
        nearest: Option<String>,
        /// All assets of the folder.
        known: Vec<String>,
    },
    /// The folder itself does not exist.
    NoFolder,
    /// The folder holds no price file.
    NoPriceFile,
    /// The file or folder cannot be read.
    Unreadable(io::Error),
    /// The file is not gzip, or not a whole gzip file.
    BadGzip(io::Error),
    /// A row or the header of the file is wrong.
    Row(RowError),
    /// A file or folder of numbers does not exist.
    NoNumbers {
        /// The dotted path of the key that names it.
        key: String,
    },
    /// No row of a file or folder of numbers is of an asset that is asked for.
    NoRowOf {
        /// What a row has: `number` or `date`.
        what: &'static str,
        /// The name of the column.
        column: String,
        /// The last date that a row may have.
        end: Date,
        /// The assets, or none if the rows are of no asset.
        symbols: Box<[String]>,
        /// The assets of the file, as far as they are known.
        found: Box<[String]>,
    },
    /// The file is a cache that cannot be used.
    BadCache(CacheError),
    /// The file is a cache that lacks a column.
    NoColumn {
        /// The asset.
        symbol: String,
        /// The header of the column in quotes, or several with "or" between them.
        column: String,
    },
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            FileErrorKind::Unreadable(error) | FileErrorKind::BadGzip(error) => Some(error),
            FileErrorKind::Row(error) => Some(error),
            FileErrorKind::BadCache(error) => Some(error),
            FileErrorKind::Missing { .. }
            | FileErrorKind::NoFolder
            | FileErrorKind::NoPriceFile
            | FileErrorKind::NoNumbers { .. }
            | FileErrorKind::NoRowOf { .. }
            | FileErrorKind::NoColumn { .. } => None,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut message = String::new();
        self.write(&mut message)?;
        formatter.write_str(&quoted::message(&message, MESSAGE_LIMIT))
    }
}

impl FileError {
    /// Writes the message, whatever its length and its characters.
    fn write(&self, message: &mut String) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            FileErrorKind::Missing { symbol, others, nearest, known } => {
                match others.len() {
                    0 => write!(message, "{path}: no price file for asset '{symbol}'; ")?,
                    more => {
                        let named = std::iter::once(symbol).chain(others).take(MISSING_LIMIT);
                        let named: Vec<String> = named.map(|symbol| format!("'{symbol}'")).collect();
                        let (count, named) = (more + 1, named.join(", "));
                        let first = if count > MISSING_LIMIT { "the first are " } else { "" };
                        write!(message, "{path}: no price file for {count} assets, {first}{named}; ")?;
                    }
                }
                match nearest {
                    Some(nearest) if others.is_empty() => {
                        write!(message, "did you mean '{}'?", quoted::text(nearest))
                    }
                    Some(nearest) => {
                        write!(message, "for '{symbol}' did you mean '{}'?", quoted::text(nearest))
                    }
                    None => write!(message, "{}", listed(known)),
                }
            }
            FileErrorKind::NoFolder => write!(message, "{path}: no such folder of price files"),
            FileErrorKind::BadGzip(error) => write!(message, "{path}: cannot unpack: {error}"),
            FileErrorKind::NoPriceFile => {
                write!(message, "{path}: no price file in the folder, expected SYMBOL.csv or SYMBOL.csv.gz")
            }
            FileErrorKind::NoNumbers { key } => {
                write!(message, "{path}: no such file or folder, and '{key}' names it")
            }
            FileErrorKind::NoRowOf { what, column, end, symbols, found } => {
                write!(message, "{path}: no {what} of '{column}' up to {end}")?;
                match symbols.is_empty() {
                    true => Ok(()),
                    false => {
                        write!(message, " for any asset; expected rows of {}", named(symbols))?;
                        write!(message, "{}", others(found, symbols))
                    }
                }
            }
            FileErrorKind::Unreadable(error) => write!(message, "{path}: cannot read: {error}"),
            FileErrorKind::Row(row) => write!(message, "{path}:{}: {}", row.line, row.kind),
            FileErrorKind::BadCache(error) => write!(message, "{path}: {error}"),
            FileErrorKind::NoColumn { symbol, column } => {
                write!(
                    message,
                    "{path}: the file of asset '{symbol}' had no column {column} that can be read"
                )
            }
        }
    }
}

/// The assets of a folder as the message about a missing one lists them.
fn listed(known: &[String]) -> String {
    match known.is_empty() {
        true => "the folder has no price file".to_owned(),
        false => format!("the folder has: {}", named(known)),
    }
}

/// What the message about a file of numbers says of the assets in it, of which none is wanted.
fn others(found: &[String], wanted: &[String]) -> String {
    let meant = |other: &&String| nearest(other, wanted.iter().map(String::as_str));
    let (mut near, far): (Vec<&String>, Vec<&String>) =
        found.iter().filter(|other| !wanted.contains(other)).partition(|other| meant(other).is_some());
    let pair = near.first().and_then(|other| Some((*other, meant(other)?)));
    near.extend(far);
    if near.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = near.iter().take(MISSING_LIMIT).map(|other| quoted::text(other)).collect();
    let more = if near.len() > MISSING_LIMIT { " and others" } else { "" };
    let question = pair.map(|(other, meant)| {
        format!("; by '{}' did you mean '{}'?", quoted::text(other), quoted::text(meant))
    });
    format!(", found {}{more}{}", shown.join(", "), question.unwrap_or_default())
}

/// Some names, the first of them if there are many.
fn named(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(SHOWN_LIMIT));
    let shown: Vec<String> = shown.iter().map(|name| quoted::text(name)).collect();
    match rest.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A line of a price file that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowError {
    /// Number of the line; the first line of the file is 1.
    pub line: u64,
    /// What is wrong.
    pub kind: RowErrorKind,
}

impl Error for RowError {}

impl fmt::Display for RowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.kind)
    }
}

/// What is wrong with a line of a price file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowErrorKind {
    /// The file is empty.
    Empty {
        /// The columns that its header must have at least.
        expected: &'static str,
    },
    /// The file has a header and no rows.
    NoRows,
    /// The header lacks a column that is needed.
    MissingColumn {
        /// Name of the column.
        column: &'static str,
        /// The header as written.
        header: String,
    },
    /// The header has no column for the symbol of an asset, but one that has it under another name.
    OtherSymbol {
        /// That name.
        twin: String,
        /// The header as written.
        header: String,
    },
    /// The header has no adjusted close, and prices are to be adjusted.
    NoAdjustedClose,
    /// The header has two columns with the name of one that is needed.
    RepeatedColumn {
        /// Name of the column.
        column: &'static str,
    },
    /// The header lacks a column whose name the strategy gives.
    UnknownColumn {
        /// The name.
        column: String,
        /// The names of the header, as written.
        header: Vec<String>,
    },
    /// The header has two columns with this name.
    TwoColumns {
        /// The name.
        column: String,
    },
    /// The cell that names the asset of a row is empty.
    NoSymbol,
    /// A row has asset and date of an earlier row.
    RepeatedRow {
        /// The asset.
        symbol: String,
        /// The date.
        date: Date,
        /// Line of the earlier row.
        first_line: u64,
    },
    /// A row has more cells than the header.
    TooManyCells {
        /// Cells in the row.
        cells: usize,
        /// Cells in the header.
        columns: usize,
    },
    /// A row has the date of an earlier row.
    RepeatedDate {
        /// The date.
        date: Date,
        /// Line of the earlier row.
        first_line: u64,
    },
    /// The same in a file whose rows are of all assets.
    RepeatedSharedDate {
        /// The date.
        date: Date,
        /// Line of the earlier row.
        first_line: u64,
    },
    /// The date cell is not a date.
    Date {
        /// The cell as written.
        text: String,
    },
    /// A cell is neither missing nor a finite number.
    Number {
        /// Name of its column.
        column: String,
        /// The cell as written.
        text: String,
    },
    /// The file is not CSV or not gzip.
    Format {
        /// What the library that reads the format says.
        reason: String,
    },
}

impl fmt::Display for RowErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowErrorKind::Empty { expected } => {
                write!(formatter, "the file is empty, expected a header line with {expected}")
            }
            RowErrorKind::NoRows => write!(formatter, "no data row after the header"),
            RowErrorKind::MissingColumn { column, header } => {
                write!(formatter, "no column '{column}' in the header '{}'", quoted::text(header))?;
                match header.contains(';') && !header.contains(',') {
                    true => write!(formatter, "; cells are separated by commas, not by semicolons"),
                    false => Ok(()),
                }
            }
            RowErrorKind::OtherSymbol { twin, header } => {
                let (twin, header) = (quoted::text(twin), quoted::text(header));
                write!(
                    formatter,
                    "no column 'Symbol' in the header '{header}'; rename '{twin}' to 'Symbol', or leave that column out if each \
                     row is of all assets"
                )
            }
            RowErrorKind::NoAdjustedClose => write!(
                formatter,
                "no column 'Adj Close', so the prices cannot be adjusted; set `adjust = false` under [data] to use them as traded"
            ),
            RowErrorKind::RepeatedColumn { column } => {
                write!(formatter, "column '{column}' stands twice in the header, expected one asset a file")
            }
            RowErrorKind::UnknownColumn { column, header } => {
                write!(formatter, "no column '{}' in the header; ", quoted::text(column))?;
                match nearest(column, header.iter().map(String::as_str)) {
                    Some(nearest) => write!(formatter, "did you mean '{}'?", quoted::text(nearest)),
                    None => write!(formatter, "it has: {}", named(header)),
                }
            }
            RowErrorKind::TwoColumns { column } => {
                write!(formatter, "column '{}' stands twice in the header", quoted::text(column))
            }
            RowErrorKind::NoSymbol => write!(formatter, "column 'Symbol': expected a ticker, found nothing"),
            RowErrorKind::RepeatedRow { symbol, date, first_line } => {
                let symbol = quoted::text(symbol);
                write!(formatter, "the date {date} of '{symbol}' stands twice, first on line {first_line}")
            }
            RowErrorKind::TooManyCells { cells, columns } => {
                write!(formatter, "{cells} cells in a row, but the header has {columns}")
            }
            RowErrorKind::RepeatedDate { date, first_line } => {
                write!(formatter, "the date {date} stands twice, first on line {first_line}")
            }
            RowErrorKind::RepeatedSharedDate { date, first_line } => write!(
                formatter,
                "the date {date} stands twice, first on line {first_line}; each row is of all assets, as there is no column 'Symbol'"
            ),
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

/// Why a file cannot be used as a cache of prices.
#[derive(Debug)]
pub(crate) enum CacheError {
    /// It does not begin with the first bytes of a cache.
    NotCache,
    /// It has the format of another version of the program.
    OtherVersion {
        /// Version of its format.
        found: u32,
        /// Version of the format that this program reads.
        expected: u32,
    },
    /// A checksum does not match, or bytes are missing.
    Damaged,
    /// It cannot be read.
    Unreadable(io::Error),
}

impl Error for CacheError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            CacheError::Unreadable(error) => Some(error),
            CacheError::NotCache | CacheError::OtherVersion { .. } | CacheError::Damaged => None,
        }
    }
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
