//! Loads a market from a source of prices. Decides nothing about the prices.
//!
//! Each thread takes one asset after the other: it reads the rows into one table that it reuses, hashes them and puts them into
//! the market. So the rows of an asset stay in the processor's cache, and the rows of all assets are never in memory together.
//! Where only the bars tell which dates are days, their dates are read before: alone if the source has them apart, else with
//! all rows, which are kept, as parsing a text again would take as long as the first time.

use std::collections::HashSet;
use std::ops::Range;

use itertools::Itertools;
use rayon::prelude::*;

use super::bar_dates::BarDates;
use super::calendar::Calendar;
use super::columns::Columns;
use super::date::Date;
use super::fingerprint;
use super::input::error::{FileError, FileErrorKind};
use super::input::source::Source;
use super::jobs::least_assets;
use super::prices::{BlankAsset, BlankMarket, Filled, Market, PriceAdjustment, make_ready};
use super::table::PriceTable;

/// Why an asset cannot be loaded.
enum AssetError {
    /// The source has no asset with the symbol at this index.
    Missing(usize),
    File(FileError),
    RepeatedDate(FileError),
}

/// What is read of the prices, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// Where they are.
    pub source: &'a dyn Source,
    /// The symbols of the assets, which ascend.
    pub symbols: &'a [String],
    /// The columns to read.
    pub columns: Columns,
    /// How rows become prices.
    pub adjustment: PriceAdjustment,
    /// The last date that a backtest knows, and that the fingerprint covers.
    pub end: Date,
    /// Whether the market knows on which days an asset has a bar of its own.
    pub keeps_bar_days: bool,
}

/// Assets whose bars are known before the calendar is.
#[derive(Debug)]
pub(crate) struct Listed<'a> {
    reading: Reading<'a>,
    bars: Vec<Bars>,
}

/// What was read of an asset.
#[derive(Debug)]
enum Bars {
    /// The date of every row, each of which is a bar.
    Dates(Vec<Date>),
    /// All rows, ready to fill a market, and their hash.
    Rows(PriceTable, blake3::Hash),
}

/// Loads the market over the days of a calendar, and the fingerprint of its prices.
///
/// # Errors
/// The first asset whose file is missing or cannot be read; if all can be read, the first whose file has a date in two rows.
pub(crate) fn load(reading: &Reading, calendar: Calendar) -> Result<(Market, blake3::Hash), FileError> {
    let mut blank = reading.blank(calendar);
    let filled = side_by_side(reading.source, blank.assets())
        .map_init(Default::default, |(table, bytes), (index, asset): (usize, BlankAsset)| {
            let hash = reading.read(index, table, bytes)?;
            Ok((asset.fill(table), hash))
        })
        .collect();
    reading.complete(blank, filled)
}

impl<'a> Reading<'a> {
    /// Reads the dates of all bars, for a calendar that only they tell.
    ///
    /// # Errors
    /// Those of [`load`] that show without the prices.
    pub(crate) fn list(self) -> Result<Listed<'a>, FileError> {
        let read = side_by_side(self.source, self.symbols.to_vec())
            .map_init(Default::default, |(table, bytes): &mut (PriceTable, Vec<u8>), (index, symbol)| {
                if self.source.bar_dates(&symbol, &mut table.dates).is_some() {
                    return Ok(Bars::Dates(std::mem::take(&mut table.dates)));
                }
                let mut table = PriceTable::default();
                let hash = self.read(index, &mut table, bytes)?;
                Ok(Bars::Rows(table, hash))
            })
            .collect();
        Ok(Listed { reading: self, bars: self.all(read)? })
    }

    fn blank(&self, calendar: Calendar) -> BlankMarket {
        BlankMarket::new(calendar, self.end, self.columns, self.symbols.to_vec(), self.keeps_bar_days)
    }

    /// Reads an asset into a table, whose rows they replace, and makes it ready. Returns the hash of the rows.
    fn read(
        &self,
        index: usize,
        table: &mut PriceTable,
        bytes: &mut Vec<u8>,
    ) -> Result<blake3::Hash, AssetError> {
        let symbol = &self.symbols[index];
        let read = self.source.read(symbol, self.columns, table).ok_or(AssetError::Missing(index))?;
        read.map_err(AssetError::File)?;
        let hash = fingerprint::hash_asset(symbol, table, self.end, bytes);
        make_ready(table, self.adjustment).map_err(|error| {
            let kind = FileErrorKind::Row(error);
            AssetError::RepeatedDate(FileError { path: self.source.location(symbol), kind })
        })?;
        Ok(hash)
    }

    /// What was read of each asset.
    fn all<T>(&self, read: Vec<Result<T, AssetError>>) -> Result<Vec<T>, FileError> {
        let (read, errors): (Vec<_>, Vec<_>) = read.into_iter().partition_result();
        if errors.is_empty() { Ok(read) } else { Err(first(errors, self.source, self.symbols)) }
    }

    /// The market of filled assets, and the fingerprint of its prices.
    fn complete(
        &self,
        blank: BlankMarket,
        filled: Vec<Result<(Filled, blake3::Hash), AssetError>>,
    ) -> Result<(Market, blake3::Hash), FileError> {
        let (filled, hashes): (_, Vec<_>) = self.all(filled)?.into_iter().unzip();
        Ok((blank.complete(filled), fingerprint::combine(&hashes)))
    }
}

impl Listed<'_> {
    /// The dates of a range on which one of these assets has a bar, ascending.
    pub(crate) fn dates(&self, assets: &HashSet<&String>, range: Range<Date>) -> Vec<Date> {
        let mut dates = BarDates::new(range);
        let bars = self.reading.symbols.iter().zip(&self.bars);
        for (_, bars) in bars.filter(|(symbol, _)| assets.contains(symbol)) {
            match bars {
                Bars::Dates(bars) => dates.add(bars),
                Bars::Rows(table, _) => dates.add_rows(table),
            }
        }
        dates.ascending()
    }

    /// The market over the days of a calendar, and the fingerprint of its prices.
    ///
    /// # Errors
    /// Those of [`load`].
    pub(crate) fn market(self, calendar: Calendar) -> Result<(Market, blake3::Hash), FileError> {
        let Listed { reading, bars } = self;
        let mut blank = reading.blank(calendar);
        let filled = side_by_side(reading.source, blank.assets())
            .map_init(Default::default, |(table, bytes), (index, asset): (usize, BlankAsset)| {
                Ok(match &bars[index] {
                    Bars::Rows(table, hash) => (asset.fill(table), *hash),
                    Bars::Dates(_) => {
                        let hash = reading.read(index, table, bytes)?;
                        (asset.fill(table), hash)
                    }
                })
            })
            .collect();
        reading.complete(blank, filled)
    }
}

/// Items, one for each asset, as a parallel job gives them to its threads, with their indices.
fn side_by_side<T: Send>(
    source: &dyn Source,
    items: Vec<T>,
) -> impl IndexedParallelIterator<Item = (usize, T)> {
    let items = items.into_par_iter().enumerate();
    items.with_max_len(source.max_len()).with_min_len(least_assets())
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
