//! Prices come in by this door, whatever they are kept in: [`open`] finds the source that a path names. Who loads prices
//! asks the [`Source`] alone.
//!
//! A new input is a folder beside these with one implementation of [`Source`], and a line in [`open`].

pub(crate) mod cache;
pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod source;

use std::path::Path;

use self::cache::{CacheFile, CachedFolder};
use self::error::FileError;
use self::folder::Folder;
use self::source::Source;

/// The source at a path for some assets: a folder of price files, with the cache of these assets where there is one, or a
/// cache file alone. That a folder does not exist shows when an asset is missing from it.
///
/// # Errors
/// It is a file that is no cache or cannot be used.
pub(crate) fn open(prices: &Path, symbols: &[String]) -> Result<Box<dyn Source>, FileError> {
    if prices.is_file() {
        return Ok(Box::new(CacheFile::open(prices)?));
    }
    let folder = Folder::new(prices);
    Ok(match cache::of_folder(prices, symbols) {
        Some(cache) => Box::new(CachedFolder::new(folder, cache)),
        None => Box::new(folder),
    })
}
