//! The files that a strategy may name for its universe: a list of tickers, or a CSV file of members. Their content takes the
//! place of their names before anything else reads the strategy, so that a plan is a strategy without files.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::error::BacktestError;
use super::keys::{self, STRATEGY};
use super::member_rows::{MemberRow, members, read_ticker};
use crate::config::document::Document;
use crate::config::fields::Field;
use crate::config::schema::Key;
use crate::market::records::{Records, read_date};
use crate::text::toml_text;

/// The keys whose text names a file.
const KEYS: [Key; 2] = [keys::ASSETS, keys::MEMBERS];
/// The columns of a file of members.
const COLUMNS: [&str; 3] = ["symbol", "entry", "exit"];

/// A line of a file, counted from 1, and what is wrong with it.
type LineError = (u64, String);

/// Puts the content of the files that a strategy names for its universe in place of their names. A relative name begins at
/// `folder`, or at the working directory where an override gives it.
///
/// # Errors
/// A file cannot be read, or is wrong; the error has its line.
pub(crate) fn read_in(document: &mut Document, folder: &Path) -> Result<(), BacktestError> {
    let contents = {
        let Ok(table) = document.table().optional_table(keys::UNIVERSE.name) else { return Ok(()) };
        let named = KEYS.iter().filter_map(|key| table.find(key));
        let named = named.filter_map(|field| {
            let name = field.text().ok()?;
            let base = if field.is_override() { Path::new("") } else { folder };
            Some((field.path.clone(), base.join(name), name.to_owned()))
        });
        let named: Vec<(String, PathBuf, String)> = named.collect();
        // Both keys together are an error, which comes before what their files say.
        if KEYS.iter().all(|key| table.find(key).is_some()) {
            return Ok(());
        }
        named
    };
    for (key, path, name) in contents {
        if name.is_empty() || name.contains('\0') {
            continue;
        }
        let content = content(&key, &path)?;
        document.set_by(&STRATEGY, path.display().to_string(), &format!("{key}={content}"))?;
    }
    Ok(())
}

/// The file whose content stands in the universe of a strategy, if there is one.
pub(crate) fn source(document: &Document) -> Option<String> {
    let table = document.table().optional_table(keys::UNIVERSE.name).ok()?;
    let field = KEYS.iter().find_map(|key| table.find(key)).filter(Field::is_override)?;
    Some(field.error("").location)
}

/// Whether a key, by its path, takes the name of a file for its universe.
pub(crate) fn names_file(key: &str) -> bool {
    KEYS.iter().any(|known| known.path == key)
}

/// The content of the file that the key at a path names, as TOML on one line.
///
/// # Errors
/// The file cannot be read, or is wrong; the error has its line.
pub(crate) fn content(key: &str, path: &Path) -> Result<String, BacktestError> {
    let shown = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|error| BacktestError::Unreadable { path: shown.clone(), error })?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let read = if key == keys::ASSETS.path { asset_list(bytes) } else { member_list(bytes) };
    read.map_err(|(line, message)| BacktestError::Universe(format!("{shown}:{line}: {message}")))
}

/// The tickers of a file with one a line, as a list in TOML. Blanks around a ticker, empty lines and lines that begin with `#`
/// are skipped.
fn asset_list(bytes: &[u8]) -> Result<String, LineError> {
    let mut list = String::new();
    let mut lines: HashMap<&str, u64> = HashMap::new();
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let symbol = read_ticker(text).map_err(|message| (line, message))?;
        if let Some(first) = lines.insert(symbol, line) {
            return Err((line, format!("the asset '{symbol}' stands twice, first on line {first}")));
        }
        push(&mut list, &toml_text::string(symbol));
    }
    match lines.is_empty() {
        true => Err((1, "expected at least one ticker, one a line".to_owned())),
        false => Ok(format!("[{list}]")),
    }
}

/// The rows of a CSV file of members, as a list of lists in TOML.
fn member_list(bytes: &[u8]) -> Result<String, LineError> {
    let rows = member_rows(bytes)?;
    let row = |index: usize| -> &(u64, MemberRow) { &rows[index] };
    let plain: Vec<MemberRow> = rows.iter().map(|(_, row)| row.clone()).collect();
    members(&plain, |index| format!("line {}", row(index).0))
        .map_err(|(index, message)| (row(index).0, message))?;
    let mut list = String::new();
    for MemberRow { symbol, entry, exit } in &plain {
        let [entry, exit] = [entry, exit].map(|date| date.map_or(String::new(), |date| date.to_string()));
        let cells = [symbol, &entry, &exit].map(|cell| toml_text::string(cell)).join(", ");
        push(&mut list, &format!("[{cells}]"));
    }
    Ok(format!("[{list}]"))
}

/// The rows of a CSV file of members, each with its line.
fn member_rows(bytes: &[u8]) -> Result<Vec<(u64, MemberRow)>, LineError> {
    std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let mut records = Records::new(bytes);
    let mut columns: Option<[Option<usize>; 3]> = None;
    let mut rows = Vec::new();
    while let Some(line) = records.advance().map_err(|error| (error.line, error.kind.to_string()))? {
        let record = records.record();
        let text = |column: Option<usize>| {
            let cell = column.and_then(|column| record.get(column)).unwrap_or_default();
            String::from_utf8_lossy(cell).into_owned()
        };
        match columns {
            None => columns = Some(header(record).map_err(|message| (line, message))?),
            Some([symbol, entry, exit]) => {
                let dates = [text(entry), text(exit)];
                let date = |text: &str| read_date(text.as_bytes(), false);
                let row = MemberRow::read(&text(symbol), dates.each_ref().map(String::as_str), date);
                rows.push((line, row.map_err(|message| (line, message))?));
            }
        }
    }
    match (columns, rows.is_empty()) {
        (None, _) => Err((1, "the file is empty, expected a header line symbol,entry,exit".to_owned())),
        (_, true) => Err((1, "no row after the header, expected at least one member".to_owned())),
        _ => Ok(rows),
    }
}

/// Where the columns stand: symbol and entry must be there, exit may be missing; others are ignored.
fn header(record: &::csv::ByteRecord) -> Result<[Option<usize>; 3], String> {
    let names: Vec<String> =
        record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_ascii_lowercase()).collect();
    let mut places = [None; 3];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut standing = (0..names.len()).filter(|&index| names[index] == column);
        *place = standing.next();
        if standing.next().is_some() {
            return Err(format!("column '{column}' stands twice in the header"));
        }
        if place.is_none() && column != "exit" {
            return Err(format!("no column '{column}' in the header '{}'", names.join(",")));
        }
    }
    Ok(places)
}

/// The error about the first byte that is no text.
fn not_utf8(bytes: &[u8], at: usize) -> LineError {
    let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
    let byte = bytes.get(at).copied().unwrap_or_default();
    (line as u64, format!("the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"))
}

/// Appends to a list with commas.
fn push(list: &mut String, item: &str) {
    let comma = if list.is_empty() { "" } else { ", " };
    // Writing to a String cannot fail.
    let _ = write!(list, "{comma}{item}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_list_of_tickers_has_one_a_line() {
        let read = |text: &str| asset_list(text.as_bytes());
        assert_eq!(read("# two\nAAA\n\n  BBB\r\n").unwrap(), "[\"AAA\", \"BBB\"]");
        let refuse = |text: &str, line, message: &str| {
            assert_eq!(read(text), Err((line, message.to_owned())), "{text:?}");
        };
        refuse("AAA\n#\nBBB,x\n", 3, "'BBB,x' is no ticker, expected letters, digits or any of . _ ^ = -");
        refuse("AAA\nBBB\n\nAAA", 4, "the asset 'AAA' stands twice, first on line 1");
        refuse("# nothing\n", 1, "expected at least one ticker, one a line");
        let message = "the byte 0xe9 is not UTF-8; save the file as UTF-8".to_owned();
        assert_eq!(asset_list(b"AAA\nB\xe9\n"), Err((2, message)));
    }

    #[test]
    fn members_have_columns_in_any_order() {
        let read = |text: &str| member_list(text.as_bytes());
        let expected = "[[\"A\", \"\", \"2023-02-01\"], [\"B\", \"2023-01-05\", \"\"]]";
        assert_eq!(read("symbol,entry,exit\nA,,2023-02-01\nB,20230105,\n").unwrap(), expected);
        assert_eq!(
            read("\nName, EXIT ,Symbol,Entry\r\n\"a, b\",2023/02/01,A\r\n\r\n,,B,2023-01-05T00:00:00\r\n")
                .unwrap(),
            expected
        );
        assert_eq!(read("symbol,entry\nA,\n").unwrap(), "[[\"A\", \"\", \"\"]]");
        let refuse = |text: &str, line, message: &str| {
            assert_eq!(read(text), Err((line, message.to_owned())), "{text:?}");
        };
        refuse("", 1, "the file is empty, expected a header line symbol,entry,exit");
        refuse("symbol,entry,exit\n", 1, "no row after the header, expected at least one member");
        refuse("\nticker,entry\nA,\n", 2, "no column 'symbol' in the header 'ticker,entry'");
        refuse("symbol,exit\nA,\n", 1, "no column 'entry' in the header 'symbol,exit'");
        refuse("symbol,entry,Symbol\n", 1, "column 'symbol' stands twice in the header");
        refuse("symbol,entry\nA,\n,2020-01-01\n", 3, "expected a ticker, found nothing");
        let overlap = "the spell of 'B' from 2023-01-05 overlaps the one on line 3 from the start";
        refuse("symbol,entry,exit\nA,,\nB,,2023-01-09\nB,2023-01-05,\n", 4, overlap);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (asset_list(&bytes), member_list(&bytes));
        }

        #[test]
        fn what_is_read_is_toml(cells in prop::collection::vec(
            ("[ABC\"#, ]{0,3}", "|20[0-9]{2}-0[1-9]-[0-2][0-9]|99999-01-01|\"", "|2[0-9]{3}/12/3[01]|x"), 0..8
        )) {
            let rows: String = cells.iter().map(|(symbol, entry, exit)| format!("{symbol},{entry},{exit}\n")).collect();
            if let Ok(list) = member_list(format!("symbol,entry,exit\n{rows}").as_bytes()) {
                let document = Document::new("", &format!("members = {list}")).unwrap();
                prop_assert!(document.table().get("members").unwrap().list().is_some());
            }
            let symbols: String = cells.iter().map(|(symbol, ..)| format!("{symbol}\n")).collect();
            if let Ok(list) = asset_list(symbols.as_bytes()) {
                let text = format!("assets = {list}");
                prop_assert!(Document::new("", &text).is_ok());
            }
        }
    }
}
