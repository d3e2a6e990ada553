//! A shard: the rows of a range of points in one file, and sums of their returns in another that vouches for both. Written
//! whole or not at all.
//!
//! The second file holds, little-endian: a hash of both and of their name (keyed by the seal of the sweep), the number of
//! blocks as 8 bytes, then for each row the sums of its returns over each block and the sums of their squares, as doubles.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::SweepError;

const TABLE: &str = "csv";
const BLOCKS: &str = "blocks";
/// How temporary names end.
const TEMPORARY: &str = ".tmp";
const HASH_BYTES: usize = 32;
/// Sums turned into bytes at a time.
const SUMS_AT_A_TIME: usize = 4096;

/// The range of points that a shard holds: all that exist from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ShardName {
    /// Its first point.
    pub first: u64,
    /// Its last point.
    pub last: u64,
}

/// The content of a shard.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shard {
    /// Header and rows as CSV.
    pub table: String,
    /// Number of blocks of returns.
    pub blocks: usize,
    /// For each row the sums of its returns over each block, then the sums of their squares.
    pub sums: Vec<f64>,
}

impl Shard {
    /// Takes all rows out; their memory is kept for the next.
    pub(crate) fn clear(&mut self) {
        self.table.clear();
        self.sums.clear();
    }
}

impl ShardName {
    /// Name of one of its files, without the folder.
    fn file(&self, digits: usize, ending: &str) -> String {
        format!("{:0digits$}-{:0digits$}.{ending}", self.first, self.last)
    }

    /// The name of its table.
    pub(crate) fn table_file(&self, digits: usize) -> String {
        self.file(digits, TABLE)
    }

    /// The range that the name of a table stands for.
    pub(crate) fn parse(file: &str) -> Option<ShardName> {
        let (first, last) = file.strip_suffix(".csv")?.split_once('-')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(first) || !is_number(last) {
            return None;
        }
        let name = ShardName { first: first.parse().ok()?, last: last.parse().ok()? };
        (name.first <= name.last).then_some(name)
    }

    /// Whether it holds a point.
    pub(crate) fn covers(&self, point: u64) -> bool {
        self.first <= point && point <= self.last
    }
}

/// Writes both files; the table comes last, so that a table is never without its sums.
///
/// `writer` makes temporary names differ between processes that share the folder.
///
/// # Errors
/// The files cannot be created or written; nothing of them is visible then.
pub(crate) fn write(
    folder: &Path,
    name: ShardName,
    digits: usize,
    seal: &blake3::Hash,
    shard: &Shard,
    writer: &str,
) -> Result<(), SweepError> {
    let count = (shard.blocks as u64).to_le_bytes();
    let mut hasher = keyed(seal, name, shard.table.as_bytes());
    hasher.update(&count);
    let mut bytes = Vec::new();
    let encode = |sums: &[f64], bytes: &mut Vec<u8>| {
        bytes.clear();
        sums.iter().for_each(|sum| bytes.extend(sum.to_le_bytes()));
    };
    for sums in shard.sums.chunks(SUMS_AT_A_TIME) {
        encode(sums, &mut bytes);
        hasher.update(&bytes);
    }
    let blocks = |file: &mut File| {
        file.write_all(hasher.finalize().as_bytes())?;
        file.write_all(&count)?;
        shard.sums.chunks(SUMS_AT_A_TIME).try_for_each(|sums| {
            encode(sums, &mut bytes);
            file.write_all(&bytes)
        })
    };
    // Both have found room before one of them is seen.
    let blocks = Unseen::write(&folder.join(name.file(digits, BLOCKS)), blocks, writer)?;
    let table = |file: &mut File| file.write_all(shard.table.as_bytes());
    let table = Unseen::write(&folder.join(name.file(digits, TABLE)), table, writer)?;
    blocks.show()?;
    table.show()
}

/// Reads a shard; `None` if its files do not belong together, to this sweep, or are not whole.
///
/// # Errors
/// A file that is there cannot be read.
pub(crate) fn read(
    folder: &Path,
    name: ShardName,
    digits: usize,
    seal: &blake3::Hash,
) -> Result<Option<Shard>, SweepError> {
    let (Some(table), Some(blocks)) = (
        read_if_there(&folder.join(name.file(digits, TABLE)))?,
        read_if_there(&folder.join(name.file(digits, BLOCKS)))?,
    ) else {
        return Ok(None);
    };
    let Some((stored, rest)) = blocks.split_first_chunk::<HASH_BYTES>() else {
        return Ok(None);
    };
    if keyed(seal, name, &table).update(rest).finalize().as_bytes() != stored {
        return Ok(None);
    }
    let Some((count, sums)) = rest.split_first_chunk() else {
        return Ok(None);
    };
    let (sums, _) = sums.as_chunks();
    let sums = sums.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let blocks = u64::from_le_bytes(*count) as usize;
    Ok(String::from_utf8(table).ok().map(|table| Shard { table, blocks, sums }))
}

/// Takes the files of a shard away, the table first.
pub(crate) fn remove(folder: &Path, name: ShardName, digits: usize) {
    for ending in [TABLE, BLOCKS] {
        // What cannot be removed stays and is named again.
        let _ = fs::remove_file(folder.join(name.file(digits, ending)));
    }
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, SweepError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SweepError::Io { path: path.to_owned(), error }),
    }
}

/// What vouches for both files of a shard of this sweep, with the table heard. The name is part of it: a shard under
/// the name of another holds other points than it says.
fn keyed(seal: &blake3::Hash, name: ShardName, table: &[u8]) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new_keyed(seal.as_bytes());
    for number in [name.first, name.last, table.len() as u64] {
        hasher.update(&number.to_le_bytes());
    }
    hasher.update(table);
    hasher
}

/// Writes a file under a temporary name beside it and renames it.
///
/// # Errors
/// It cannot be created or written; the temporary file is taken away again.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], writer: &str) -> Result<(), SweepError> {
    Unseen::write(path, |file| file.write_all(bytes), writer)?.show()
}

/// A file that is written whole under a temporary name, which begins with a point; taken away again unless it is shown.
struct Unseen {
    temporary: PathBuf,
    path: PathBuf,
}

impl Unseen {
    fn write(
        path: &Path,
        content: impl FnOnce(&mut File) -> io::Result<()>,
        writer: &str,
    ) -> Result<Unseen, SweepError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // One process may write the same file twice at a time.
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_file_name(format!(".{name}.{writer}.{number}{TEMPORARY}"));
        let create = |error| SweepError::Create { path: path.to_owned(), error };
        let failed = |error| SweepError::Io { path: path.to_owned(), error };
        let mut file = File::create(&temporary).map_err(create)?;
        let unseen = Unseen { temporary, path: path.to_owned() };
        content(&mut file).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(unseen)
    }

    fn show(self) -> Result<(), SweepError> {
        let create = |error| SweepError::Create { path: self.path.clone(), error };
        fs::rename(&self.temporary, &self.path).map_err(create)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Nothing is there after a rename; what cannot be removed is no result.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Takes away the temporary files in a folder whose writers are gone.
///
/// # Errors
/// The folder cannot be listed.
pub(crate) fn remove_temporaries(folder: &Path, is_gone: impl Fn(&str) -> bool) -> Result<(), SweepError> {
    let failed = |error: io::Error| SweepError::Io { path: folder.to_owned(), error };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().and_then(writer_of_temporary).is_some_and(&is_gone) {
            // Another process may be at it as well.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Who wrote a temporary file, from its name; `None` for any other file.
fn writer_of_temporary(file: &str) -> Option<&str> {
    let name = file.strip_prefix('.')?.strip_suffix(TEMPORARY)?;
    let writer =
        [".csv.", ".blocks.", ".toml."].into_iter().find_map(|ending| Some(name.split_once(ending)?.1));
    writer?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: ShardName = ShardName { first: 5, last: 17 };

    fn shard() -> Shard {
        Shard { table: "point\n5\n17\n".into(), blocks: 2, sums: vec![0.1, f64::NAN, -1.0, 3.0] }
    }

    fn written() -> (tempfile::TempDir, blake3::Hash) {
        let folder = tempfile::tempdir().unwrap();
        let seal = blake3::hash(b"sweep");
        write(folder.path(), NAME, 9, &seal, &shard(), "host-1").unwrap();
        (folder, seal)
    }

    #[test]
    fn what_is_written_reads_back() {
        let (folder, seal) = written();
        let names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names.len(), 2, "no temporary file is left: {names:?}");
        assert!(names.contains(&"000000005-000000017.csv".to_owned()));
        let read = read(folder.path(), NAME, 9, &seal).unwrap().unwrap();
        assert_eq!((&read.table, read.blocks), (&shard().table, 2));
        let bits = |sums: &[f64]| sums.iter().map(|sum| sum.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read.sums), bits(&shard().sums));
    }

    #[test]
    fn what_was_changed_counts_as_missing() {
        for file in ["000000005-000000017.csv", "000000005-000000017.blocks"] {
            let (folder, seal) = written();
            assert!(read(folder.path(), NAME, 9, &blake3::hash(b"other")).unwrap().is_none());
            let path = folder.path().join(file);
            let whole = fs::read(&path).unwrap();
            for byte in 0..whole.len() {
                let mut bytes = whole.clone();
                bytes[byte] ^= 1;
                fs::write(&path, &bytes).unwrap();
                assert!(read(folder.path(), NAME, 9, &seal).unwrap().is_none(), "{file} byte {byte}");
                fs::write(&path, &whole[..byte]).unwrap();
                assert!(read(folder.path(), NAME, 9, &seal).unwrap().is_none(), "{file} cut at {byte}");
            }
            fs::remove_file(&path).unwrap();
            assert!(read(folder.path(), NAME, 9, &seal).unwrap().is_none());
        }
    }

    #[test]
    fn only_names_of_tables_are_shards() {
        assert_eq!(ShardName::parse("000000005-000000017.csv"), Some(NAME));
        for file in
            ["5-17.blocks", "17-5.csv", ".000000005-000000017.csv.host.tmp", "a-b.csv", "+1-2.csv", "5.csv"]
        {
            assert_eq!(ShardName::parse(file), None, "{file}");
        }
    }

    #[test]
    fn a_shard_under_another_name_counts_as_missing() {
        let (folder, seal) = written();
        let other = ShardName { first: 6, last: 18 };
        for ending in [TABLE, BLOCKS] {
            let [from, to] = [NAME, other].map(|name| folder.path().join(name.file(9, ending)));
            fs::copy(from, to).unwrap();
        }
        assert!(read(folder.path(), NAME, 9, &seal).unwrap().is_some());
        assert!(read(folder.path(), other, 9, &seal).unwrap().is_none());
    }

    #[test]
    fn temporary_files_name_their_writer() {
        let writer = "node-1-77--4";
        for file in
            [".000000005-000000017.csv.W.tmp", ".000000005-000000017.blocks.W.tmp", ".plan.toml.W.tmp"]
        {
            assert_eq!(writer_of_temporary(&file.replace('W', writer)), Some(writer));
        }
        for file in ["000000005-000000017.csv", ".nfs0001", ".csv.tmp", "plan.toml", "x.csv.W.tmp"] {
            assert_eq!(writer_of_temporary(file), None, "{file}");
        }
    }
}
