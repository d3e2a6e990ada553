//! What every input of prices can do. Knows none of them.

use std::fmt;
use std::path::PathBuf;

use super::error::FileError;
use crate::market::columns::Columns;
use crate::market::table::PriceTable;

/// Where the prices of some assets come from.
pub(crate) trait Source: fmt::Debug + Sync {
    /// Reads the rows of an asset into a table, in the place of its own; `None` if there is no such asset. Without success the
    /// table is of no worth.
    ///
    /// # Errors
    /// Why they cannot be used.
    fn read(&self, symbol: &str, columns: Columns, table: &mut PriceTable) -> Option<Result<(), FileError>>;

    /// What to say of an asset that is not there.
    fn missing(&self, symbol: &str) -> FileError;

    /// The file to name where a line of an asset's rows is at fault.
    fn place(&self, symbol: &str) -> PathBuf;

    /// Assets that one thread should take at once: one where text is parsed, for the last one holds up all.
    fn max_len(&self) -> usize;
}
