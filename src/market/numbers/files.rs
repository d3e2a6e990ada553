//! Reads the files and folders of columns, each once, whatever the number of its columns and of those who ask.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use itertools::Itertools;
use rayon::prelude::*;

use super::cache;
use super::declaration::{Declaration, Layout};
use super::read;
use super::rows::{ColumnRows, Rows};
use crate::market::input::error::{FileError, FileErrorKind, RowError};
use crate::market::input::folder::files::{path_of, read_bytes};
use crate::market::jobs::least_assets;

/// Files of numbers, which are kept once they have been read if several ask for them.
#[derive(Debug, Default)]
pub(crate) struct NumberFiles {
    /// What was read; `None` if nothing is kept.
    kept: Option<Mutex<Vec<Kept>>>,
}

/// Rows that were read, and what was asked for.
#[derive(Debug)]
struct Kept {
    path_key: &'static str,
    path: PathBuf,
    header: Option<String>,
    symbols: Vec<String>,
    rows: Arc<ColumnRows>,
}

impl NumberFiles {
    /// Files that are kept once they have been read.
    pub(crate) fn kept() -> NumberFiles {
        NumberFiles { kept: Some(Mutex::default()) }
    }

    /// The rows of some columns that stand in the same file or folder.
    ///
    /// # Errors
    /// The file or folder does not exist or cannot be read, or a row of it is wrong.
    pub(crate) fn rows(
        &self,
        columns: &[&Declaration],
        symbols: &[String],
    ) -> Result<Vec<Arc<ColumnRows>>, FileError> {
        let known: Vec<_> = columns.iter().map(|column| self.find(column, symbols)).collect();
        if let Some(known) = known.into_iter().collect() {
            return Ok(known);
        }
        let cached: Option<Vec<ColumnRows>> =
            columns.iter().map(|column| cache::read(column, symbols)).collect();
        let read = cached.map_or_else(|| read_files(columns, symbols), Ok)?;
        let read: Vec<Arc<ColumnRows>> = read.into_iter().map(Arc::new).collect();
        if let Some(kept) = &self.kept {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(columns.iter().zip(&read).map(|(column, rows)| Kept {
                path_key: column.path_key(),
                path: column.path.clone(),
                header: column.header().map(str::to_owned),
                symbols: symbols.to_vec(),
                rows: Arc::clone(rows),
            }));
        }
        Ok(read)
    }

    /// The rows of a column, if they have been read and kept.
    fn find(&self, column: &Declaration, symbols: &[String]) -> Option<Arc<ColumnRows>> {
        let kept = self.kept.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |kept: &&Kept| {
            let of_column = (column.path_key(), &column.path, column.header());
            (kept.path_key, &kept.path, kept.header.as_deref()) == of_column && kept.symbols == symbols
        };
        kept.iter().find(is_same).map(|kept| Arc::clone(&kept.rows))
    }
}

/// Leaves caches of the columns that are used to those who read them next. Slow where there are none. Where none can be made
/// everything is the same, only slower.
pub(crate) fn make_caches(declarations: &[Declaration], is_used: impl Fn(usize) -> bool, symbols: &[String]) {
    for together in by_place(declarations, is_used) {
        let columns: Vec<&Declaration> = together.into_iter().map(|index| &declarations[index]).collect();
        let _ = cache::make(&columns, symbols, || read_files(&columns, symbols).ok());
    }
}

/// The columns that are used, by their indices: those that stand in the same file or folder together.
pub(super) fn by_place(declarations: &[Declaration], is_used: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let place = |index: usize| (declarations[index].path_key(), &declarations[index].path);
    let mut rest: Vec<usize> = (0..declarations.len()).filter(|&index| is_used(index)).collect();
    let mut places = Vec::new();
    while let Some(&first) = rest.first() {
        let (together, others) = rest.iter().partition(|&&index| place(index) == place(first));
        places.push(together);
        rest = others;
    }
    places
}

/// Reads the file or folder that some columns share, and gives the rows of each.
fn read_files(columns: &[&Declaration], symbols: &[String]) -> Result<Vec<ColumnRows>, FileError> {
    let Some(first) = columns.first() else { return Ok(Vec::new()) };
    let path = &first.path;
    let names: Vec<&str> = columns.iter().filter_map(|column| column.header()).collect();
    let is_folder = matches!(first.layout, Layout::Folder { .. });
    if if is_folder { !path.is_dir() } else { !path.exists() } {
        let key = format!("data.columns.{}.{}", first.name, first.path_key());
        return Err(FileError { path: path.clone(), kind: FileErrorKind::NoNumbers { key } });
    }
    match first.layout {
        Layout::Folder { .. } => folder(path, &names, symbols),
        Layout::Long { .. } => parsed(path, |bytes| read::long(bytes, &names, symbols)),
        // Columns without a name of their own are all the same.
        Layout::Wide => Ok(vec![parsed(path, |bytes| read::wide(bytes, symbols))?; columns.len()]),
        Layout::Dates => {
            let read = parsed(path, |bytes| read::long(bytes, &[], symbols))?;
            Ok(read.into_iter().cycle().take(columns.len()).collect())
        }
    }
}

/// The symbols of the assets in the file of a column, for messages: none where the rows are not of assets, where each asset has
/// a file, and where the file cannot be read.
pub(super) fn symbols(column: &Declaration) -> Vec<String> {
    let is_wide = matches!(column.layout, Layout::Wide);
    match column.layout {
        Layout::Folder { .. } => Vec::new(),
        _ => read_bytes(&column.path)
            .map_or_else(|_| Vec::new(), |bytes| read::symbols(&bytes, is_wide).into_iter().collect()),
    }
}

/// Reads a folder with a file an asset. An asset without a file has no row.
fn folder(path: &Path, names: &[&str], symbols: &[String]) -> Result<Vec<ColumnRows>, FileError> {
    let of_asset = |symbol: &String| match path_of(path, symbol) {
        Some(file) => parsed(&file, |bytes| read::series(bytes, names)),
        None => Ok(vec![Rows::default(); names.len()]),
    };
    let read: Vec<Result<Vec<Rows>, FileError>> =
        symbols.par_iter().with_min_len(least_assets()).map(of_asset).collect();
    let mut read: Vec<Vec<Rows>> = read.into_iter().try_collect()?;
    let column = |column: usize| {
        ColumnRows::ByAsset(read.iter_mut().map(|rows| std::mem::take(&mut rows[column])).collect())
    };
    Ok((0..names.len()).map(column).collect())
}

/// What a function reads from the bytes of a file.
fn parsed<T>(path: &Path, read: impl Fn(&[u8]) -> Result<T, RowError>) -> Result<T, FileError> {
    let bytes = read_bytes(path)?;
    read(&bytes).map_err(|error| FileError { path: path.to_owned(), kind: FileErrorKind::Row(error) })
}
