//! Writes cache files. A cache appears whole or not at all, even if several processes write the same one at the same time.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rayon::prelude::*;

use super::format::{self, HEADER_LENGTH, Header, IndexEntry};
use super::hidden;
use super::stamp::{FileClock, Stamp};
use crate::market::columns::{Column, Columns};
use crate::market::input::error::RowError;
use crate::market::input::folder::{csv, files};
use crate::market::table::PriceTable;

/// Number of assets that are in memory at the same time.
const BATCH: usize = 64;

/// Writes the cache of some assets under a temporary name and renames it.
///
/// # Errors
/// A price file is missing, cannot be read or has a wrong row, or the folder cannot be written.
pub(crate) fn write(folder: &Path, symbols: &[String], path: &Path) -> io::Result<()> {
    let mut temporary = hidden::create(folder)?;
    let clock = FileClock::new(&temporary.as_file().metadata()?);
    fill(temporary.as_file_mut(), folder, symbols, &clock)?;
    hidden::finish(temporary, path)
}

/// Writes the bytes of a cache into an empty file.
///
/// # Errors
/// A price file is missing, cannot be read or has a wrong row, or the cache file cannot be written.
pub(crate) fn fill(
    file: &mut fs::File,
    folder: &Path,
    symbols: &[String],
    clock: &FileClock,
) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    out.write_all(&[0; HEADER_LENGTH])?;
    let mut offset = HEADER_LENGTH as u64;
    let mut entries = BTreeMap::new();
    for batch in symbols.chunks(BATCH) {
        let blocks: Vec<_> =
            batch.par_iter().with_max_len(1).map(|symbol| block(folder, symbol, clock)).collect();
        for (symbol, block) in batch.iter().zip(blocks) {
            let (bytes, entry) = block?;
            out.write_all(&bytes)?;
            entries.insert(symbol.clone(), IndexEntry { offset, ..entry });
            offset += bytes.len() as u64;
        }
    }
    let index = format::encode_index(&entries);
    out.write_all(&index)?;
    let header = Header {
        index_offset: offset,
        index_length: index.len() as u64,
        index_hash: blake3::hash(&index).into(),
    };
    out.seek(SeekFrom::Start(0))?;
    out.write_all(&header.encode())?;
    out.flush()
}

/// The block of an asset and its entry in the index, with offset 0.
fn block(folder: &Path, symbol: &str, clock: &FileClock) -> io::Result<(Vec<u8>, IndexEntry)> {
    let (path, metadata) = files::find(folder, symbol).ok_or(io::ErrorKind::NotFound)?;
    let packed = files::is_packed(&path);
    let content = fs::read(&path)?;
    let hash = blake3::hash(&content);
    let text = if packed { files::unpacked(&content)? } else { content };
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let table = all_columns(&text).map_err(|_| invalid())?;
    if table.is_empty() {
        return Err(invalid());
    }
    let (bytes, checksums) = format::encode_block(&table).ok_or_else(invalid)?;
    let entry = IndexEntry {
        packed,
        // From before the file was read, so that a change since then changes the stamp.
        stamp: Stamp::new(&metadata),
        settled: clock.is_settled(&metadata),
        content: hash.into(),
        offset: 0,
        has_all_prices: has_all_prices(&table),
        rows: table.len() as u64,
        first_line: table.lines[0],
        checksums,
    };
    Ok((bytes, entry))
}

/// Whether each row has a value in every column that an open or a close may be made from.
fn has_all_prices(table: &PriceTable) -> bool {
    let columns = [Column::Open, Column::Close, Column::AdjustedClose];
    columns.iter().all(|column| table[*column].iter().all(|price| !price.is_nan()))
}

/// Reads a price file with all columns that can be read. A column that cannot be read does not matter to a backtest that does
/// not need it.
fn all_columns(text: &[u8]) -> Result<PriceTable, RowError> {
    csv::read(text, Columns::all()).or_else(|_| {
        let mut readable = Columns::default();
        for column in Column::all() {
            if !readable.has(column) && csv::read(text, Columns::default().with(column)).is_ok() {
                readable = readable.with(column);
            }
        }
        csv::read(text, readable)
    })
}
