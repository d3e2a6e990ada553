//! The inputs of prices. [`open`] turns a path into a [`Source`]; whoever loads prices uses that alone and does not know how
//! they are stored.
//!
//! A new input is a folder here with an implementation of [`Source`], and a line in [`open`].

pub(crate) mod cache;
pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod source;

use std::path::Path;

use self::cache::{CacheFile, CachedFolder};
use self::error::FileError;
use self::folder::Folder;
use self::source::Source;

/// The source of the prices of some assets at a path: a folder of price files, with the cache of exactly these assets if there
/// is one, or a cache file alone. A folder that does not exist is no error here; every asset is missing from it.
///
/// # Errors
/// The path is a file that is not a cache, or is a cache that is damaged, of another version or unreadable.
pub(crate) fn open(prices: &Path, symbols: &[String]) -> Result<Box<dyn Source>, FileError> {
    if prices.is_file() {
        return Ok(Box::new(CacheFile::open(prices)?));
    }
    let folder = Folder::new(prices);
    Ok(match cache::open_beside(prices, symbols) {
        Some(cache) => Box::new(CachedFolder::new(folder, cache)),
        None => Box::new(folder),
    })
}
