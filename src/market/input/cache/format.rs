//! The bytes of a cache file. Touches no file system and trusts no byte.
//!
//! The file has a [`Header`], then a block for each asset, then the index, whose hash is in the header. A block has a section
//! for each column, without gaps: dates, lines, then the doubles in the order of [`DOUBLES`]. Each section has a checksum in
//! the index. All numbers are little-endian.

use std::collections::BTreeMap;

use super::bytes::Bytes;
use super::stamp::Stamp;
use crate::market::columns::{COLUMNS, Column, Columns};
use crate::market::date::Date;
use crate::market::input::error::CacheError;
use crate::market::table::PriceTable;

/// The first bytes of a cache file of any version.
const MAGIC: [u8; 8] = *b"\x89prices\n";
/// Version of the format. It must be raised when the layout of the bytes changes, or when the same price file gives another
/// table.
pub(crate) const VERSION: u32 = 3;
/// Bytes before the first block.
pub(crate) const HEADER_LENGTH: usize = 64;
/// Number of sections of a block: dates, lines, and the doubles of [`DOUBLES`].
const SECTIONS: usize = FIRST_DOUBLES + Column::COUNT;
/// Index of the section of dates.
const DATES: usize = 0;
/// Index of the section of line numbers, which is empty if the rows are on consecutive lines.
const LINES: usize = 1;
/// Index of the first section of doubles.
const FIRST_DOUBLES: usize = 2;
/// The columns of doubles in the order of their sections.
const DOUBLES: [Column; Column::COUNT] = {
    let mut columns = [Column::Open; Column::COUNT];
    let mut index = 0;
    while index < Column::COUNT {
        columns[COLUMNS[index].section] = COLUMNS[index].column;
        index += 1;
    }
    columns
};

/// Number of bytes of a value in a section.
fn width(section: usize) -> usize {
    if section < FIRST_DOUBLES { 4 } else { 8 }
}

/// The first bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Offset of the index in the file.
    pub index_offset: u64,
    /// Number of bytes of the index.
    pub index_length: u64,
    /// BLAKE3 of the index.
    pub index_hash: [u8; 32],
}

impl Header {
    /// The bytes of a header.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u64::from(VERSION).to_le_bytes());
        bytes.extend(self.index_offset.to_le_bytes());
        bytes.extend(self.index_length.to_le_bytes());
        bytes.extend(self.index_hash);
        bytes
    }

    /// Reads a header.
    ///
    /// # Errors
    /// The bytes do not begin as a cache does, have another version, or are too few.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Header, CacheError> {
        let mut rest = Bytes(bytes);
        if rest.array() != Some(MAGIC) {
            return Err(CacheError::NotCache);
        }
        match rest.u64().map(|version| version as u32) {
            Some(VERSION) => {}
            Some(version) => return Err(CacheError::OtherVersion { found: version, expected: VERSION }),
            None => return Err(CacheError::Damaged),
        }
        let mut header = || {
            Some(Header { index_offset: rest.u64()?, index_length: rest.u64()?, index_hash: rest.array()? })
        };
        header().ok_or(CacheError::Damaged)
    }
}

/// One asset in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexEntry {
    /// Whether its price file was compressed.
    pub packed: bool,
    /// The stamp of the price file.
    pub stamp: Stamp,
    /// Whether an equal stamp alone proves that the price file has not changed.
    pub settled: bool,
    /// BLAKE3 of the bytes of the price file.
    pub content: [u8; 32],
    /// Whether no row lacks an open, a close or, where the file has that column, an adjusted close.
    pub has_all_prices: bool,
    /// Offset of the block in the file.
    pub offset: u64,
    /// Number of rows, at least 1.
    pub rows: u64,
    /// Line of the first row. If the section of lines is empty, the other rows are on the lines after it.
    pub first_line: u64,
    /// Checksum of every section; `None` if the section is empty.
    pub checksums: [Option<u32>; SECTIONS],
}

impl IndexEntry {
    /// Reads the rows with the given columns into a table, whose content they replace.
    ///
    /// `read` fills a buffer with the bytes at an offset of the file. `None` if it fails, if the block lacks a column or is not
    /// within `file_length` bytes, or if a checksum does not match.
    pub(crate) fn read(
        &self,
        columns: Columns,
        file_length: u64,
        read: impl Fn(u64, &mut [u8]) -> Option<()>,
        table: &mut PriceTable,
    ) -> Option<()> {
        let has_lines = self.checksums[LINES].is_some();
        let wanted = |section: usize| match section {
            LINES => has_lines,
            section if section < FIRST_DOUBLES => true,
            section => columns.has(DOUBLES[section - FIRST_DOUBLES]),
        };
        let mut offset = self.offset;
        for section in 0..SECTIONS {
            let end = offset.checked_add(self.rows.checked_mul(width(section) as u64)?)?;
            let rows = if wanted(section) { usize::try_from(self.rows).ok()? } else { 0 };
            if rows > 0 && end > file_length {
                return None;
            }
            let checksum = if rows > 0 { self.checksums[section]? } else { 0 };
            let read = |bytes: &mut [u8]| {
                read(offset, bytes)?;
                (crc32fast::hash(bytes) == checksum).then_some(())
            };
            read_section(section, rows, read, table)?;
            if self.checksums[section].is_some() {
                offset = end;
            }
        }
        if !has_lines {
            table.lines.extend((0..self.rows).map(|row| self.first_line.saturating_add(row)));
        }
        Some(())
    }

    /// Reads the dates of the rows, whose content they replace. `None` as for [`IndexEntry::read`], and if a row lacks a price.
    pub(crate) fn bar_dates(
        &self,
        file_length: u64,
        read: impl FnOnce(u64, &mut [u8]) -> Option<()>,
        dates: &mut Vec<Date>,
    ) -> Option<()> {
        let end = self.offset.checked_add(self.rows.checked_mul(width(DATES) as u64)?)?;
        if !self.has_all_prices || end > file_length {
            return None;
        }
        let read = |bytes: &mut [u8]| {
            read(self.offset, bytes)?;
            (crc32fast::hash(bytes) == self.checksums[DATES]?).then_some(())
        };
        read_dates(&read_words(usize::try_from(self.rows).ok()?, read)?, dates)
    }

    /// The columns that the block has. Of columns that are read together it must have all, or they do not count.
    pub(crate) fn columns(&self) -> Columns {
        let has = |column: Column| self.checksums[FIRST_DOUBLES + column.description().section].is_some();
        Column::all().filter(|column| column.together().all(has)).collect()
    }

    /// The first column, in the order of the block, that is wanted and that the block lacks.
    pub(crate) fn lacks(&self, wanted: Columns) -> Option<Column> {
        let present = self.columns();
        DOUBLES.into_iter().find(|column| wanted.has(*column) && !present.has(*column))
    }
}

/// Reads one section of `rows` rows, 0 if it is not wanted. `None` if `read` fails, or if a value is infinite or not a date.
fn read_section(
    section: usize,
    rows: usize,
    read: impl FnOnce(&mut [u8]) -> Option<()>,
    table: &mut PriceTable,
) -> Option<()> {
    match section {
        DATES => return read_dates(&read_words(rows, read)?, &mut table.dates),
        LINES => {
            table.lines.clear();
            table.lines.extend(read_words(rows, read)?.into_iter().map(u64::from));
            return Some(());
        }
        _ => {}
    }
    let column = &mut table[DOUBLES[section - FIRST_DOUBLES]];
    if column.len() != rows {
        // Memory that the system gives is zero already, where `resize` would set it to zero again.
        *column = vec![0.0; rows];
    }
    read(bytemuck::cast_slice_mut(column))?;
    column.iter_mut().for_each(|value| *value = f64::from_bits(u64::from_le(value.to_bits())));
    // Not `any`: testing all values in vector lanes is faster than stopping at the first.
    (!column.iter().fold(false, |any, value| any | value.is_infinite())).then_some(())
}

/// Reads as many numbers; `None` if `read` fails.
fn read_words(rows: usize, read: impl FnOnce(&mut [u8]) -> Option<()>) -> Option<Vec<u32>> {
    let mut words = vec![0; rows];
    read(bytemuck::cast_slice_mut(&mut words))?;
    words.iter_mut().for_each(|word| *word = u32::from_le(*word));
    Some(words)
}

/// Replaces dates by those with these numbers; `None` if one is not a date.
fn read_dates(words: &[u32], dates: &mut Vec<Date>) -> Option<()> {
    let (first, last) = (Date::from_ymd(1, 1, 1)?, Date::from_ymd(9999, 12, 31)?);
    dates.clear();
    dates.extend(words.iter().map(|word| Date(*word as i32)));
    let is_date = |are_dates, date: &Date| are_dates & (first <= *date) & (*date <= last);
    dates.iter().fold(true, is_date).then_some(())
}

/// The bytes of the block of a table, which has at least one row, and the checksums of its sections. `None` if a line number
/// does not fit into 32 bits.
pub(crate) fn encode_block(table: &PriceTable) -> Option<(Vec<u8>, [Option<u32>; SECTIONS])> {
    let mut bytes = Vec::with_capacity(table.len() * (0..SECTIONS).map(width).sum::<usize>());
    let mut ends = [0; SECTIONS];
    bytes.extend(table.dates.iter().flat_map(|date| date.0.to_le_bytes()));
    ends[0] = bytes.len();
    if !table.lines.iter().zip(table.lines[0]..).all(|(line, expected)| *line == expected) {
        for line in &table.lines {
            bytes.extend(u32::try_from(*line).ok()?.to_le_bytes());
        }
    }
    ends[1] = bytes.len();
    for (end, column) in ends[FIRST_DOUBLES..].iter_mut().zip(DOUBLES) {
        bytes.extend(table[column].iter().flat_map(|value| value.to_le_bytes()));
        *end = bytes.len();
    }
    let mut start = 0;
    let checksums = ends.map(|end| {
        let section = &bytes[start..end];
        start = end;
        (!section.is_empty()).then(|| crc32fast::hash(section))
    });
    Some((bytes, checksums))
}

/// The bytes of an index.
pub(crate) fn encode_index(entries: &BTreeMap<String, IndexEntry>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (symbol, entry) in entries {
        bytes.extend((symbol.len() as u64).to_le_bytes());
        bytes.extend(symbol.as_bytes());
        bytes.extend([entry.packed, entry.settled, entry.has_all_prices].map(u8::from));
        bytes.extend(entry.stamp.bytes());
        bytes.extend(entry.content);
        bytes.extend(entry.offset.to_le_bytes());
        bytes.extend(entry.rows.to_le_bytes());
        bytes.extend(entry.first_line.to_le_bytes());
        for checksum in entry.checksums {
            bytes.push(u8::from(checksum.is_some()));
            bytes.extend(checksum.unwrap_or(0).to_le_bytes());
        }
    }
    bytes
}

/// Reads an index; `None` if the bytes are not those of an index.
pub(crate) fn decode_index(bytes: &[u8]) -> Option<BTreeMap<String, IndexEntry>> {
    let mut rest = Bytes(bytes);
    let mut entries = BTreeMap::new();
    while !rest.0.is_empty() {
        let length = usize::try_from(rest.u64()?).ok()?;
        let symbol = std::str::from_utf8(rest.take(length)?).ok()?.to_owned();
        let [packed, settled, has_all_prices] = rest.array()?.map(|flag: u8| flag != 0);
        let stamp = Stamp { length: rest.u64()?, file: rest.u64()?, changed: rest.u64()? as i64 };
        let content = rest.array()?;
        let (offset, rows, first_line) = (rest.u64()?, rest.u64()?, rest.u64()?);
        let mut checksums = [None; SECTIONS];
        for checksum in &mut checksums {
            let [is_present] = rest.array()?;
            let value = u32::from_le_bytes(rest.array()?);
            *checksum = (is_present != 0).then_some(value);
        }
        if rows == 0 {
            return None;
        }
        entries.insert(
            symbol,
            IndexEntry {
                packed,
                stamp,
                settled,
                content,
                has_all_prices,
                offset,
                rows,
                first_line,
                checksums,
            },
        );
    }
    Some(entries)
}
