//! The cache of prices: a file with all columns of the price files of some assets, so that tasks need not parse text. It never
//! gives other values than the price files, and never makes a backtest fail: what it lacks is read from the price files.
//!
//! 1. [`make`] writes the file into the folder of the price files, hidden, under a name that follows from the set of assets.
//! 2. [`CachedFolder`] takes an asset from the cache if its price file has not changed since: its stamp is the same, or, if the
//!    stamp proves nothing, the hash of its content. Any other asset is read from its price file.
//! 3. [`CacheFile`]: a cache may also be given in place of the folder. Then there are no price files to fall back on, and what
//!    is wrong with the cache is an error.
//!
//! Every column has a checksum, because disks and copies fail. A cache is as little protected against malice as price files
//! are.

pub(crate) mod bytes;
mod format;
pub(crate) mod hidden;
mod read;
mod source;
pub(crate) mod stamp;
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

/// Opens the cache of exactly these assets that is in the folder of their price files. `None` if there is none that can be
/// read.
pub(crate) fn open_beside(folder: &Path, symbols: &[String]) -> Option<Cache> {
    Cache::open(&folder.join(file_name(symbols))).ok()
}

/// Makes a cache for these assets unless the folder has a valid one, for the many tasks that will load them. Slow if there is
/// no valid one. Several processes may do it at the same time.
///
/// Returns the path of the cache. `None` if the folder cannot be written, or if a price file is missing or wrong, which is
/// reported when the prices are loaded. If `prices` is a cache file, it is returned.
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
        if !hidden::is_open_to(prices) {
            return None;
        }
        write::write(prices, symbols, &path).ok()?;
    }
    Some(path)
}

/// The name of the cache of a set of assets. It begins with a dot, so that it is not listed among the price files.
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

/// Whether the columns of an asset in the cache are undamaged and its stamp proves that its price file has not changed. `None`
/// if asset or price file is missing, or a column is damaged.
fn is_proven(cache: &Cache, folder: &Path, symbol: &str, table: &mut PriceTable) -> Option<bool> {
    let entry = cache.entries.get(symbol)?;
    let (path, metadata) = files::find(folder, symbol)?;
    cache.read(entry, entry.columns(), table)?;
    Some(entry.settled && entry.stamp == Stamp::new(&metadata) && files::is_packed(&path) == entry.packed)
}
