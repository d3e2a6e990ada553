//! Any bytes as a price file: what can be read makes a market, no day of it depends on rows after that day, and no open on
//! its day's close.

use crate::market::calendar::Calendar;
use crate::market::columns::{Column, Columns};
use crate::market::date::{Date, Phase};
use crate::market::fingerprint::fingerprint;
use crate::market::input::folder::csv;
use crate::market::prices::{AssetId, Market, PriceAdjustment};
use crate::market::table::PriceTable;

const DAYS: usize = 60;
const ASSET: AssetId = AssetId(0);

/// Any bytes.
pub fn prices(bytes: &[u8]) {
    let optional = [Column::High, Column::Volume, Column::AdjustedClose];
    for choice in 0..8 {
        let chosen = optional.into_iter().enumerate().filter(|(bit, _)| choice >> bit & 1 > 0);
        let columns: Columns = chosen.map(|(_, column)| column).collect();
        match csv::read(bytes, columns) {
            Ok(table) => check(bytes, &table, columns),
            Err(error) => {
                let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
                assert!(1 <= error.line && error.line <= lines, "line {} of {lines}", error.line);
                assert!(error.kind.to_string().chars().count() < 1000, "a message without end");
            }
        }
    }
}

fn check(bytes: &[u8], table: &PriceTable, columns: Columns) {
    let rows = table.len();
    assert!(rows > 0 && table.lines.is_sorted());
    for column in Column::all() {
        assert_eq!(table[column].len(), if columns.has(column) { rows } else { 0 });
        assert!(table[column].iter().all(|cell| !cell.is_infinite()));
    }
    let with_mark = [b"\xef\xbb\xbf", bytes].concat();
    if !bytes.starts_with(b"\xef\xbb\xbf") {
        assert_eq!(csv::read(&with_mark, columns).map(|table| table.lines), Ok(table.lines.clone()));
    }
    let order = table.order();
    let dates: Vec<Date> = order.iter().map(|&row| table.dates[row as usize]).collect();
    assert!(dates.is_sorted());
    let middle = dates[rows / 2];
    let adjustment = if columns.has(Column::AdjustedClose) {
        PriceAdjustment::AdjustedClose
    } else {
        PriceAdjustment::None
    };
    for first_day in [dates[0], middle, Date(middle.0 - 40), Date(dates[rows - 1].0 + 3)] {
        let calendar = Calendar::weekdays(first_day, DAYS);
        let market = |table: PriceTable| Market::new(calendar.clone(), adjustment, vec![("A".into(), table)]);
        let Ok(whole) = market(table.clone()) else {
            assert!(table.duplicate_date().is_some());
            continue;
        };
        assert_eq!(table.duplicate_date(), None);
        let before = until(table, middle);
        assert_eq!(
            fingerprint(&[("A".into(), table.clone())], middle),
            fingerprint(&[("A".into(), before.clone())], middle)
        );
        let mut other_close = before.clone();
        for row in 0..other_close.len() {
            if other_close.dates[row] == middle {
                other_close[Column::Close][row] *= 2.0;
            }
        }
        let truncated = market(before).expect("no duplicates in fewer rows");
        let other_close = market(other_close).expect("no duplicates in fewer rows");
        let days = (0..DAYS).take_while(|&day| whole.date(day) <= middle).count();
        for column in Column::shown() {
            let (whole, truncated) = (whole.column(column, ASSET), truncated.column(column, ASSET));
            assert_eq!(bits(whole.get(..days)), bits(truncated.get(..days)), "a price from the future");
        }
        if adjustment == PriceAdjustment::None {
            let opens = |market: &Market| bits(market.open(ASSET).get(..days));
            assert_eq!(opens(&truncated), opens(&other_close), "an open that knows the close");
        }
        for phase in [Phase::Open, Phase::Close] {
            let untradable = |market: &Market| {
                market.untradable_price(ASSET, 0, phase).filter(|price| price.day < days).copied()
            };
            assert_eq!(untradable(&whole), untradable(&truncated));
        }
        if let Some(first) = whole.first_price(ASSET).filter(|first| first.date <= middle) {
            assert_eq!(truncated.first_price(ASSET), Some(first));
        }
        assert!(whole.first_price(ASSET).map(|first| first.date) <= whole.last_bar(ASSET));
    }
}

/// The rows up to and including a date.
fn until(table: &PriceTable, last: Date) -> PriceTable {
    let kept: Vec<usize> = (0..table.len()).filter(|&row| table.dates[row] <= last).collect();
    let mut until = PriceTable::default();
    until.lines = kept.iter().map(|&row| table.lines[row]).collect();
    until.dates = kept.iter().map(|&row| table.dates[row]).collect();
    for column in Column::all().filter(|column| !table[*column].is_empty()) {
        until[column] = kept.iter().map(|&row| table[column][row]).collect();
    }
    until
}

fn bits(prices: Option<&[f64]>) -> Option<Vec<u64>> {
    let bits = |price: &f64| if price.is_nan() { u64::MAX } else { price.to_bits() };
    prices.map(|prices| prices.iter().map(bits).collect())
}
