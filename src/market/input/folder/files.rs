//! Price files on disk: one `SYMBOL.csv` or `SYMBOL.csv.gz` per asset, all in one folder. Reads and never writes.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::market::input::error::{FileError, FileErrorKind};

/// The path of an asset's file: `SYMBOL.csv`, or `SYMBOL.csv.gz` if there is no such file, or `None` if there is neither.
pub(crate) fn path_of(folder: &Path, symbol: &str) -> Option<PathBuf> {
    find(folder, symbol).map(|(path, _)| path)
}

/// The path of an asset's file, as [`path_of`], and its metadata.
pub(crate) fn find(folder: &Path, symbol: &str) -> Option<(PathBuf, fs::Metadata)> {
    [".csv", ".csv.gz"].iter().find_map(|ending| {
        let path = folder.join(format!("{symbol}{ending}"));
        let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some((path, metadata))
    })
}

/// The symbols of the price files in a folder, sorted. Hidden files, which some systems add to folders, do not count.
///
/// # Errors
/// The folder does not exist or cannot be listed.
pub(crate) fn symbols(folder: &Path) -> Result<Vec<String>, FileError> {
    let fail = |error: io::Error| FileError {
        path: folder.to_owned(),
        kind: match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileErrorKind::NoFolder,
            _ => FileErrorKind::Unreadable(error),
        },
    };
    let mut symbols = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let symbol = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".csv.gz"));
        if let Some(symbol) = symbol.filter(|symbol| !symbol.is_empty() && !symbol.starts_with('.'))
            && entry.path().is_file()
        {
            symbols.push(symbol.to_owned());
        }
    }
    symbols.sort();
    symbols.dedup();
    Ok(symbols)
}

/// The bytes of a price file, decompressed if its name ends in `.gz`.
///
/// # Errors
/// The file cannot be read, or is not a whole gzip file although its name says so.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let fail = |kind: fn(io::Error) -> FileErrorKind| {
        move |error| FileError { path: path.to_owned(), kind: kind(error) }
    };
    let bytes = fs::read(path).map_err(fail(FileErrorKind::Unreadable))?;
    if is_packed(path) { unpacked(&bytes).map_err(fail(FileErrorKind::BadGzip)) } else { Ok(bytes) }
}

/// Whether the name of a price file says that it is compressed.
pub(crate) fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// The decompressed bytes of a price file; several gzip parts one after another are one file.
///
/// # Errors
/// The bytes are not gzip, or not whole.
pub(crate) fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_those_of_visible_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["B.csv", "A.csv.gz", "A.csv", "._A.csv", ".csv", "C.csv.part", "README.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("D.csv")).unwrap();
        assert_eq!(symbols(folder.path()).unwrap(), ["A", "B"]);
        let error = symbols(&folder.path().join("B.csv")).unwrap_err();
        assert!(matches!(error.kind, FileErrorKind::NoFolder), "{error}");
    }

    #[test]
    fn bad_gzip_and_unreadable_files_are_different_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("A.csv.gz");
        let kind = || read_bytes(&path).unwrap_err().kind;
        assert!(matches!(kind(), FileErrorKind::Unreadable(_)));
        for bytes in [&b""[..], b"Date,Open,Close\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03half"] {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(kind(), FileErrorKind::BadGzip(_)), "{bytes:?}");
        }
    }
}
