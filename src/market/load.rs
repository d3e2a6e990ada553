//! From a folder of prices to a market, asset by asset: read, hashed, put into the market and overwritten by the next, so
//! that the rows of one asset stay in the processor's cache and those of all are never in memory together.

use std::path::Path;

use itertools::Itertools;
use rayon::prelude::*;

use super::cache::Source;
use super::date::Date;
use super::files::FileError;
use super::fingerprint;
use super::prices::{Adjustment, BlankAsset, BlankMarket, DuplicateDate, Market};
use super::table::Columns;

/// The days of a market.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The first, a weekday.
    pub first: Date,
    /// Number of weekdays.
    pub count: usize,
    /// The last date that the fingerprint covers.
    pub end: Date,
}

/// Why there is no market.
#[derive(Debug)]
pub enum LoadError {
    /// A price file is missing or wrong.
    File(FileError),
    /// A date stands twice in one.
    Duplicate(DuplicateDate),
}

/// What ends the reading of one asset.
enum Stop {
    NoFile(usize),
    File(FileError),
    Duplicate(DuplicateDate),
}

/// The market of some assets and the fingerprint of their prices. `symbols` ascend.
///
/// # Errors
/// The first asset whose file is missing or wrong; if there is none, the first in which a date stands twice.
pub fn load(
    prices: &Path,
    symbols: &[String],
    columns: Columns,
    days: Days,
    adjustment: Adjustment,
) -> Result<(Market, blake3::Hash), LoadError> {
    let source = Source::open(prices, symbols).map_err(LoadError::File)?;
    let mut blank = BlankMarket::new(days.first, days.count, adjustment, columns, symbols.to_vec());
    let assets = blank.assets().into_par_iter().enumerate().with_max_len(source.max_len());
    let read: Vec<_> = assets
        .map_init(Default::default, |(table, bytes), (place, asset): (usize, BlankAsset)| {
            let read = source.read(asset.symbol, columns, table).ok_or(Stop::NoFile(place))?;
            read.map_err(Stop::File)?;
            let hash = fingerprint::of_asset(asset.symbol, table, days.end, bytes);
            Ok((asset.fill(table).map_err(Stop::Duplicate)?, hash))
        })
        .collect();
    let (read, stops): (Vec<_>, Vec<_>) = read.into_iter().partition_result();
    if !stops.is_empty() {
        return Err(first(stops, &source, symbols));
    }
    let (filled, hashes): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((blank.complete(filled), fingerprint::of_assets(&hashes)))
}

/// The error to tell: that of a file before that of a date, in the order of the assets.
fn first(mut stops: Vec<Stop>, source: &Source, symbols: &[String]) -> LoadError {
    let place = stops.iter().position(|stop| !matches!(stop, Stop::Duplicate(_))).unwrap_or(0);
    match stops.swap_remove(place) {
        Stop::NoFile(place) => LoadError::File(source.missing(&symbols[place])),
        Stop::File(error) => LoadError::File(error),
        Stop::Duplicate(duplicate) => LoadError::Duplicate(duplicate),
    }
}
