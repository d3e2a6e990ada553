//! One price file: its bars after adjustment, and what they show on any date.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};

use super::refusal::{MISSING_INPUT, Refusal, refuse};
use crate::formula_reference::market::Bar;
use crate::slow_simulation::prices::{MISSING, close_of, open_of};

/// A row with missing cells filled. The open of the first one may be missing.
#[derive(Debug, Clone, Copy)]
pub struct FilledRow {
    pub open: Option<f64>,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    pub volume: f64,
    pub has_open: bool,
    pub has_close: bool,
}

/// The rows of one asset by date.
#[derive(Debug, Clone)]
pub struct Prices {
    rows: BTreeMap<NaiveDate, FilledRow>,
}

impl FilledRow {
    /// Whether the row has an open or a close of its own.
    fn is_bar(&self) -> bool {
        self.has_open || self.has_close
    }
}

impl Prices {
    /// Reads `SYMBOL.csv` in Yahoo's layout. A row that is no bar is passed over where days are `sessions`; where they are
    /// weekdays it shows its high, low and volume.
    pub fn read(folder: &Path, symbol: &str, adjust: bool, sessions: bool) -> Result<Prices, Refusal> {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{symbol}.csv"))) else {
            return refuse(MISSING_INPUT, format!("no file of {symbol}"));
        };
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let mut rows: BTreeMap<NaiveDate, [Option<f64>; 5]> = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |name: &str| {
                let at = header.iter().position(|column| *column == name)?;
                cells.get(at).copied().filter(|cell| !MISSING.contains(cell))
            };
            let number = |name: &str| cell(name).map(|cell| cell.parse::<f64>().expect("a number"));
            let factor = match (adjust, number("Adj Close"), number("Close")) {
                (false, ..) => Some(1.0),
                (true, Some(adjusted), Some(close)) => Some(adjusted / close),
                (true, ..) => None,
            };
            let adjusted = |name: &str| Some(factor? * number(name)?);
            let close = if adjust { number("Adj Close") } else { number("Close") };
            let date = cell("Date").expect("a date").parse().expect("a date");
            rows.insert(date, [adjusted("Open"), adjusted("High"), adjusted("Low"), close, number("Volume")]);
        }
        if sessions {
            rows.retain(|_, [open, _, _, close, _]| open.is_some() || close.is_some());
        }
        Ok(Prices { rows: filled(rows) })
    }

    /// The dates on which there is a bar.
    pub fn bar_dates(&self) -> impl Iterator<Item = NaiveDate> {
        self.rows.iter().filter(|(_, row)| row.is_bar()).map(|(date, _)| *date)
    }

    /// The row of a date, or the last close before it on a date without one.
    pub fn shown(&self, date: NaiveDate) -> Option<FilledRow> {
        let (last, bar) = self.rows.range(..=date).next_back()?;
        if *last == date {
            return Some(*bar);
        }
        let close = bar.close;
        Some(FilledRow {
            open: Some(close),
            high: close,
            low: close,
            close,
            volume: 0.0,
            has_open: false,
            has_close: false,
        })
    }

    /// The price that is known at the open of a date.
    pub fn at_open(&self, date: NaiveDate) -> Option<f64> {
        self.shown(date)?.open
    }

    /// The price that is known at the close of a date.
    pub fn at_close(&self, date: NaiveDate) -> Option<f64> {
        Some(self.shown(date)?.close)
    }

    pub fn has_open(&self, date: NaiveDate) -> bool {
        self.rows.get(&date).is_some_and(|bar| bar.has_open)
    }

    pub fn has_close(&self, date: NaiveDate) -> bool {
        self.rows.get(&date).is_some_and(|bar| bar.has_close)
    }

    /// When the first price is known.
    pub fn first_price(&self) -> Option<NaiveDateTime> {
        let (date, bar) = self.rows.first_key_value()?;
        Some(if bar.open.is_some() { open_of(*date) } else { close_of(*date) })
    }

    /// The last bar up to a date.
    pub fn last_bar(&self, end: NaiveDate) -> Option<(NaiveDate, f64)> {
        let (date, row) = self.rows.range(..=end).rfind(|(_, row)| row.is_bar())?;
        Some((*date, row.close))
    }

    /// As formulas see it.
    pub fn formula_bar(&self, date: NaiveDate) -> Option<Bar> {
        let FilledRow { open, high, low, close, volume, .. } = self.shown(date)?;
        Some(Bar { open: open.unwrap_or(f64::NAN), high, low, close, volume })
    }
}

/// A missing open takes the close before it, a missing close the open of its day.
fn filled(rows: BTreeMap<NaiveDate, [Option<f64>; 5]>) -> BTreeMap<NaiveDate, FilledRow> {
    let mut bars = BTreeMap::new();
    let mut last = None;
    for (date, [open, high, low, close, volume]) in rows {
        let (has_open, has_close) = (open.is_some(), close.is_some());
        let open = open.or(last);
        let Some(close) = close.or(open) else { continue };
        let opened = open.unwrap_or(close);
        let high = high.unwrap_or(if opened > close { opened } else { close });
        let low = low.unwrap_or(if opened < close { opened } else { close });
        let volume = volume.unwrap_or(0.0);
        bars.insert(date, FilledRow { open, high, low, close, volume, has_open, has_close });
        last = Some(close);
    }
    bars
}
