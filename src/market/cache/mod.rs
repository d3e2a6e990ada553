//! A file with all columns of the price files of some assets, so that a task need not parse text. Never gives anything
//! but what the price files would give, and never stops a backtest: what it cannot give is read from them.
//!
//! 1. [`make`] leaves the file beside the price files, hidden, under a name that follows from the set of assets.
//! 2. [`Source::open`] looks for it. An asset is taken from it if its price file is the one that was read: by its stamp, or
//!    by the hash of its content where the stamp proves nothing. Any other asset is read from its price file.
//! 3. Such a file may also be given in place of the folder. Then it stands for itself and its defects are errors.
//!
//! Everything in it has a checksum, for disks and copies go wrong; against malice it protects as little as the price files.

mod format;
mod read;
mod stamp;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use self::format::CacheError;
pub use self::read::Cache;
use self::stamp::Stamp;
use super::files::{self, FileError, FileErrorKind};
use super::table::{Columns, PriceTable};

/// Where the prices of some assets come from.
#[derive(Debug)]
pub enum Source<'a> {
    /// A folder of price files, and its cache if there is one.
    Folder(&'a Path, Option<Cache>),
    /// A cache file alone.
    File(&'a Path, Cache),
}

impl Source<'_> {
    /// Opens the folder or the file.
    ///
    /// # Errors
    /// It is a file that is no cache or cannot be used.
    pub fn open<'a>(prices: &'a Path, symbols: &[String]) -> Result<Source<'a>, FileError> {
        if !prices.is_file() {
            return Ok(Source::Folder(prices, Cache::open(&prices.join(file_name(symbols))).ok()));
        }
        let kind = match Cache::open(prices) {
            Ok(cache) => return Ok(Source::File(prices, cache)),
            Err(CacheError::NotCache) => FileErrorKind::NoFolder,
            Err(CacheError::Unreadable(error)) => FileErrorKind::Unreadable(error),
            Err(error) => FileErrorKind::BadCache(error),
        };
        Err(FileError { path: prices.to_owned(), kind })
    }

    /// Reads the rows of an asset into a table, in the place of its own; `None` if there is no such asset. Without success the
    /// table is of no worth.
    ///
    /// # Errors
    /// Why they cannot be used.
    pub fn read(
        &self,
        symbol: &str,
        columns: Columns,
        table: &mut PriceTable,
    ) -> Option<Result<(), FileError>> {
        match self {
            Source::Folder(folder, cache) => {
                let cached = cache.as_ref().and_then(|cache| cached(cache, folder, symbol, columns, table));
                cached
                    .map(Ok)
                    .or_else(|| Some(files::load_one(folder, symbol, columns)?.map(|read| *table = read)))
            }
            Source::File(path, cache) => {
                let entry = cache.entries.get(symbol)?;
                let damaged = || FileErrorKind::BadCache(CacheError::Damaged);
                let read = match lacking(entry.columns(), columns) {
                    Some(column) => Err(FileErrorKind::NoColumn { symbol: symbol.to_owned(), column }),
                    None => cache.read(entry, columns, table).ok_or_else(damaged),
                };
                Some(read.map_err(|kind| FileError { path: (*path).to_owned(), kind }))
            }
        }
    }

    /// What to say of an asset that is not there.
    pub fn missing(&self, symbol: &str) -> FileError {
        match self {
            Source::Folder(folder, _) => files::missing(folder, symbol).unwrap_or_else(|error| error),
            Source::File(path, cache) => {
                let known = cache.entries.keys().map(String::as_str);
                let nearest = crate::market::nearest(symbol, known).map(str::to_owned);
                let known = cache.entries.keys().cloned().collect();
                let kind = FileErrorKind::Missing { symbol: symbol.to_owned(), nearest, known };
                FileError { path: (*path).to_owned(), kind }
            }
        }
    }

    /// Assets that one thread should take at once: one where files are parsed, for the last one holds up all.
    pub fn max_len(&self) -> usize {
        match self {
            Source::Folder(_, None) => 1,
            Source::Folder(_, Some(_)) | Source::File(..) => usize::MAX,
        }
    }
}

/// Sees to it that a folder has a valid cache for these assets, for the many tasks that will load them. Slow where there is
/// none, and no matter how many do it at once.
///
/// Gives its path. `None` where none can be: the folder cannot be written, or a price file is missing or wrong, of which
/// [`Source::read`] tells more. A cache file in place of the folder is its own cache.
pub fn make(prices: &Path, symbols: &[String]) -> Option<PathBuf> {
    if prices.is_file() {
        return Some(prices.to_owned());
    }
    let path = prices.join(file_name(symbols));
    let is_whole = |cache: Cache| {
        symbols
            .par_iter()
            .map_init(PriceTable::default, |table, symbol| is_proven(&cache, prices, symbol, table))
            .all(|proven| proven == Some(true))
    };
    if !Cache::open(&path).is_ok_and(is_whole) {
        // A superuser could write here all the same, and is not meant to.
        if std::fs::metadata(prices).ok()?.permissions().readonly() {
            return None;
        }
        write::write(prices, symbols, &path).ok()?;
    }
    Some(path)
}

/// The name of the cache of a set of assets. It begins with a dot, so that no listing takes it for prices.
fn file_name(symbols: &[String]) -> String {
    let mut symbols: Vec<&str> = symbols.iter().map(String::as_str).collect();
    symbols.sort_unstable();
    symbols.dedup();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&format::VERSION.to_le_bytes());
    for symbol in symbols {
        hasher.update(&(symbol.len() as u64).to_le_bytes()).update(symbol.as_bytes());
    }
    format!(".{}.prices", &hasher.finalize().to_hex()[..16])
}

/// Reads the rows of an asset from the cache, if its price file is the one that was read.
fn cached(
    cache: &Cache,
    folder: &Path,
    symbol: &str,
    columns: Columns,
    table: &mut PriceTable,
) -> Option<()> {
    let entry = cache.entries.get(symbol)?;
    let (path, metadata) = files::find(folder, symbol)?;
    let is_proven = entry.settled && entry.stamp == Stamp::of(&metadata);
    let is_same = files::is_packed(&path) == entry.packed
        && (is_proven || std::fs::read(&path).is_ok_and(|bytes| blake3::hash(&bytes) == entry.content));
    if is_same { cache.read(entry, columns, table) } else { None }
}

/// Whether the cache holds all columns of an asset unharmed, and they need no comparison with the price file's content.
fn is_proven(cache: &Cache, folder: &Path, symbol: &str, table: &mut PriceTable) -> Option<bool> {
    let entry = cache.entries.get(symbol)?;
    let (path, metadata) = files::find(folder, symbol)?;
    cache.read(entry, entry.columns(), table)?;
    Some(entry.settled && entry.stamp == Stamp::of(&metadata) && files::is_packed(&path) == entry.packed)
}

/// The first column that is wanted and not there.
fn lacking(there: Columns, wanted: Columns) -> Option<&'static str> {
    [
        ("'Adj Close'", there.adjusted, wanted.adjusted),
        ("'High' or 'Low'", there.range, wanted.range),
        ("'Volume'", there.volume, wanted.volume),
    ]
    .into_iter()
    .find_map(|(name, there, wanted)| (wanted && !there).then_some(name))
}
