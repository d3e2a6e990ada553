//! Which column of a daily price file is what, by its header. Reads no values.
//!
//! Known layouts: Yahoo Finance's download (`Date,Open,High,Low,Close,Adj Close,Volume`, ascending or newest first), what
//! yfinance writes (`history()` with its time zone, `download()` with its three header lines), Stooq (its site's
//! `Date,Open,High,Low,Close,Volume` and its archive's `<TICKER>,<PER>,<DATE>,...`) and zipline's csvdir bundle
//! (`date,open,high,low,close,volume,dividend,split`).

use crate::market::columns::{Column, Columns};
use crate::market::input::error::RowErrorKind;

/// Where the columns of a file stand, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The header as written, for messages.
    pub header: Vec<String>,
    /// The date column.
    pub date: usize,
    /// The columns asked for and where they stand, in the order in which their cells are read.
    pub columns: Vec<(Column, usize)>,
    /// Whether a time of day and an offset may follow the date (yfinance's `history()`); both are dropped.
    pub timestamps: bool,
    /// First cells of the header lines after the first.
    pub more_header: &'static [&'static str],
}

impl Layout {
    /// Finds the columns asked for in a header line.
    ///
    /// # Errors
    /// A column that is needed and missing, or that stands twice.
    pub(crate) fn of_header(header: Vec<String>, columns: Columns) -> Result<Layout, RowErrorKind> {
        let names: Vec<String> = header.iter().map(|name| normal(name)).collect();
        let three_lines = names.first().is_some_and(|name| name == "price");
        let find = |wanted: &'static str| -> Result<Option<usize>, RowErrorKind> {
            let mut places = (0..names.len()).filter(|&place| names[place] == normal(wanted));
            match (places.next(), places.next()) {
                (place, None) => Ok(place),
                (_, Some(_)) => Err(RowErrorKind::RepeatedColumn { column: wanted }),
            }
        };
        let need = |wanted: &'static str| {
            find(wanted)?
                .ok_or_else(|| RowErrorKind::MissingColumn { column: wanted, header: header.join(",") })
        };
        let place = |column: Column| {
            for other in column.description().other_headers {
                if let Some(place) = find(other)? {
                    return Ok(place);
                }
            }
            match column {
                Column::AdjustedClose => find(column.header())?.ok_or(RowErrorKind::NoAdjustedClose),
                _ => need(column.header()),
            }
        };
        let date = if three_lines { 0 } else { need("Date")? };
        // Of several columns that are missing the one to tell is that which fewer files have.
        let (bar, more): (Vec<Column>, Vec<Column>) =
            columns.iter().partition(|column| column.description().scaled);
        let found = more.into_iter().chain(bar).map(|column| Ok((column, place(column)?)));
        let mut columns: Vec<(Column, usize)> = found.collect::<Result<_, _>>()?;
        columns.sort_by_key(|(column, _)| (!column.description().required, *column));
        Ok(Layout {
            date,
            columns,
            timestamps: find("Stock Splits")?.is_some(),
            more_header: if three_lines { &["Ticker", "Date"] } else { &[] },
            header,
        })
    }
}

/// Lower case, without the angle brackets of Stooq's archive and surrounding blanks.
fn normal(name: &str) -> String {
    name.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase()
}
