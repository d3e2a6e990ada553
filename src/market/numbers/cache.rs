//! The cache of numbers: for each column a hidden file beside its file, or in its folder, with the rows as numbers, so that
//! tasks need not parse text. It never gives other rows than the text, and is never the reason for an error.
//!
//! It counts only while every file that was read has the stamp that it had then, and none is there that was not. A file that
//! changed within the last seconds has a stamp that proves nothing; nothing is cached then.

use std::fs::{self, Metadata};
use std::io::Write;
use std::path::{Path, PathBuf};

use itertools::Itertools;

use super::declaration::{Declaration, Layout};
use super::rows::{ColumnRows, Rows};
use crate::market::date::Date;
use crate::market::input::cache::bytes::Bytes;
use crate::market::input::cache::hidden;
use crate::market::input::cache::stamp::{FileClock, Stamp};
use crate::market::input::folder::files;

/// The first bytes of a cache of any version.
const MAGIC: [u8; 8] = *b"\x89numbers";
/// Version of the format. It must be raised when the layout of the bytes changes, or when the same text gives other rows.
const VERSION: u64 = 1;
/// What stands before the rows of all assets alike.
const SHARED: u8 = 0;
/// What stands before rows by asset.
const BY_ASSET: u8 = 1;

/// The rows of a column for some assets, if there is a cache of them that counts.
pub(crate) fn read(column: &Declaration, symbols: &[String]) -> Option<ColumnRows> {
    let bytes = fs::read(path_of_cache(column, symbols)).ok()?;
    let stamps = stamps(&sources(column, symbols));
    decode(&bytes, &identity(column, symbols), &stamps, symbols.len())
}

/// Makes the caches of columns that stand in the same file or folder, unless all are there. `rows` reads them from text.
///
/// `None` if there are none afterwards: the folder cannot be written, a file changed a moment ago, or its text is wrong, which
/// is reported when it is used.
pub(crate) fn make(
    columns: &[&Declaration],
    symbols: &[String],
    rows: impl FnOnce() -> Option<Vec<ColumnRows>>,
) -> Option<()> {
    make_at(columns, symbols, FileClock::new, rows)
}

/// The same by a clock that is read from the metadata of a new file.
pub(crate) fn make_at(
    columns: &[&Declaration],
    symbols: &[String],
    clock: impl FnOnce(&Metadata) -> FileClock,
    rows: impl FnOnce() -> Option<Vec<ColumnRows>>,
) -> Option<()> {
    if columns.iter().all(|column| read(column, symbols).is_some()) {
        return Some(());
    }
    let first = columns.first()?;
    let folder = folder_of_cache(first);
    if !hidden::is_open_to(folder) {
        return None;
    }
    let clock = clock(&hidden::create(folder).ok()?.as_file().metadata().ok()?);
    // The stamps are taken before the text is read: a change after that is seen.
    let sources = sources(first, symbols);
    if !sources.iter().flatten().all(|file| clock.is_settled(file)) {
        return None;
    }
    let stamps = stamps(&sources);
    for (column, rows) in columns.iter().zip(rows()?) {
        let mut file = hidden::create(folder).ok()?;
        file.write_all(&encode(&identity(column, symbols), &stamps, &rows)).ok()?;
        hidden::finish(file, &path_of_cache(column, symbols)).ok()?;
    }
    Some(())
}

/// The folder in which the cache of a column lies.
fn folder_of_cache(column: &Declaration) -> &Path {
    if matches!(column.layout, Layout::Folder { .. }) {
        return &column.path;
    }
    column.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn path_of_cache(column: &Declaration, symbols: &[String]) -> PathBuf {
    folder_of_cache(column).join(format!(".{}.numbers", &identity(column, symbols).to_hex()[..16]))
}

/// What distinguishes the rows of a column for some assets from all others in its folder.
fn identity(column: &Declaration, symbols: &[String]) -> blake3::Hash {
    let name = column.path.file_name().unwrap_or_default();
    let parts =
        [column.path_key().as_bytes(), name.as_encoded_bytes(), column.header().unwrap_or("").as_bytes()];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_le_bytes());
    for part in parts.into_iter().chain(symbols.iter().map(String::as_bytes)) {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    hasher.finalize()
}

/// The files that a column is read from, as they are now; `None` for an asset without one.
fn sources(column: &Declaration, symbols: &[String]) -> Vec<Option<Metadata>> {
    match column.layout {
        Layout::Folder { .. } => {
            let of_asset = |symbol: &String| files::find(&column.path, symbol).map(|(_, metadata)| metadata);
            symbols.iter().map(of_asset).collect()
        }
        _ => vec![fs::metadata(&column.path).ok()],
    }
}

/// The bytes of the stamps of files.
fn stamps(sources: &[Option<Metadata>]) -> Vec<u8> {
    let stamp = |file: &Option<Metadata>| file.as_ref().map_or([0; 24], |file| Stamp::new(file).bytes());
    sources.iter().flat_map(stamp).collect()
}

/// The bytes of a cache: head, hash of all that follows, identity, stamps, rows.
fn encode(identity: &blake3::Hash, stamps: &[u8], rows: &ColumnRows) -> Vec<u8> {
    let (kind, series) = match rows {
        ColumnRows::Shared(rows) => (SHARED, std::slice::from_ref(rows)),
        ColumnRows::ByAsset(series) => (BY_ASSET, &series[..]),
    };
    let mut body = [identity.as_bytes(), stamps, &[kind]].concat();
    for rows in series {
        body.extend((rows.dates.len() as u64).to_le_bytes());
        body.push(u8::from(!rows.values.is_empty()));
        body.extend(rows.dates.iter().flat_map(|date| date.0.to_le_bytes()));
        body.extend(rows.values.iter().flat_map(|value| value.to_le_bytes()));
    }
    [&MAGIC[..], &VERSION.to_le_bytes(), blake3::hash(&body).as_bytes(), &body].concat()
}

/// The rows for this number of assets. `None` if the bytes are not those of a cache with this identity and these stamps.
fn decode(bytes: &[u8], identity: &blake3::Hash, stamps: &[u8], assets: usize) -> Option<ColumnRows> {
    let mut rest = Bytes(bytes);
    if (rest.array()?, rest.u64()?) != (MAGIC, VERSION) {
        return None;
    }
    let hash: [u8; 32] = rest.array()?;
    let is_of_these = rest.0.strip_prefix(identity.as_bytes()).is_some_and(|rest| rest.starts_with(stamps));
    if !is_of_these || blake3::hash(rest.0) != hash {
        return None;
    }
    rest.take(identity.as_bytes().len() + stamps.len())?;
    let rows = match rest.array()? {
        [SHARED] => ColumnRows::Shared(decode_rows(&mut rest)?),
        [BY_ASSET] => {
            ColumnRows::ByAsset((0..assets).map(|_| decode_rows(&mut rest)).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    rest.0.is_empty().then_some(rows)
}

/// The rows of one series; `None` if they are not rows.
fn decode_rows(rest: &mut Bytes) -> Option<Rows> {
    let count = usize::try_from(rest.u64()?).ok()?;
    let [has_values] = rest.array()?;
    let dates = rest.take(count.checked_mul(4)?)?.as_chunks().0;
    let dates: Vec<Date> = dates.iter().map(|bytes| Date(i32::from_le_bytes(*bytes))).collect();
    let (first, last) = (Date::from_ymd(1, 1, 1)?, Date::from_ymd(9999, 12, 31)?);
    let are_dates = dates.iter().all(|date| (first..=last).contains(date));
    let values = if has_values == 0 { 0 } else { count };
    let values = rest.take(values.checked_mul(8)?)?.as_chunks().0;
    let values: Vec<f64> = values.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let is_whole = are_dates
        && dates.iter().tuple_windows().all(|(date, next)| date < next)
        && values.iter().all(|value| value.is_finite());
    is_whole.then_some(Rows { dates, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_those_of_the_cache_are_refused() {
        let identity = blake3::hash(b"these");
        let rows = |days: &[i32], values: &[f64]| Rows {
            dates: days.iter().map(|day| Date(*day)).collect(),
            values: values.to_vec(),
        };
        let series = [rows(&[3, 5], &[-1.5, 0.0]), Rows::default(), rows(&[7], &[1e300])];
        for kept in [
            ColumnRows::ByAsset(series.to_vec()),
            ColumnRows::Shared(series[0].clone()),
            ColumnRows::Shared(rows(&[3, 4], &[])),
        ] {
            let bytes = encode(&identity, &[1, 2, 3], &kept);
            let read = |bytes: &[u8]| decode(bytes, &identity, &[1, 2, 3], 3);
            assert_eq!(read(&bytes), Some(kept.clone()));
            assert_eq!(decode(&bytes, &identity, &[1, 2, 4], 3), None, "other files");
            assert_eq!(decode(&bytes, &blake3::hash(b"those"), &[1, 2, 3], 3), None, "another column");
            for place in 0..bytes.len() {
                let mut damaged = bytes.clone();
                damaged[place] ^= 1 << (place % 8);
                assert_eq!(read(&damaged), None, "byte {place}");
                assert_eq!(read(&bytes[..place]), None, "the first {place} bytes");
            }
            assert_eq!(read(&[&bytes[..], &[0]].concat()), None, "a byte too many");
        }
        // What a hash cannot see: bytes that were written wrong.
        for wrong in [rows(&[5, 3], &[1.0, 2.0]), rows(&[5], &[f64::NAN]), rows(&[i32::MAX], &[1.0])] {
            let bytes = encode(&identity, &[], &ColumnRows::Shared(wrong));
            assert_eq!(decode(&bytes, &identity, &[], 3), None);
        }
        let two = encode(&identity, &[], &ColumnRows::ByAsset(series[..2].to_vec()));
        assert_eq!(decode(&two, &identity, &[], 3), None, "an asset is missing");
    }
}
