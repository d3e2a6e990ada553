//! Reads a daily price file from bytes. docs/prices.md says what is accepted. Touches no file system and judges no price.

use super::layout::CsvLayout;
use crate::market::columns::Columns;
use crate::market::input::error::{RowError, RowErrorKind};
use crate::market::records::{Records, read_date, read_number};
use crate::market::table::PriceTable;

/// The least header of a price file, for messages.
const HEADER: &str = "Date, Open and Close";

/// Reads a price file.
///
/// Rows stay in file order; dates need not ascend and may repeat. Missing cells (empty, a pandas marker, or cut off at the end
/// of a row) become NaN. Only the given columns are read.
///
/// # Errors
/// The file has no rows, the header lacks a column or has it twice, a row has more cells than the header, or a cell is neither
/// missing nor a date or finite number.
pub(crate) fn read(bytes: &[u8], columns: Columns) -> Result<PriceTable, RowError> {
    let mut records = Records::new(bytes);
    let line =
        records.advance()?.ok_or(RowError { line: 1, kind: RowErrorKind::Empty { expected: HEADER } })?;
    let layout = CsvLayout::from_header(records.texts(), columns).map_err(|kind| RowError { line, kind })?;
    for first_cell in layout.more_header {
        if records.advance()?.is_some() && records.record().get(0) != Some(first_cell.as_bytes()) {
            let kind = RowErrorKind::MissingColumn { column: "Date", header: layout.header.join(",") };
            return Err(RowError { line, kind });
        }
    }
    let mut table = PriceTable::default();
    let rows = bytes.len() / 48;
    for (column, _) in &layout.columns {
        table[*column].reserve(rows);
    }
    table.dates.reserve(rows);
    table.lines.reserve(rows);
    while let Some(line) = records.advance()? {
        read_row(records.record(), &layout, line, &mut table).map_err(|kind| RowError { line, kind })?;
    }
    if table.is_empty() {
        return Err(RowError { line, kind: RowErrorKind::NoRows });
    }
    Ok(table)
}

/// Appends a row to the table.
fn read_row(
    record: &::csv::ByteRecord,
    layout: &CsvLayout,
    line: u64,
    table: &mut PriceTable,
) -> Result<(), RowErrorKind> {
    if record.len() > layout.header.len() {
        return Err(RowErrorKind::TooManyCells { cells: record.len(), columns: layout.header.len() });
    }
    let cell = |index: usize| record.get(index).unwrap_or(b"");
    let number = |index: usize| {
        read_number(cell(index)).ok_or_else(|| RowErrorKind::Number {
            column: layout.header[index].clone(),
            text: String::from_utf8_lossy(cell(index)).into_owned(),
        })
    };
    let date = read_date(cell(layout.date), layout.timestamps).ok_or_else(|| RowErrorKind::Date {
        text: String::from_utf8_lossy(cell(layout.date)).into_owned(),
    })?;
    for &(column, index) in &layout.columns {
        table[column].push(number(index)?);
    }
    table.lines.push(line);
    table.dates.push(date);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::columns::Column;
    use crate::market::date::Date;

    fn kind(text: &str, columns: Columns) -> (u64, RowErrorKind) {
        let error = read(text.as_bytes(), columns).unwrap_err();
        (error.line, error.kind)
    }

    #[test]
    fn reads_yahoo_in_any_column_order_with_missing_cells() {
        let text = "\u{feff}Volume,Close,Date,Adj Close,Low,High,Open\r\n5,2.5,2020-01-03,2,2,3,null\n\n7,,2020-01-02,1,1,1,1.#IND\n1\n";
        let (line, _) = kind(text, Columns::all());
        assert_eq!(line, 5, "a row without its date");
        let table = read(text.trim_end_matches("1\n").as_bytes(), Columns::all()).unwrap();
        assert_eq!(table.dates, [Date::from_ymd(2020, 1, 3).unwrap(), Date::from_ymd(2020, 1, 2).unwrap()]);
        assert_eq!(table.lines, [2, 4]);
        assert!(
            table[Column::Open][0].is_nan()
                && table[Column::Open][1].is_nan()
                && table[Column::Close][1].is_nan()
        );
        assert_eq!((table[Column::Close][0], table[Column::Volume][1]), (2.5, 7.0));
        assert_eq!(table.order(), [1, 0]);
    }

    #[test]
    fn reads_yfinance_download_with_three_header_lines() {
        let text = "Price,Adj Close,Close,High,Low,Open,Volume\nTicker,X,X,X,X,X,X\nDate,,,,,,\n2020-01-02,9,10,11,8,9.5,100\n";
        let table = read(text.as_bytes(), Columns::all()).unwrap();
        assert_eq!((table[Column::Open][0], table[Column::AdjustedClose][0], table.lines[0]), (9.5, 9.0, 4));
    }

    #[test]
    fn only_header_lines_are_skipped() {
        let header = "Price,Adj Close,Close,Open\n";
        let no_date =
            || RowErrorKind::MissingColumn { column: "Date", header: "Price,Adj Close,Close,Open".into() };
        assert_eq!(
            kind(
                &format!("{header}2020-01-02,9,10,9\n2020-01-03,9,10,9\n2020-01-06,9,10,9\n"),
                Columns::default()
            ),
            (1, no_date())
        );
        assert_eq!(
            kind(
                &format!("{header}Ticker,X,X,X\n2020-01-03,9,10,9\n2020-01-06,9,10,9\n"),
                Columns::default()
            ),
            (1, no_date())
        );
        assert_eq!(kind(header, Columns::default()), (1, RowErrorKind::NoRows));
    }

    #[test]
    fn lines_of_blanks_are_blank() {
        let text = "Date,Open,Close\n  \n2020-01-02,1,1\n \t\n\n2020-01-03,1,1\n   ";
        assert_eq!(read(text.as_bytes(), Columns::default()).unwrap().lines, [3, 6]);
        assert_eq!(kind("  \n", Columns::default()).1, RowErrorKind::Empty { expected: HEADER });
    }

    #[test]
    fn reads_yfinance_history_with_offsets() {
        let text = "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2020-01-02 00:00:00-05:00,1,2,0.5,1.5,10,0,0\n";
        let table = read(text.as_bytes(), Columns::default()).unwrap();
        assert_eq!(table.dates, [Date::from_ymd(2020, 1, 2).unwrap()]);
    }

    #[test]
    fn reads_stooq_archive_and_zipline() {
        let stooq = "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nX.US,D,20200102,000000,1,2,0.5,1.5,10,0\n";
        let zipline = "date,open,high,low,close,volume,dividend,split\n2020-01-02,1,2,0.5,1.5,10,0,1\n";
        let columns = Columns::all().without(Column::AdjustedClose);
        assert_eq!(read(stooq.as_bytes(), columns).unwrap(), read(zipline.as_bytes(), columns).unwrap());
        assert_eq!(kind(zipline, Columns::all()), (1, RowErrorKind::NoAdjustedClose));
    }

    #[test]
    fn of_several_errors_always_the_same_one_is_reported() {
        let missing = |column| RowErrorKind::MissingColumn { column, header: "Date,Low,Close".into() };
        let header = "Date,Low,Close\n2020-01-02,1,1\n";
        let without_adjustment = Columns::all().without(Column::AdjustedClose);
        let range = Columns::default().with(Column::Low);
        assert_eq!(kind(header, Columns::all()).1, RowErrorKind::NoAdjustedClose);
        assert_eq!(kind(header, without_adjustment).1, missing("Volume"));
        assert_eq!(kind(header, range).1, missing("Open"));
        let row = "Date,Volume,Adj Close,Low,High,Close,Open\n2020-01-02,v,a,l,h,c,o\n";
        let number =
            |column: &str, text: &str| RowErrorKind::Number { column: column.into(), text: text.into() };
        assert_eq!(kind(row, Columns::all()).1, number("Open", "o"));
        assert_eq!(kind(&row.replace(",o\n", ",1\n"), Columns::all()).1, number("Close", "c"));
        assert_eq!(kind(&row.replace(",c,o\n", ",1,1\n"), Columns::all()).1, number("High", "h"));
    }

    #[test]
    fn both_names_of_the_volume_are_known_and_the_short_one_takes_precedence() {
        let columns = Columns::default().with(Column::Volume);
        let table = read(b"Date,Open,Close,Volume,Vol\n2020-01-02,1,1,5,7\n", columns).unwrap();
        assert_eq!(table[Column::Volume], [7.0]);
    }

    #[test]
    fn refuses_with_line_and_cell() {
        let header = "Date,Open,High,Low,Close,Adj Close,Volume\n";
        let number = |text: &str| RowErrorKind::Number { column: "Close".into(), text: text.into() };
        for text in ["Null", "  ", "1,5", "inf", "0x10", "1_000", "abc", "1e999"] {
            let quoted = format!("{header}2020-01-02,1,1,1,\"{text}\",1,1\n");
            assert_eq!(kind(&quoted, Columns::all()), (2, number(text)), "{text}");
        }
        assert_eq!(kind("", Columns::all()).1, RowErrorKind::Empty { expected: HEADER });
        assert_eq!(kind(header, Columns::all()).1, RowErrorKind::NoRows);
        assert_eq!(
            kind(&format!("{header}2020-01-02 00:00:00+00:00,1,1,1,1,1,1\n"), Columns::all()).1,
            RowErrorKind::Date { text: "2020-01-02 00:00:00+00:00".into() }
        );
        assert_eq!(
            kind(&format!("{header}2020-01-02,1,1,1,1,1,1,1\n"), Columns::all()).1,
            RowErrorKind::TooManyCells { cells: 8, columns: 7 }
        );
        assert_eq!(
            kind("Date,Open,Close,Close\n", Columns::default()).1,
            RowErrorKind::RepeatedColumn { column: "Close" }
        );
    }
}
