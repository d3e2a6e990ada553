//! A hash of the prices and other numbers that a backtest uses, so that two results can be known to come from the same data.
//! Reads no files.

use super::columns::Column;
use super::date::Date;
use super::numbers::rows::Rows;
use super::table::{PriceTable, SortedRows};

#[cfg(any(test, feature = "internals"))]
/// BLAKE3 of the prices of all assets up to and including `end`: the hash of the assets' own hashes in the order of their
/// symbols. An asset's hash covers the columns that were read, its rows in date order.
///
/// Independent of the folder, the layout, row order and compression of the files, and the order of `tables`.
pub(crate) fn fingerprint(tables: &[(String, PriceTable)], end: Date) -> blake3::Hash {
    let mut assets: Vec<_> = tables.iter().collect();
    assets.sort_by(|a, b| a.0.cmp(&b.0));
    let mut bytes = Vec::new();
    let hashes: Vec<_> =
        assets.into_iter().map(|(symbol, table)| hash_asset(symbol, table, end, &mut bytes)).collect();
    combine(&hashes)
}

/// The fingerprint of all assets from their own hashes, which are in the order of their symbols.
pub(crate) fn combine(hashes: &[blake3::Hash]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for hash in hashes {
        hasher.update(hash.as_bytes());
    }
    hasher.finalize()
}

/// The fingerprint of prices and of columns of numbers beside them, whatever the order of these; that of the prices alone if
/// there is no column.
pub(crate) fn with_numbers(prices: blake3::Hash, mut columns: Vec<blake3::Hash>) -> blake3::Hash {
    if columns.is_empty() {
        return prices;
    }
    columns.sort_by_key(|hash| *hash.as_bytes());
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"numbers");
    hasher.update(prices.as_bytes());
    columns.iter().for_each(|column| _ = hasher.update(column.as_bytes()));
    hasher.finalize()
}

/// The hash of a column of numbers by its name and its rows, each series with its asset, or `None` if it is of all assets.
/// Independent of the layout and the names of the files.
pub(crate) fn hash_numbers(name: &str, series: &[(Option<&str>, &Rows)]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let text = |hasher: &mut blake3::Hasher, text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    text(&mut hasher, name);
    let mut bytes = Vec::new();
    for (symbol, rows) in series {
        // No symbol is empty.
        text(&mut hasher, symbol.unwrap_or_default());
        bytes.clear();
        bytes.extend((rows.dates.len() as u64).to_le_bytes());
        bytes.extend((rows.values.len() as u64).to_le_bytes());
        bytes.extend(rows.dates.iter().flat_map(|date| date.0.to_le_bytes()));
        bytes.extend(rows.values.iter().flat_map(|value| value.to_bits().to_le_bytes()));
        hasher.update(&bytes);
    }
    hasher.finalize()
}

/// The hash of one asset. The content of `buffer` is overwritten.
pub(crate) fn hash_asset(symbol: &str, table: &PriceTable, end: Date, buffer: &mut Vec<u8>) -> blake3::Hash {
    let rows = SortedRows::until(table, end);
    let dates = rows.select(&table.dates);
    let columns = Column::all().filter(|column| !table[*column].is_empty());
    let length = 16 + symbol.len() + dates.len() * 4 + columns.clone().count() * (1 + dates.len() * 8);
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    let mut rest = &mut buffer[..length];
    put(&mut rest, &[symbol.len(), dates.len()], |number| (number as u64).to_le_bytes());
    put(&mut rest, symbol.as_bytes(), |byte| [byte]);
    put(&mut rest, &dates, |date| date.0.to_le_bytes());
    for column in columns {
        put(&mut rest, &[column.index() as u8], |byte| [byte]);
        put(&mut rest, &rows.select(&table[column]), |value| canonical_bits(value).to_le_bytes());
    }
    blake3::hash(&buffer[..length])
}

/// Writes the bytes of every value to the start of `rest` and leaves what is after them in `rest`. Pushing the bytes to a
/// vector would take longer than hashing them.
fn put<T: Copy, const N: usize>(rest: &mut &mut [u8], values: &[T], bytes_of: impl Fn(T) -> [u8; N]) {
    let (start, after) = std::mem::take(rest).split_at_mut(values.len() * N);
    for (bytes, value) in start.as_chunks_mut::<N>().0.iter_mut().zip(values) {
        *bytes = bytes_of(*value);
    }
    *rest = after;
}

/// The bits of a value, the same ones for every NaN.
fn canonical_bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{columns::Columns, input::folder::csv};

    fn hash(rows: &str) -> blake3::Hash {
        let table = csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap();
        fingerprint(&[("A".into(), table)], Date::parse(b"2020-01-07").unwrap())
    }

    #[test]
    fn tells_columns_and_symbols_apart() {
        let table = |text: &str, columns| csv::read(text.as_bytes(), columns).unwrap();
        let base = Columns::default();
        let tables = [
            ("A", table("Date,Open,Close\n2020-01-06,1,2\n", base)),
            ("A", table("Date,Open,Close\n2020-01-06,2,1\n", base)),
            ("B", table("Date,Open,Close\n2020-01-06,1,2\n", base)),
            ("A", table("Date,Open,Close,Volume\n2020-01-06,1,2,2\n", base.with(Column::Volume))),
            ("A", table("Date,Open,Close,Adj Close\n2020-01-06,1,2,2\n", base.with(Column::AdjustedClose))),
        ]
        .map(|(symbol, table)| (symbol.to_owned(), table));
        let hashes: Vec<_> =
            tables.iter().map(|table| fingerprint(std::slice::from_ref(table), Date(99_999))).collect();
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash), "{index}");
        }
        let [a, _, b, ..] = tables;
        assert_eq!(
            fingerprint(&[a.clone(), b.clone()], Date(99_999)),
            fingerprint(&[b, a], Date(99_999)),
            "the order of tables"
        );
    }

    #[test]
    fn the_hashed_bytes_never_change() {
        let text = "Volume,Adj Close,Close,Low,High,Open,Date\n9,2,4,3,,1,1970-01-02\n";
        let table = csv::read(text.as_bytes(), Columns::all()).unwrap();
        let mut bytes = [&1u64.to_le_bytes()[..], &1u64.to_le_bytes(), b"A", &1i32.to_le_bytes()].concat();
        // Open, high, low, close, adjusted close, volume.
        for (number, value) in [1.0, f64::NAN, 3.0, 4.0, 2.0, 9.0f64].into_iter().enumerate() {
            bytes.push(number as u8);
            bytes.extend(value.to_le_bytes());
        }
        assert_eq!(hash_asset("A", &table, Date(1), &mut Vec::new()), blake3::hash(&bytes));
    }

    #[test]
    fn numbers_are_told_apart_by_name_asset_date_and_value() {
        let rows = |dates: &[i32], values: &[f64]| Rows {
            dates: dates.iter().map(|day| Date(*day)).collect(),
            values: values.to_vec(),
        };
        let (one, two) = (rows(&[1], &[2.0]), rows(&[1, 2], &[2.0, 2.0]));
        let hashes = [
            hash_numbers("pe", &[(None, &one)]),
            hash_numbers("pb", &[(None, &one)]),
            hash_numbers("pe", &[(Some("A"), &one)]),
            hash_numbers("pe", &[(Some("B"), &one)]),
            hash_numbers("pe", &[(Some("A"), &two)]),
            hash_numbers("pe", &[(Some("A"), &one), (Some("B"), &one)]),
            hash_numbers("pe", &[(Some("A"), &rows(&[2], &[2.0]))]),
            hash_numbers("pe", &[(Some("A"), &rows(&[1], &[-2.0]))]),
            hash_numbers("pe", &[(Some("A"), &rows(&[1], &[]))]),
        ];
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash), "{index}");
        }
        let prices = combine(&hashes[..1]);
        assert_eq!(with_numbers(prices, Vec::new()), prices);
        let with = |columns: &[blake3::Hash]| with_numbers(prices, columns.to_vec());
        assert!(with(&hashes[..1]) != with(&hashes[1..2]) && with(&hashes[..1]) != with(&hashes[..2]));
        assert_ne!(with(&hashes[..1]), prices);
        assert_eq!(with(&[hashes[0], hashes[1]]), with(&[hashes[1], hashes[0]]));
    }

    #[test]
    fn only_rows_up_to_the_end_count() {
        let expected = hash("2020-01-06,1,2\n2020-01-07,3,4\n");
        assert_eq!(hash("2020-01-07,3,4\n2020-01-06,1,2\n2020-01-08,9,9\n"), expected);
        assert_ne!(hash("2020-01-06,1,2\n2020-01-07,3,5\n"), expected);
    }
}
