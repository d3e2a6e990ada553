//! Finds the columns of a daily price file by its header. Reads no values.
//!
//! Known layouts: Yahoo Finance's download (`Date,Open,High,Low,Close,Adj Close,Volume`, ascending or newest first), the files
//! of yfinance (`history()` with its time zone, `download()` with its three header lines), Stooq (its site's
//! `Date,Open,High,Low,Close,Volume` and its archive's `<TICKER>,<PER>,<DATE>,...`) and zipline's csvdir bundle
//! (`date,open,high,low,close,volume,dividend,split`).

use crate::market::columns::{Column, Columns};
use crate::market::input::error::RowErrorKind;
use crate::market::records::plain_name;

/// The indices of the columns of a file, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CsvLayout {
    /// The header as written, for messages.
    pub header: Vec<String>,
    /// Index of the date column.
    pub date: usize,
    /// The columns to read with their indices, in the order in which their cells are read.
    pub columns: Vec<(Column, usize)>,
    /// Whether a time of day and an offset may follow the date (yfinance's `history()`); both are dropped.
    pub timestamps: bool,
    /// First cells of the header lines after the first one.
    pub more_header: &'static [&'static str],
}

impl CsvLayout {
    /// Finds these columns in a header line.
    ///
    /// # Errors
    /// The header lacks one of the columns, or has it twice.
    pub(crate) fn from_header(header: Vec<String>, columns: Columns) -> Result<CsvLayout, RowErrorKind> {
        let names: Vec<String> = header.iter().map(|name| plain_name(name)).collect();
        let three_lines = names.first().is_some_and(|name| name == "price");
        let find = |wanted: &'static str| -> Result<Option<usize>, RowErrorKind> {
            let mut indices = (0..names.len()).filter(|&index| names[index] == plain_name(wanted));
            match (indices.next(), indices.next()) {
                (index, None) => Ok(index),
                (_, Some(_)) => Err(RowErrorKind::RepeatedColumn { column: wanted }),
            }
        };
        let need = |wanted: &'static str| {
            find(wanted)?
                .ok_or_else(|| RowErrorKind::MissingColumn { column: wanted, header: header.join(",") })
        };
        let index = |column: Column| {
            for other in column.description().other_headers {
                if let Some(index) = find(other)? {
                    return Ok(index);
                }
            }
            match column {
                Column::AdjustedClose => find(column.header())?.ok_or(RowErrorKind::NoAdjustedClose),
                _ => need(column.header()),
            }
        };
        let date = if three_lines { 0 } else { need("Date")? };
        // If several columns are missing, the message names one that fewer files have.
        let (bar, more): (Vec<Column>, Vec<Column>) =
            columns.iter().partition(|column| column.description().scaled);
        let indexed = more.into_iter().chain(bar).map(|column| Ok((column, index(column)?)));
        let mut columns: Vec<(Column, usize)> = indexed.collect::<Result<_, _>>()?;
        columns.sort_by_key(|(column, _)| (!column.description().required, *column));
        Ok(CsvLayout {
            date,
            columns,
            timestamps: find("Stock Splits")?.is_some(),
            more_header: if three_lines { &["Ticker", "Date"] } else { &[] },
            header,
        })
    }
}
