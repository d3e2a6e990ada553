//! Loads a market from a source of prices. Decides nothing about the prices.
//!
//! Each thread takes one asset after the other: it reads the rows into one table that it reuses, hashes them and puts them into
//! the market. So the rows of an asset stay in the processor's cache, and the rows of all assets are never in memory together.

use itertools::Itertools;
use rayon::prelude::*;

use super::calendar::Calendar;
use super::columns::Columns;
use super::date::Date;
use super::fingerprint;
use super::input::error::{FileError, FileErrorKind};
use super::input::source::Source;
use super::jobs::least_assets;
use super::prices::{BlankAsset, BlankMarket, Market, PriceAdjustment};

/// Why an asset cannot be loaded.
enum AssetError {
    /// The source has no asset with the symbol at this index.
    Missing(usize),
    File(FileError),
    RepeatedDate(FileError),
}

/// Loads the market of the assets with these symbols, which ascend, and the fingerprint of their prices up to and including the
/// date `end`.
///
/// # Errors
/// The first asset whose file is missing or cannot be read; if all can be read, the first whose file has a date in two rows.
pub(crate) fn load(
    source: &dyn Source,
    symbols: &[String],
    columns: Columns,
    calendar: Calendar,
    end: Date,
    adjustment: PriceAdjustment,
) -> Result<(Market, blake3::Hash), FileError> {
    let mut blank = BlankMarket::new(calendar, adjustment, columns, symbols.to_vec());
    let assets = blank.assets().into_par_iter().enumerate();
    let assets = assets.with_max_len(source.max_len()).with_min_len(least_assets());
    let read: Vec<_> = assets
        .map_init(Default::default, |(table, bytes), (index, asset): (usize, BlankAsset)| {
            let symbol = asset.symbol;
            let read = source.read(symbol, columns, table).ok_or(AssetError::Missing(index))?;
            read.map_err(AssetError::File)?;
            let hash = fingerprint::hash_asset(symbol, table, end, bytes);
            let filled = asset.fill(table).map_err(|error| {
                let kind = FileErrorKind::Row(error);
                AssetError::RepeatedDate(FileError { path: source.location(symbol), kind })
            })?;
            Ok((filled, hash))
        })
        .collect();
    let (read, errors): (Vec<_>, Vec<_>) = read.into_iter().partition_result();
    if !errors.is_empty() {
        return Err(first(errors, source, symbols));
    }
    let (filled, hashes): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((blank.complete(filled), fingerprint::combine(&hashes)))
}

/// The error to report: the first one that is not a repeated date, else the first one. One about a missing file names the other
/// assets without one. `errors` are in the order of the assets.
fn first(mut errors: Vec<AssetError>, source: &dyn Source, symbols: &[String]) -> FileError {
    let missing = |error: &AssetError| match error {
        AssetError::Missing(index) => Some(symbols[*index].clone()),
        _ => None,
    };
    let without_file: Vec<String> = errors.iter().filter_map(missing).collect();
    let index = errors.iter().position(|error| !matches!(error, AssetError::RepeatedDate(_))).unwrap_or(0);
    match errors.swap_remove(index) {
        AssetError::Missing(index) => {
            let mut error = source.missing(&symbols[index]);
            if let FileErrorKind::Missing { others, .. } = &mut error.kind {
                others.extend(without_file.into_iter().skip(1));
            }
            error
        }
        AssetError::File(error) | AssetError::RepeatedDate(error) => error,
    }
}
