//! Floor 0: files that appear whole or not at all. Knows nothing of what is in them.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Links that lead from one to the next before one gives up.
const LINKS_MOST: usize = 40;

/// A file that cannot be written.
#[derive(Debug)]
pub struct WriteError {
    path: PathBuf,
    kind: WriteErrorKind,
}

#[derive(Debug)]
enum WriteErrorKind {
    /// It is a folder.
    IsFolder,
    /// It is there and must not be changed.
    ReadOnly,
    /// The folder that it is to lie in is not there.
    NoFolder(PathBuf),
    /// It cannot be created.
    Create(io::Error),
    /// Writing failed midway.
    Write(io::Error),
}

impl WriteError {
    /// Writing to a file failed midway.
    pub(crate) fn midway(path: &Path, error: io::Error) -> WriteError {
        WriteError { path: path.to_owned(), kind: WriteErrorKind::Write(error) }
    }

    /// Whether writing had begun.
    pub(crate) fn is_midway(&self) -> bool {
        matches!(self.kind, WriteErrorKind::Write(_))
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            WriteErrorKind::IsFolder => write!(formatter, "{path}: is a folder"),
            WriteErrorKind::ReadOnly => write!(formatter, "{path}: is read-only"),
            WriteErrorKind::NoFolder(folder) => {
                write!(formatter, "{path}: cannot create: there is no folder '{}'", folder.display())
            }
            WriteErrorKind::Create(error) => write!(formatter, "{path}: cannot create: {error}"),
            WriteErrorKind::Write(error) => write!(formatter, "{path}: cannot write: {error}"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            WriteErrorKind::Create(error) | WriteErrorKind::Write(error) => Some(error),
            _ => None,
        }
    }
}

/// Writes a file under a temporary name beside it and renames it, so that it is never seen half-written. A link stays a link:
/// the file it leads to is replaced, with its permissions. A pipe or a device is written directly. Gives what `content` gives.
///
/// # Errors
/// Those of `content`; the file cannot be created, written or renamed.
pub(crate) fn write<T, E: From<WriteError>>(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let fail = |kind| E::from(WriteError { path: path.to_owned(), kind });
    let cannot_create = |error| fail(WriteErrorKind::Create(error));
    let permissions = match fs::metadata(path) {
        Ok(known) if known.is_dir() => return Err(fail(WriteErrorKind::IsFolder)),
        Ok(known) if !known.is_file() => {
            return File::create(path)
                .map_err(|error| fail(WriteErrorKind::Write(error)))
                .and_then(|file| buffered(path, file, content));
        }
        Ok(known) if known.permissions().readonly() => return Err(fail(WriteErrorKind::ReadOnly)),
        Ok(known) => Some(known.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(cannot_create(error)),
    };
    let target = behind_links(path);
    let folder = folder_of(&target);
    if !folder.is_dir() {
        return Err(fail(WriteErrorKind::NoFolder(folder.to_owned())));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".backtest-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder).map_err(cannot_create)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions).map_err(cannot_create)?;
    }
    let given = buffered(path, &mut temporary, content)?;
    temporary.as_file().sync_all().map_err(|error| fail(WriteErrorKind::Write(error)))?;
    temporary.persist(&target).map_err(|error| cannot_create(error.error))?;
    Ok(given)
}

/// Writes a text as [`write()`] writes a content.
///
/// # Errors
/// The file cannot be created, written or renamed.
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), WriteError> {
    write(path, |writer| writer.write_all(text.as_bytes()).map_err(|error| WriteError::midway(path, error)))
}

/// Writes content through a buffer and empties it.
fn buffered<T, E: From<WriteError>>(
    path: &Path,
    writer: impl Write,
    content: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let mut writer = BufWriter::new(writer);
    let given = content(&mut writer)?;
    writer.flush().map_err(|error| E::from(WriteError::midway(path, error)))?;
    Ok(given)
}

/// The file that is replaced or made where a path is written, in a folder without links. `None` for a pipe or a device, or
/// where there is no such folder.
pub(crate) fn replaced(path: &Path) -> Option<PathBuf> {
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        return None;
    }
    let target = behind_links(path);
    let folder = fs::canonicalize(folder_of(&target)).ok()?;
    Some(folder.join(target.file_name()?))
}

/// The file that a path leads to through links, which need not exist yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..LINKS_MOST {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => break,
        }
    }
    target
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_midway_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        write_text(&path, "old").unwrap();
        let failed = write(&path, |writer| -> Result<(), WriteError> {
            writer.write_all(b"new").map_err(|error| WriteError::midway(&path, error))?;
            Err(WriteError::midway(&path, io::Error::other("the sums do not agree")))
        });
        let failed = failed.unwrap_err();
        assert!(
            failed.is_midway() && failed.to_string().ends_with("x.csv: cannot write: the sums do not agree")
        );
        assert_eq!(std::error::Error::source(&failed).unwrap().to_string(), "the sums do not agree");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(!write_text(&folder.path().join("no/x"), "").unwrap_err().is_midway());
    }
}
