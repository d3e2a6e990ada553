//! A cache as a source of prices: together with the price files it was made from, or alone. Makes no cache.

use std::path::{Path, PathBuf};

use super::format::IndexEntry;
use super::read::Cache;
use super::stamp::Stamp;
use crate::market::columns::Columns;
use crate::market::date::Date;
use crate::market::input::error::{CacheError, FileError, FileErrorKind};
use crate::market::input::folder::{Folder, files};
use crate::market::input::source::Source;
use crate::market::table::PriceTable;

/// A folder of price files and a cache of some of them.
#[derive(Debug)]
pub(crate) struct CachedFolder {
    folder: Folder,
    cache: Cache,
}

impl CachedFolder {
    /// A folder and the cache of it.
    pub(crate) fn new(folder: Folder, cache: Cache) -> CachedFolder {
        CachedFolder { folder, cache }
    }

    /// Reads the rows of an asset from the cache. `None` if its price file has changed since, or the cache cannot give them.
    pub(super) fn cached(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<()> {
        self.cache.read(self.entry(symbol)?, columns, table)
    }

    /// The entry of an asset whose price file has not changed since.
    fn entry(&self, symbol: &str) -> Option<&IndexEntry> {
        let entry = self.cache.entries.get(symbol)?;
        let (path, metadata) = files::find(self.folder.path(), symbol)?;
        let is_proven = entry.settled && entry.stamp == Stamp::new(&metadata);
        let is_same = files::is_packed(&path) == entry.packed
            && (is_proven || std::fs::read(&path).is_ok_and(|bytes| blake3::hash(&bytes) == entry.content));
        is_same.then_some(entry)
    }
}

impl Source for CachedFolder {
    fn read(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<Result<(), FileError>> {
        let cached = self.cached(symbol, columns, table);
        cached.map(Ok).or_else(|| self.folder.read(symbol, columns, table))
    }

    fn bar_dates(&self, symbol: &str, dates: &mut Vec<Date>) -> Option<()> {
        // Else the whole text is read to prove that it has not changed.
        let is_settled = self.cache.entries.get(symbol)?.settled;
        let entry = if is_settled { self.entry(symbol)? } else { return None };
        self.cache.bar_dates(entry, dates)
    }

    fn missing(&self, symbol: &str) -> FileError {
        self.folder.missing(symbol)
    }

    fn location(&self, symbol: &str) -> PathBuf {
        self.folder.location(symbol)
    }

    fn max_len(&self) -> usize {
        usize::MAX
    }
}

/// A cache file alone.
#[derive(Debug)]
pub(crate) struct CacheFile {
    path: PathBuf,
    cache: Cache,
}

impl CacheFile {
    /// Opens the cache at a path.
    ///
    /// # Errors
    /// The file is not a cache, has another version, is damaged or cannot be read.
    pub(crate) fn open(path: &Path) -> Result<CacheFile, FileError> {
        let kind = |error| match error {
            CacheError::NotCache => FileErrorKind::NoFolder,
            CacheError::Unreadable(error) => FileErrorKind::Unreadable(error),
            error => FileErrorKind::BadCache(error),
        };
        let fail = |error| FileError { path: path.to_owned(), kind: kind(error) };
        Ok(CacheFile { path: path.to_owned(), cache: Cache::open(path).map_err(fail)? })
    }
}

impl Source for CacheFile {
    fn read(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<Result<(), FileError>> {
        let entry = self.cache.entries.get(symbol)?;
        let damaged = || FileErrorKind::BadCache(CacheError::Damaged);
        let read = match entry.lacks(columns) {
            Some(column) => {
                let headers: Vec<_> =
                    column.together().map(|column| format!("'{}'", column.header())).collect();
                Err(FileErrorKind::NoColumn { symbol: symbol.to_owned(), column: headers.join(" or ") })
            }
            None => self.cache.read(entry, columns, table).ok_or_else(damaged),
        };
        Some(read.map_err(|kind| FileError { path: self.path.clone(), kind }))
    }

    fn bar_dates(&self, symbol: &str, dates: &mut Vec<Date>) -> Option<()> {
        self.cache.bar_dates(self.cache.entries.get(symbol)?, dates)
    }

    fn missing(&self, symbol: &str) -> FileError {
        let known = self.cache.entries.keys().map(String::as_str);
        let nearest = crate::text::nearest::nearest(symbol, known).map(str::to_owned);
        let known = self.cache.entries.keys().cloned().collect();
        let (symbol, others) = (symbol.to_owned(), Vec::new());
        let kind = FileErrorKind::Missing { symbol, others, nearest, known };
        FileError { path: self.path.clone(), kind }
    }

    fn location(&self, symbol: &str) -> PathBuf {
        self.path.join(symbol)
    }

    fn max_len(&self) -> usize {
        usize::MAX
    }
}
