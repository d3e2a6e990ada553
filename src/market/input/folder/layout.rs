//! Which column of a daily price file is what, by its header. Reads no values.
//!
//! Known layouts: Yahoo Finance's download (`Date,Open,High,Low,Close,Adj Close,Volume`, ascending or newest first), what
//! yfinance writes (`history()` with its time zone, `download()` with its three header lines), Stooq (its site's
//! `Date,Open,High,Low,Close,Volume` and its archive's `<TICKER>,<PER>,<DATE>,...`) and zipline's csvdir bundle
//! (`date,open,high,low,close,volume,dividend,split`).

use crate::market::input::error::RowErrorKind;
use crate::market::table::Columns;

/// Where the columns of a file stand, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The header as written, for messages.
    pub header: Vec<String>,
    /// The date column.
    pub date: usize,
    /// The open column.
    pub open: usize,
    /// The high column, when asked for.
    pub high: Option<usize>,
    /// The low column, when asked for.
    pub low: Option<usize>,
    /// The close column.
    pub close: usize,
    /// The adjusted close column, when asked for.
    pub adjusted_close: Option<usize>,
    /// The volume column, when asked for.
    pub volume: Option<usize>,
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
    pub fn of_header(header: Vec<String>, columns: Columns) -> Result<Layout, RowErrorKind> {
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
        let range = |wanted| if columns.range { need(wanted).map(Some) } else { Ok(None) };
        let date = if three_lines { 0 } else { need("Date")? };
        let adjusted_close = match columns.adjusted {
            true => Some(find("Adj Close")?.ok_or(RowErrorKind::NoAdjustedClose)?),
            false => None,
        };
        let volume = match columns.volume {
            true => Some(find("Vol")?.map_or_else(|| need("Volume"), Ok)?),
            false => None,
        };
        Ok(Layout {
            date,
            open: need("Open")?,
            high: range("High")?,
            low: range("Low")?,
            close: need("Close")?,
            adjusted_close,
            volume,
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
