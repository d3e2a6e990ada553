//! From a folder of prices to a market, asset by asset: read, hashed, put into the market and forgotten, so that the rows of
//! one asset stay in the processor's cache and those of all are never in memory together.

use std::path::Path;

use rayon::prelude::*;

use super::cache::Source;
use super::date::Date;
use super::files::FileError;
use super::fingerprint;
use super::prices::{Adjustment, DuplicateDate, Market};
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

impl From<DuplicateDate> for Stop {
    fn from(duplicate: DuplicateDate) -> Stop {
        Stop::Duplicate(duplicate)
    }
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
    let mut hashes = vec![blake3::Hash::from_bytes([0; 32]); symbols.len()];
    let tables = symbols.par_iter().zip(&mut hashes).enumerate().with_max_len(source.max_len()).map_init(
        Vec::new,
        |buffer, (place, (symbol, hash))| {
            let table = source.table(symbol, columns, buffer).ok_or(Stop::NoFile(place))?;
            let table = table.map_err(Stop::File)?;
            *hash = fingerprint::of_asset(symbol, &table, days.end, buffer);
            Ok(table)
        },
    );
    match Market::of_each(days.first, days.count, adjustment, columns, symbols.to_vec(), tables) {
        Ok(market) => Ok((market, fingerprint::of_assets(&hashes))),
        Err(stops) => Err(first(stops, &source, symbols)),
    }
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
