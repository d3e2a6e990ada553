//! Loads columns of numbers over the days of a market.

use std::sync::Arc;

use itertools::Itertools;
use rayon::prelude::*;

use super::as_of::{count_in_sight, last_known, sessions_to_next};
use super::declaration::{Declaration, Timing};
use super::file_column::FileColumn;
use super::files::{self, NumberFiles, by_place};
use super::rows::{ColumnRows, Rows};
use crate::market::calendar::Calendar;
use crate::market::date::Date;
use crate::market::fingerprint;
use crate::market::input::error::{FileError, FileErrorKind};
use crate::market::jobs::least_assets;

/// For whom and when numbers are loaded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The symbols of the assets, which ascend.
    pub symbols: &'a [String],
    /// The days.
    pub calendar: &'a Calendar,
    /// The last date that a backtest knows, and that the hash covers. Dates known in advance may come later.
    pub end: Date,
}

/// A column that is loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its values.
    pub column: FileColumn,
    /// The hash of its name and rows.
    pub hash: blake3::Hash,
    /// The assets without a row, by their indices.
    pub without: Vec<usize>,
}

/// Loads columns; one that is not used is `None`, and its files are not read.
///
/// # Errors
/// Of the first column that has one: its file or folder does not exist or cannot be read, a row of it is wrong, or it has no
/// row of any of the assets.
pub(crate) fn load(
    declarations: &[Declaration],
    is_used: impl Fn(usize) -> bool,
    files: &NumberFiles,
    wanted: Wanted,
) -> Result<Vec<Option<Loaded>>, FileError> {
    let mut loaded: Vec<Option<Loaded>> = declarations.iter().map(|_| None).collect();
    for together in by_place(declarations, is_used) {
        let columns: Vec<&Declaration> = together.iter().map(|&index| &declarations[index]).collect();
        let rows = files.rows(&columns, wanted.symbols)?;
        for ((index, column), rows) in together.into_iter().zip(columns).zip(rows) {
            loaded[index] = Some(complete(column, Arc::unwrap_or_clone(rows), wanted)?);
        }
    }
    Ok(loaded)
}

/// The values, the hash and the assets without a row.
fn complete(declaration: &Declaration, rows: ColumnRows, wanted: Wanted) -> Result<Loaded, FileError> {
    let Wanted { symbols, calendar, end } = wanted;
    let Declaration { name, timing, .. } = declaration;
    let known = |mut rows: Rows| match timing {
        Timing::After { .. } => rows.until(end),
        Timing::Ahead { known } => {
            rows.dates.truncate(count_in_sight(calendar, &rows.dates, *known));
            rows
        }
    };
    let values = |rows: &Rows| match *timing {
        Timing::After { lag, max_age } => last_known(calendar, rows, lag, max_age),
        Timing::Ahead { known } => sessions_to_next(calendar, &rows.dates, known),
    };
    let missing = |symbols: &[String]| FileError {
        path: declaration.path.clone(),
        kind: FileErrorKind::NoRowOf {
            what: declaration.noun(),
            column: name.clone(),
            end,
            symbols: symbols.into(),
            found: files::symbols(declaration).into(),
        },
    };
    match rows {
        ColumnRows::Shared(rows) => {
            let rows = known(rows);
            if rows.is_empty() {
                return Err(missing(&[]));
            }
            let column = FileColumn::shared(values(&rows), timing.is_known_at_open());
            let hash = fingerprint::hash_numbers(name, &[(None, &rows)]);
            Ok(Loaded { column, hash, without: Vec::new() })
        }
        ColumnRows::ByAsset(rows) => {
            let rows: Vec<Rows> = rows.into_iter().map(known).collect();
            let without: Vec<usize> = rows.iter().positions(Rows::is_empty).collect();
            if without.len() == rows.len() {
                return Err(missing(symbols));
            }
            let of_asset = |rows: &Rows| (!rows.is_empty()).then(|| values(rows));
            let by_asset = rows.par_iter().with_min_len(least_assets()).map(of_asset).collect();
            let column = FileColumn::by_asset(by_asset, calendar.days(), timing.is_known_at_open());
            let present = symbols.iter().zip(&rows).filter(|(_, rows)| !rows.is_empty());
            let present: Vec<_> = present.map(|(symbol, rows)| (Some(symbol.as_str()), rows)).collect();
            Ok(Loaded { column, hash: fingerprint::hash_numbers(name, &present), without })
        }
    }
}
