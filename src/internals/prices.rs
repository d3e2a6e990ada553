//! Reading prices, to be timed.

use std::path::Path;

use rayon::prelude::*;

use crate::market::columns::{Column, Columns};
use crate::market::input::folder::Folder;
use crate::market::input::source::Source;
use crate::market::table::PriceTable;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;

/// Reads the price files of a folder side by side, adjusted closes too.
pub fn read(folder: &Path, symbols: &[String]) {
    let folder = Folder::new(folder);
    let columns = Columns::default().with(Column::AdjustedClose);
    let read = |table: &mut PriceTable, symbol: &String| {
        folder.read(symbol, columns, table).expect("a file").expect("prices")
    };
    symbols.par_iter().with_max_len(1).for_each_init(PriceTable::default, read);
}

/// Prepares a strategy.
///
/// # Errors
/// Prices that are missing or wrong.
pub fn prepare(strategy: &Strategy) -> Result<(), BacktestError> {
    crate::strategy::prepare::prepare(strategy).map(drop)
}
