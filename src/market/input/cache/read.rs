//! Reads cache files. Checks that they are whole, not that they are up to date.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::format::{self, HEADER_LENGTH, Header, IndexEntry};
use crate::market::columns::Columns;
use crate::market::date::Date;
use crate::market::input::error::CacheError;
use crate::market::table::PriceTable;

/// An open cache file. It stays readable when another file replaces it.
#[derive(Debug)]
pub(crate) struct Cache {
    file: File,
    length: u64,
    /// The index: its assets by symbol.
    pub entries: BTreeMap<String, IndexEntry>,
}

impl Cache {
    /// Opens a cache file and reads its index.
    ///
    /// # Errors
    /// The file is not a cache, has another version, is damaged or cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Cache, CacheError> {
        let file = File::open(path).map_err(CacheError::Unreadable)?;
        let length = file.metadata().map_err(CacheError::Unreadable)?.len();
        let mut bytes = vec![0; HEADER_LENGTH.min(usize::try_from(length).unwrap_or(HEADER_LENGTH))];
        file.read_exact_at(&mut bytes, 0).map_err(CacheError::Unreadable)?;
        let header = Header::decode(&bytes)?;
        let is_inside = header.index_offset.checked_add(header.index_length).is_some_and(|end| end <= length);
        let index_length = usize::try_from(header.index_length).ok().filter(|_| is_inside);
        bytes.resize(index_length.ok_or(CacheError::Damaged)?, 0);
        file.read_exact_at(&mut bytes, header.index_offset).map_err(CacheError::Unreadable)?;
        if blake3::hash(&bytes) != header.index_hash {
            return Err(CacheError::Damaged);
        }
        let entries = format::decode_index(&bytes).ok_or(CacheError::Damaged)?;
        Ok(Cache { file, length, entries })
    }

    /// Reads the rows of an asset into a table; `None` if a column is missing, damaged or cannot be read.
    pub(crate) fn read(&self, entry: &IndexEntry, columns: Columns, table: &mut PriceTable) -> Option<()> {
        let read = |offset: u64, bytes: &mut [u8]| self.file.read_exact_at(bytes, offset).ok();
        entry.read(columns, self.length, read, table)
    }

    /// Reads the dates of the rows of an asset. `None` if a row lacks a price, or if the dates are damaged or cannot be read.
    pub(crate) fn bar_dates(&self, entry: &IndexEntry, dates: &mut Vec<Date>) -> Option<()> {
        let read = |offset: u64, bytes: &mut [u8]| self.file.read_exact_at(bytes, offset).ok();
        entry.bar_dates(self.length, read, dates)
    }
}
