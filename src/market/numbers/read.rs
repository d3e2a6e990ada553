//! Reads one text with numbers or dates: a series, a long table of several assets, or a wide one. Rows of assets that nobody
//! asks for are passed over. docs/prices.md says what is accepted.

use std::collections::{BTreeSet, HashMap};

use super::rows::{ColumnRows, Rows, WrittenRows};
use crate::market::input::error::{RowError, RowErrorKind};
use crate::market::records::{Records, plain_name, read_date, read_number};

/// Names under which other tables have the symbol of an asset.
const TWINS_OF_SYMBOL: [&str; 6] = ["ticker", "asset", "tic", "permno", "sym", "instrument"];

/// The header of a text: its names as written, and where the date stands.
struct Header {
    names: Vec<String>,
    line: u64,
    date: usize,
}

/// The rows of some columns of a text that is about one asset; without columns the dates.
///
/// # Errors
/// The text is empty or not CSV, its header lacks a column or has it twice, a row has more cells than the header, a cell is not
/// a date or finite number, or a date stands twice.
pub(crate) fn series(bytes: &[u8], columns: &[&str]) -> Result<Vec<Rows>, RowError> {
    let mut records = Records::new(bytes);
    let header = Header::read(&mut records, "Date")?;
    one_series(&mut records, &header, columns)?.by_date(None)
}

/// The rows of some columns of a text with a row an asset and date, or a row a date for all assets if its header has no
/// `Symbol`; without columns the dates, as one column. `symbols` are the assets to read.
///
/// # Errors
/// Those of [`series`]; a text without rows; a row without a symbol; a header that has the symbol under another name.
pub(crate) fn long(bytes: &[u8], columns: &[&str], symbols: &[String]) -> Result<Vec<ColumnRows>, RowError> {
    let mut records = Records::new(bytes);
    let header = Header::read(&mut records, "Date")?;
    let Some(symbol_at) = header.find(|name| plain_name(name) == "symbol", "Symbol")? else {
        return shared(&mut records, &header, columns);
    };
    let places = header.places(columns)?;
    let asset_of: HashMap<&[u8], usize> =
        symbols.iter().enumerate().map(|(asset, symbol)| (symbol.as_bytes(), asset)).collect();
    let mut written = vec![WrittenRows::new(columns.len()); symbols.len()];
    let mut has_rows = false;
    while let Some(line) = records.advance()? {
        has_rows = true;
        let fail = |kind| RowError { line, kind };
        let symbol = records.record().get(symbol_at).unwrap_or_default().trim_ascii();
        if symbol.is_empty() {
            return Err(fail(RowErrorKind::NoSymbol));
        }
        if let Some(&asset) = asset_of.get(symbol) {
            header.read_row(records.record(), &places, line, &mut written[asset]).map_err(fail)?;
        }
    }
    if !has_rows {
        return Err(header.without_rows());
    }
    let by_asset = written.into_iter().zip(symbols).map(|(rows, symbol)| rows.by_date(Some(symbol)));
    let mut by_asset = all_or_first(by_asset)?;
    let column = |column: usize| {
        ColumnRows::ByAsset(by_asset.iter_mut().map(|rows| std::mem::take(&mut rows[column])).collect())
    };
    Ok((0..columns.len().max(1)).map(column).collect())
}

/// The rows of a text with a row a date and a column an asset. `symbols` are the assets to read.
///
/// # Errors
/// Those of [`series`]; a text without rows.
pub(crate) fn wide(bytes: &[u8], symbols: &[String]) -> Result<ColumnRows, RowError> {
    let mut records = Records::new(bytes);
    let header = Header::read(&mut records, "Date and a column a ticker")?;
    let found = symbols.iter().map(|symbol| header.find(|name| name.trim() == symbol, symbol));
    let found: Vec<Option<usize>> = found.collect::<Result<_, _>>()?;
    let places: Vec<usize> = found.iter().copied().flatten().collect();
    let mut written = WrittenRows::new(places.len());
    while let Some(line) = records.advance()? {
        let read = header.read_row(records.record(), &places, line, &mut written);
        read.map_err(|kind| RowError { line, kind })?;
    }
    if written.dates.is_empty() {
        return Err(header.without_rows());
    }
    let mut present = written.by_date(None)?.into_iter();
    // Without a column of one of the assets there is a series of dates alone, which nobody takes.
    let rows = |place: Option<usize>| place.and_then(|_| present.next()).unwrap_or_default();
    Ok(ColumnRows::ByAsset(found.into_iter().map(rows).collect()))
}

/// The symbols of the assets that a text has rows of, each once: of one with a column an asset the names of its header. None
/// where the text cannot be read.
pub(crate) fn symbols(bytes: &[u8], is_wide: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut records = Records::new(bytes);
    let Ok(header) = Header::read(&mut records, "") else { return found };
    if is_wide {
        let names = header.names.iter().enumerate().filter(|(index, _)| *index != header.date);
        return names.map(|(_, name)| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    }
    let Ok(Some(symbol_at)) = header.find(|name| plain_name(name) == "symbol", "Symbol") else {
        return found;
    };
    while let Ok(Some(_)) = records.advance() {
        let symbol = records.record().get(symbol_at).unwrap_or_default().trim_ascii();
        found.insert(String::from_utf8_lossy(symbol).into_owned());
    }
    found
}

/// The rows of some columns, below a header without the symbol of an asset: of all assets.
fn shared(records: &mut Records, header: &Header, columns: &[&str]) -> Result<Vec<ColumnRows>, RowError> {
    let is_twin = |name: &&String| {
        TWINS_OF_SYMBOL.contains(&plain_name(name).as_str()) && !columns.contains(&name.trim())
    };
    if let Some(twin) = header.names.iter().find(is_twin) {
        let kind = RowErrorKind::OtherSymbol { twin: twin.trim().to_owned(), header: header.names.join(",") };
        return Err(RowError { line: header.line, kind });
    }
    let written = one_series(records, header, columns)?;
    if written.dates.is_empty() {
        return Err(header.without_rows());
    }
    let series = written.by_date(None).map_err(|error| match error.kind {
        RowErrorKind::RepeatedDate { date, first_line } => {
            RowError { kind: RowErrorKind::RepeatedSharedDate { date, first_line }, ..error }
        }
        _ => error,
    })?;
    Ok(series.into_iter().map(ColumnRows::Shared).collect())
}

/// The rows of some columns, below the header.
fn one_series(records: &mut Records, header: &Header, columns: &[&str]) -> Result<WrittenRows, RowError> {
    let places = header.places(columns)?;
    let mut written = WrittenRows::new(columns.len());
    while let Some(line) = records.advance()? {
        let read = header.read_row(records.record(), &places, line, &mut written);
        read.map_err(|kind| RowError { line, kind })?;
    }
    Ok(written)
}

/// All results, or the error of the first line.
fn all_or_first<T>(results: impl Iterator<Item = Result<T, RowError>>) -> Result<Vec<T>, RowError> {
    let (mut all, mut first): (Vec<T>, Option<RowError>) = (Vec::new(), None);
    for result in results {
        match result {
            Ok(value) => all.push(value),
            Err(error) if first.as_ref().is_none_or(|first| error.line < first.line) => first = Some(error),
            Err(_) => {}
        }
    }
    first.map_or(Ok(all), Err)
}

impl Header {
    /// Reads the first record; `expected` says what it must have.
    fn read(records: &mut Records, expected: &'static str) -> Result<Header, RowError> {
        let kind = RowErrorKind::Empty { expected };
        let line = records.advance()?.ok_or(RowError { line: 1, kind })?;
        let mut header = Header { names: records.texts(), line, date: 0 };
        let date = header.find(|name| plain_name(name) == "date", "Date")?;
        let missing = || RowErrorKind::MissingColumn { column: "Date", header: header.names.join(",") };
        header.date = date.ok_or_else(|| RowError { line, kind: missing() })?;
        Ok(header)
    }

    /// The error about a text that has a header alone.
    fn without_rows(&self) -> RowError {
        RowError { line: self.line, kind: RowErrorKind::NoRows }
    }

    /// The index of the one column whose name fits, if there is one; `wanted` is its name for messages.
    fn find(&self, fits: impl Fn(&str) -> bool, wanted: &str) -> Result<Option<usize>, RowError> {
        let mut fitting = (0..self.names.len()).filter(|&index| fits(&self.names[index]));
        match (fitting.next(), fitting.next()) {
            (index, None) => Ok(index),
            (_, Some(_)) => {
                let kind = RowErrorKind::TwoColumns { column: wanted.to_owned() };
                Err(RowError { line: self.line, kind })
            }
        }
    }

    /// The indices of columns whose names are given to the letter case.
    fn places(&self, columns: &[&str]) -> Result<Vec<usize>, RowError> {
        let place = |column: &&str| {
            let unknown = || RowErrorKind::UnknownColumn {
                column: (*column).to_owned(),
                header: self.names.iter().map(|name| name.trim().to_owned()).collect(),
            };
            let found = self.find(|name| name.trim() == *column, column)?;
            found.ok_or_else(|| RowError { line: self.line, kind: unknown() })
        };
        columns.iter().map(place).collect()
    }

    /// Appends the row of a record, with the cells at some places.
    fn read_row(
        &self,
        record: &::csv::ByteRecord,
        places: &[usize],
        line: u64,
        rows: &mut WrittenRows,
    ) -> Result<(), RowErrorKind> {
        if record.len() > self.names.len() {
            return Err(RowErrorKind::TooManyCells { cells: record.len(), columns: self.names.len() });
        }
        let cell = |index: usize| record.get(index).unwrap_or_default();
        let shown = |index: usize| String::from_utf8_lossy(cell(index)).into_owned();
        let date =
            read_date(cell(self.date), false).ok_or_else(|| RowErrorKind::Date { text: shown(self.date) })?;
        for (cells, &place) in rows.cells.iter_mut().zip(places) {
            let number = read_number(cell(place)).ok_or_else(|| RowErrorKind::Number {
                column: self.names[place].trim().to_owned(),
                text: shown(place),
            })?;
            cells.push(number);
        }
        rows.dates.push(date);
        rows.lines.push(line);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::date::Date;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn rows(rows: &[(&str, f64)]) -> Rows {
        Rows {
            dates: rows.iter().map(|(date, _)| Date::parse(date.as_bytes()).unwrap()).collect(),
            values: rows.iter().map(|(_, value)| *value).collect(),
        }
    }

    fn dates(dates: &[&str]) -> Rows {
        let dated: Vec<(&str, f64)> = dates.iter().map(|date| (*date, 0.0)).collect();
        Rows { values: Vec::new(), ..rows(&dated) }
    }

    #[test]
    fn one_text_may_be_written_in_three_ways() {
        let assets = names(&["A", "B", "C"]);
        let (a, b) = (rows(&[("2020-01-02", 1.5), ("2020-01-03", -2.0)]), rows(&[("2020-01-03", 0.0)]));
        let expected = ColumnRows::ByAsset(vec![a.clone(), b, Rows::default()]);
        let text = "\u{feff}symbol, DATE ,x,pe\r\nA,2020/01/03,9,-2\r\n\r\nZ,never,,\r\n\"B\",20200103,,0\r\nA,2020-01-02 00:00:00,,1.5\r\nB,2020-01-06,1,NaN\r\nC,2020-01-06,4\r\n";
        assert_eq!(long(text.as_bytes(), &["pe"], &assets).unwrap(), std::slice::from_ref(&expected));
        let text = "Date,B, A,a\n2020-01-03,0,-2,x\n2020-01-02,,1.5,x\n";
        assert_eq!(wide(text.as_bytes(), &assets).unwrap(), expected);
        let text = "PE,<DATE>\n1.5,2020-01-02\n-2,2020-01-03\n";
        assert_eq!(series(text.as_bytes(), &["PE"]).unwrap(), std::slice::from_ref(&a));
        assert_eq!(long(text.as_bytes(), &["PE"], &assets).unwrap(), [ColumnRows::Shared(a)]);
    }

    #[test]
    fn several_columns_are_read_at_once() {
        let text = "Date,Symbol,pe,pb\n2020-01-02,A,1,\n2020-01-03,A,2,3\n";
        let [pb, pe] =
            <[_; 2]>::try_from(long(text.as_bytes(), &["pb", "pe"], &names(&["A"])).unwrap()).unwrap();
        assert_eq!(pb, ColumnRows::ByAsset(vec![rows(&[("2020-01-03", 3.0)])]));
        assert_eq!(pe, ColumnRows::ByAsset(vec![rows(&[("2020-01-02", 1.0), ("2020-01-03", 2.0)])]));
    }

    #[test]
    fn dates_need_no_number() {
        let read = |text: &str| long(text.as_bytes(), &[], &names(&["A", "B"])).unwrap();
        let meetings = dates(&["2020-01-29", "2020-03-18"]);
        assert_eq!(read("Date\n2020-03-18\n2020-01-29\n"), [ColumnRows::Shared(meetings)]);
        let of_b = ColumnRows::ByAsset(vec![Rows::default(), dates(&["2020-01-29"])]);
        assert_eq!(read("Date,Symbol,what\n2020-01-29,B,earnings\n2020-01-29,b,\n"), [of_b]);
        assert_eq!(read("Date,Symbol\n2020-01-29,Z\n"), [ColumnRows::ByAsset(vec![Rows::default(); 2])]);
    }

    #[test]
    fn the_symbols_of_a_text_are_found() {
        let found =
            |text: &str, is_wide| symbols(text.as_bytes(), is_wide).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(
            found("Date,Symbol\n2020-01-02, MSFT \n2020-01-02,APPL\n2020-01-03,APPL\n", false),
            "APPL MSFT"
        );
        assert_eq!(found("X, Date,A\n", true), "A X");
        assert_eq!([found("Date,pe\n", false), found("", true)], ["", ""]);
    }

    #[test]
    fn a_column_named_like_the_symbol_may_be_the_number() {
        let rows = long(b"Date,asset\n2020-01-02,1\n", &["asset"], &names(&["A"])).unwrap();
        assert!(matches!(rows[..], [ColumnRows::Shared(_)]));
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let assets = names(&["A", "B"]);
        let refuse = |text: &str, expected: &str| {
            let error = long(text.as_bytes(), &["pe"], &assets).unwrap_err().to_string();
            assert_eq!(error, expected, "{text}");
        };
        refuse("", "line 1: the file is empty, expected a header line with Date");
        refuse("\ndate_of,pe\n", "line 2: no column 'Date' in the header 'date_of,pe'");
        refuse("Date,PE\n2020-01-02,1\n", "line 1: no column 'pe' in the header; did you mean 'PE'?");
        refuse("Date,Symbol,value\n", "line 1: no column 'pe' in the header; it has: Date, Symbol, value");
        refuse("Date,pe,date\n", "line 1: column 'Date' stands twice in the header");
        refuse("Date,pe,pe\n", "line 1: column 'pe' stands twice in the header");
        refuse("Date,Symbol,symbol,pe\n", "line 1: column 'Symbol' stands twice in the header");
        refuse("Date,Symbol,pe\n", "line 1: no data row after the header");
        refuse("Date,pe\n", "line 1: no data row after the header");
        refuse(
            "Date;Symbol;pe\n2020-01-02;A;1\n",
            "line 1: no column 'Date' in the header 'Date;Symbol;pe'; cells are separated by commas, not by semicolons",
        );
        for twin in ["Ticker", "ASSET", "tic", "permno", "Sym", "Instrument"] {
            refuse(
                &format!("Date,{twin},pe\n2020-01-02,A,1\n"),
                &format!(
                    "line 1: no column 'Symbol' in the header 'Date,{twin},pe'; rename '{twin}' to 'Symbol', or leave \
                    that column out if each row is of all assets"
                ),
            );
        }
        refuse(
            "Date,pe\n2020-01-02,1\n2020-01-02,2\n",
            "line 3: the date 2020-01-02 stands twice, first on line 2; each row is of all assets, as there is no column 'Symbol'",
        );
        let header = "Date,Symbol,pe\n";
        let refuse = |rows: &str, expected: &str| refuse(&format!("{header}{rows}"), expected);
        refuse("2020-01-02,A,1\n2020-01-03,A,1;5\n", "line 3: column 'pe': '1;5' is not a finite number");
        refuse("2020-01-02,A,inf\n", "line 2: column 'pe': 'inf' is not a finite number");
        refuse("1.2.2020,B,1\n", "line 2: cannot read the date '1.2.2020', expected a form like 2004-08-19");
        refuse("2020-01-02,A,1,2\n", "line 2: 4 cells in a row, but the header has 3");
        refuse("2020-01-02, ,1\n", "line 2: column 'Symbol': expected a ticker, found nothing");
        // Of two errors the one on the earlier line.
        refuse(
            "2020-01-02,A,1\n2020-01-02,B,1\n2020-01-02,B,\n2020-01-02,A,1\n",
            "line 4: the date 2020-01-02 of 'B' stands twice, first on line 3",
        );
        let error = wide(b"Date,A,A\n", &assets).unwrap_err().to_string();
        assert_eq!(error, "line 1: column 'A' stands twice in the header");
        let error = wide(b"Date,A\n2020-01-02,x\n", &assets).unwrap_err().to_string();
        assert_eq!(error, "line 2: column 'A': 'x' is not a finite number");
        let error = wide(b"Date,Z\n2020-01-02,1\n2020-01-02,1\n", &assets).unwrap_err().to_string();
        assert_eq!(error, "line 3: the date 2020-01-02 stands twice, first on line 2");
    }
}
