//! A file with all columns of the price files of some assets, so that a task need not parse text. Never gives anything
//! but what the price files would give, and never stops a backtest: what it cannot give is read from them.
//!
//! 1. [`make`] leaves the file beside the price files, hidden, under a name that follows from the set of assets.
//! 2. [`CachedFolder`]: an asset is taken from it if its price file is the one that was read: by its stamp, or by the hash of
//!    its content where the stamp proves nothing. Any other asset is read from its price file.
//! 3. [`CacheFile`]: such a file may also be given in place of the folder. Then it stands for itself and its defects are
//!    errors.
//!
//! Everything in it has a checksum, for disks and copies go wrong; against malice it protects as little as the price files.

mod format;
mod read;
mod source;
mod stamp;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub(crate) use self::read::Cache;
pub(crate) use self::source::{CacheFile, CachedFolder};
use self::stamp::Stamp;
use crate::market::input::folder::files;
use crate::market::table::PriceTable;

/// The cache of some assets beside the price files of a folder, if there is one that can be read.
pub(crate) fn of_folder(folder: &Path, symbols: &[String]) -> Option<Cache> {
    Cache::open(&folder.join(file_name(symbols))).ok()
}

/// Sees to it that a folder has a valid cache for these assets, for the many tasks that will load them. Slow where there is
/// none, and no matter how many do it at once.
///
/// Gives its path. `None` where none can be: the folder cannot be written, or a price file is missing or wrong, of which
/// reading it tells more. A cache file in place of the folder is its own cache.
pub(crate) fn make(prices: &Path, symbols: &[String]) -> Option<PathBuf> {
    if prices.is_file() {
        return Some(prices.to_owned());
    }
    let path = prices.join(file_name(symbols));
    let is_whole = |cache: Cache| {
        symbols
            .par_iter()
            .map_init(PriceTable::default, |table, symbol| is_proven(&cache, prices, symbol, table))
            .all(|proven| proven == Some(true))
    };
    if !Cache::open(&path).is_ok_and(is_whole) {
        // A superuser could write here all the same, and is not meant to.
        if std::fs::metadata(prices).ok()?.permissions().readonly() {
            return None;
        }
        write::write(prices, symbols, &path).ok()?;
    }
    Some(path)
}

/// The name of the cache of a set of assets. It begins with a dot, so that no listing takes it for prices.
fn file_name(symbols: &[String]) -> String {
    let mut symbols: Vec<&str> = symbols.iter().map(String::as_str).collect();
    symbols.sort_unstable();
    symbols.dedup();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&format::VERSION.to_le_bytes());
    for symbol in symbols {
        hasher.update(&(symbol.len() as u64).to_le_bytes()).update(symbol.as_bytes());
    }
    format!(".{}.prices", &hasher.finalize().to_hex()[..16])
}

/// Whether the cache holds all columns of an asset unharmed, and they need no comparison with the price file's content.
fn is_proven(cache: &Cache, folder: &Path, symbol: &str, table: &mut PriceTable) -> Option<bool> {
    let entry = cache.entries.get(symbol)?;
    let (path, metadata) = files::find(folder, symbol)?;
    cache.read(entry, entry.columns(), table)?;
    Some(entry.settled && entry.stamp == Stamp::of(&metadata) && files::is_packed(&path) == entry.packed)
}
