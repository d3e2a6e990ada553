//! QSTrader's price series, read in the obvious way, except that no price comes from the future.

use std::path::Path;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

/// Cells that count as missing, as pandas reads them.
pub const MISSING: [&str; 19] = [
    "", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "#NA", "#N/A N/A", "None",
    "<NA>", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
];

/// The prices of one asset in order of time: an open and a close a bar, filled forward.
pub struct Series {
    entries: Vec<(NaiveDateTime, f64)>,
}

/// 14:30 of a date.
pub fn open_of(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::from_hms_opt(14, 30, 0).expect("a time of day"))
}

/// 21:00 of a date.
pub fn close_of(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::from_hms_opt(21, 0, 0).expect("a time of day"))
}

/// The day after.
pub fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).expect("far from the end of time")
}

impl Series {
    /// Reads `SYMBOL.csv`; the files of the tests are plain, without quotes.
    pub fn read(folder: &Path, symbol: &str, adjust: bool) -> Series {
        let text = std::fs::read_to_string(folder.join(format!("{symbol}.csv"))).expect("the file is there");
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let column = |name: &str| header.iter().position(|column| *column == name);
        let mut bars: Vec<(NaiveDate, f64, f64)> = lines
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let number = |name: &str| {
                    let cell = cells.get(column(name).expect("the column is there")).copied().unwrap_or("");
                    if MISSING.contains(&cell) { f64::NAN } else { cell.parse().expect("a number") }
                };
                let date = cells[column("Date").expect("a date column")];
                let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").expect("a date");
                let (open, close) = (number("Open"), number("Close"));
                if adjust {
                    let adjusted_close = number("Adj Close");
                    (date, (adjusted_close / close) * open, adjusted_close)
                } else {
                    (date, open, close)
                }
            })
            .collect();
        bars.sort_by_key(|bar| bar.0);
        let mut entries = Vec::new();
        let mut last = f64::NAN;
        for (date, open, close) in bars {
            for (instant, price) in [(open_of(date), open), (close_of(date), close)] {
                if !price.is_nan() {
                    last = price;
                }
                entries.push((instant, last));
            }
        }
        Series { entries }
    }

    /// The price at an instant: of the last entry not after it.
    pub fn at(&self, instant: NaiveDateTime) -> Option<f64> {
        let count = self.entries.partition_point(|entry| entry.0 <= instant);
        let price = self.entries[..count].last()?.1;
        (!price.is_nan()).then_some(price)
    }

    /// The date of the first row with a usable price.
    pub fn first_bar(&self) -> Option<NaiveDate> {
        self.entries.iter().find(|entry| !entry.1.is_nan()).map(|entry| entry.0.date())
    }
}
