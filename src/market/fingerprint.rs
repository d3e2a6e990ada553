//! A hash of the prices a backtest rests on, so that two results can be known to come from the same data.

use super::date::Date;
use super::table::PriceTable;

/// BLAKE3 over the columns read of every asset, rows up to and including `end` in date order.
///
/// Independent of the folder, the layout of the files, their row order and compression, and the order of `tables`.
pub fn fingerprint(tables: &[(String, PriceTable)], end: Date) -> blake3::Hash {
    let mut assets: Vec<_> = tables.iter().collect();
    assets.sort_by(|a, b| a.0.cmp(&b.0));
    let mut hasher = blake3::Hasher::new();
    let mut bytes = Vec::new();
    for (symbol, table) in assets {
        bytes.clear();
        let rows: Vec<usize> = table
            .order()
            .into_iter()
            .map(|row| row as usize)
            .filter(|&row| table.dates[row] <= end)
            .collect();
        for number in [symbol.len(), rows.len()] {
            bytes.extend((number as u64).to_le_bytes());
        }
        bytes.extend(symbol.as_bytes());
        bytes.extend(rows.iter().flat_map(|&row| table.dates[row].0.to_le_bytes()));
        let columns =
            [&table.open, &table.high, &table.low, &table.close, &table.adjusted_close, &table.volume];
        for (number, column) in columns.into_iter().enumerate().filter(|(_, column)| !column.is_empty()) {
            bytes.push(number as u8);
            bytes.extend(rows.iter().flat_map(|&row| canonical_bits(column[row]).to_le_bytes()));
        }
        hasher.update(&bytes);
    }
    hasher.finalize()
}

fn canonical_bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{csv, table::Columns};

    fn of(rows: &str) -> blake3::Hash {
        let table = csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap();
        fingerprint(&[("A".into(), table)], Date::parse(b"2020-01-07").unwrap())
    }

    #[test]
    fn rests_on_the_rows_up_to_the_end_alone() {
        let hash = of("2020-01-06,1,2\n2020-01-07,3,4\n");
        assert_eq!(hash, of("2020-01-07,3,4\n2020-01-06,1,2\n2020-01-08,9,9\n"));
        assert_ne!(hash, of("2020-01-06,1,2\n2020-01-07,3,5\n"));
    }
}
