//! From a source of prices to a market, asset by asset: read, hashed, put into the market and overwritten by the next, so
//! that the rows of one asset stay in the processor's cache and those of all are never in memory together.

use itertools::Itertools;
use rayon::prelude::*;

use super::calendar::Calendar;
use super::columns::Columns;
use super::date::Date;
use super::fingerprint;
use super::input::error::{FileError, FileErrorKind};
use super::input::source::Source;
use super::prices::{Adjustment, BlankAsset, BlankMarket, Market};

/// What ends the reading of one asset.
enum Stop {
    NoFile(usize),
    File(FileError),
    RepeatedDate(FileError),
}

/// The market of some assets and the fingerprint of their prices up to a date, `end` included. `symbols` ascend.
///
/// # Errors
/// The first asset whose file is missing or wrong; if there is none, the first in which a date stands twice.
pub(crate) fn load(
    source: &dyn Source,
    symbols: &[String],
    columns: Columns,
    calendar: Calendar,
    end: Date,
    adjustment: Adjustment,
) -> Result<(Market, blake3::Hash), FileError> {
    let mut blank = BlankMarket::new(calendar, adjustment, columns, symbols.to_vec());
    let assets = blank.assets().into_par_iter().enumerate().with_max_len(source.max_len());
    let read: Vec<_> = assets
        .map_init(Default::default, |(table, bytes), (place, asset): (usize, BlankAsset)| {
            let symbol = asset.symbol;
            let read = source.read(symbol, columns, table).ok_or(Stop::NoFile(place))?;
            read.map_err(Stop::File)?;
            let hash = fingerprint::of_asset(symbol, table, end, bytes);
            let filled = asset.fill(table).map_err(|error| {
                let kind = FileErrorKind::Row(error);
                Stop::RepeatedDate(FileError { path: source.place(symbol), kind })
            })?;
            Ok((filled, hash))
        })
        .collect();
    let (read, stops): (Vec<_>, Vec<_>) = read.into_iter().partition_result();
    if !stops.is_empty() {
        return Err(first(stops, source, symbols));
    }
    let (filled, hashes): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((blank.complete(filled), fingerprint::of_assets(&hashes)))
}

/// The error to tell: that of a file before that of a date, in the order of the assets.
fn first(mut stops: Vec<Stop>, source: &dyn Source, symbols: &[String]) -> FileError {
    let place = stops.iter().position(|stop| !matches!(stop, Stop::RepeatedDate(_))).unwrap_or(0);
    match stops.swap_remove(place) {
        Stop::NoFile(place) => source.missing(&symbols[place]),
        Stop::File(error) | Stop::RepeatedDate(error) => error,
    }
}
