//! Records of CSV text with the numbers of their lines, and what a cell says: a date, a number or nothing. docs/prices.md says
//! what is accepted. Knows no column and touches no file system.

use super::date::Date;
use super::input::error::{RowError, RowErrorKind};

/// Reads CSV text record by record. Quotes, a byte-order mark and ends of lines of any kind are understood; blank lines are
/// skipped.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    reader: ::csv::Reader<&'a [u8]>,
    record: ::csv::ByteRecord,
    lines: LineCounter<'a>,
}

impl<'a> Records<'a> {
    /// Begins before the first record.
    pub(crate) fn new(bytes: &'a [u8]) -> Records<'a> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Records {
            reader: ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes),
            record: ::csv::ByteRecord::new(),
            lines: LineCounter { bytes, start: 0, line: 1 },
        }
    }

    /// Goes on to the next record. Returns the number of its line, counted from 1; `None` after the last record.
    ///
    /// # Errors
    /// The text is not CSV.
    pub(crate) fn advance(&mut self) -> Result<Option<u64>, RowError> {
        loop {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) if is_blank(&self.record) => {}
                Ok(true) => {
                    let position = self.record.position();
                    return Ok(position.map(|position| self.lines.line_at(position.byte() as usize)));
                }
                Ok(false) => return Ok(None),
                Err(error) => {
                    let kind = RowErrorKind::Format { reason: error.to_string() };
                    return Err(RowError { line: self.lines.line, kind });
                }
            }
        }
    }

    /// The cells of the present record.
    pub(crate) fn record(&self) -> &::csv::ByteRecord {
        &self.record
    }

    /// The cells of the present record as text.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }
}

/// Whether a line consists of blanks. The CSV reader itself skips empty lines.
fn is_blank(record: &::csv::ByteRecord) -> bool {
    record.len() == 1 && record.as_slice().trim_ascii().is_empty()
}

/// Counts lines up to the start of a record; the CSV reader's own count lags behind after `\r\n`.
#[derive(Debug)]
struct LineCounter<'a> {
    bytes: &'a [u8],
    start: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line of the record that begins at an offset, or after the line ends there. Offsets must ascend from call to call.
    fn line_at(&mut self, offset: usize) -> u64 {
        let ends = self.bytes[offset..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = offset + ends;
        self.line += self.bytes[self.start..start].iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.start = start;
        self.line
    }
}

/// A name of a header in lower case, without surrounding blanks and the angle brackets of Stooq's archive.
pub(crate) fn plain_name(name: &str) -> String {
    name.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase()
}

/// A date, alone or followed by midnight. With `timestamps` any time and offset may follow it and is dropped.
pub(crate) fn read_date(cell: &[u8], timestamps: bool) -> Option<Date> {
    let cell = cell.trim_ascii();
    Date::parse(cell).or_else(|| {
        let (date, time) = cell.split_at_checked(10)?;
        let midnight = matches!(time, b" 00:00:00" | b"T00:00:00");
        let stamp = timestamps && matches!(time.first(), Some(b' ' | b'T'));
        (midnight || stamp).then(|| Date::parse(date))?
    })
}

/// A finite number, NaN for a missing cell, `None` for any other text.
pub(crate) fn read_number(cell: &[u8]) -> Option<f64> {
    if is_missing(cell) {
        return Some(f64::NAN);
    }
    let cell = cell.trim_ascii();
    if !cell.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
        return None;
    }
    std::str::from_utf8(cell).ok()?.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Whether a cell is empty or one of the markers of pandas for a missing value, in exactly this letter case.
fn is_missing(cell: &[u8]) -> bool {
    match cell.first() {
        None => true,
        Some(b'0' | b'2'..=b'9') => false,
        Some(_) => matches!(
            cell,
            b"NaN"
                | b"nan"
                | b"-NaN"
                | b"-nan"
                | b"null"
                | b"NULL"
                | b"NA"
                | b"N/A"
                | b"n/a"
                | b"#N/A"
                | b"#NA"
                | b"#N/A N/A"
                | b"None"
                | b"<NA>"
                | b"1.#IND"
                | b"-1.#IND"
                | b"1.#QNAN"
                | b"-1.#QNAN"
        ),
    }
}
