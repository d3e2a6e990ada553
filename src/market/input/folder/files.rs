//! Price files on disk: one `SYMBOL.csv` or `SYMBOL.csv.gz` an asset in one folder. Reads, never writes.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::market::input::error::{FileError, FileErrorKind};

/// The file of an asset: `SYMBOL.csv`, else `SYMBOL.csv.gz`, else `None`.
pub(crate) fn path_of(folder: &Path, symbol: &str) -> Option<PathBuf> {
    find(folder, symbol).map(|(path, _)| path)
}

/// The file of an asset and what the file system says of it.
pub(crate) fn find(folder: &Path, symbol: &str) -> Option<(PathBuf, fs::Metadata)> {
    [".csv", ".csv.gz"].iter().find_map(|ending| {
        let path = folder.join(format!("{symbol}{ending}"));
        let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some((path, metadata))
    })
}

/// The symbols that have a file in a folder, sorted. Hidden files, which some systems leave beside others, are none.
///
/// # Errors
/// The folder cannot be listed.
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

/// The bytes of a price file, unpacked when its name ends in `.gz`.
///
/// # Errors
/// The file cannot be read or unpacked.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let fail = |kind: fn(io::Error) -> FileErrorKind| {
        move |error| FileError { path: path.to_owned(), kind: kind(error) }
    };
    let bytes = fs::read(path).map_err(fail(FileErrorKind::Unreadable))?;
    match is_packed(path) {
        true => unpacked(&bytes).map_err(fail(FileErrorKind::BadGzip)),
        false => Ok(bytes),
    }
}

/// Whether a price file is compressed, by its name.
pub(crate) fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// The text of a compressed price file.
///
/// # Errors
/// It is not gzip, or not whole.
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
    fn what_cannot_be_unpacked_is_told_from_what_cannot_be_read() {
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
