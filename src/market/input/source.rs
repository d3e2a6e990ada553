//! What every input of prices can do. Knows no particular input.

use std::fmt;
use std::path::PathBuf;

use super::error::FileError;
use crate::market::columns::Columns;
use crate::market::date::Date;
use crate::market::table::PriceTable;

/// An input that has the prices of some assets.
pub(crate) trait Source: fmt::Debug + Sync {
    /// Reads the rows of an asset into a table, whose rows they replace. `None` if there is no such asset. Unless the result is
    /// `Some(Ok(()))`, the content of the table is meaningless.
    ///
    /// # Errors
    /// The file of the asset cannot be read, or a row of it is wrong.
    fn read(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<Result<(), FileError>>;

    /// The dates of the rows of an asset in the order of its file, if that is faster than to read its rows and if each of
    /// them has every price. They replace the content of `dates`; after `None` that is meaningless.
    fn bar_dates(&self, symbol: &str, dates: &mut Vec<Date>) -> Option<()>;

    /// The error about an asset that the source does not have.
    fn missing(&self, symbol: &str) -> FileError;

    /// The path to name in a message about a row of an asset.
    fn location(&self, symbol: &str) -> PathBuf;

    /// The largest number of assets that one thread should take at a time: 1 if text is parsed, which takes so long that all
    /// threads would wait for the one with the last batch.
    fn max_len(&self) -> usize;
}
