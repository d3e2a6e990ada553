//! Standard output, standard error, and files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::exit::Exit;

/// Writes a result to standard output.
pub(crate) fn result(text: &str) -> Result<(), Exit> {
    result_by(|writer| writer.write_all(text.as_bytes()))
}

fn result_by(content: impl Content) -> Result<(), Exit> {
    buffered(io::stdout().lock(), content).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Exit::ClosedPipe,
        _ => Exit::Io(format!("standard output: {error}")),
    })
}

/// What writes the content of a file, piece by piece.
pub(crate) trait Content: FnOnce(&mut dyn Write) -> io::Result<()> {}

impl<F: FnOnce(&mut dyn Write) -> io::Result<()>> Content for F {}

fn buffered(writer: impl Write, content: impl Content) -> io::Result<()> {
    let mut writer = BufWriter::new(writer);
    content(&mut writer)?;
    writer.flush()
}

/// Writes a note for people to standard error, unless they want none.
pub(crate) fn note(quiet: bool, text: &str) {
    if !quiet {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(io::stderr(), "note: {text}");
    }
}

/// Writes what must not be overlooked to standard error, for those as well who want no notes.
pub(crate) fn warning(text: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "warning: {text}");
}

/// Writes an error to standard error.
pub(crate) fn error(text: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "error: {text}");
}

/// Links that lead from one to the next before one gives up.
const LINKS_MAX: usize = 40;

/// Writes a file under a temporary name beside it and renames it, so that it is never seen half-written. A link stays a link:
/// the file it leads to is replaced, with its permissions. What is no regular file (a pipe, a device) is written directly.
pub(crate) fn file(path: &Path, text: &str) -> Result<(), Exit> {
    file_by(path, |writer| writer.write_all(text.as_bytes()))
}

/// [`file`] for a content that is made while it is written.
pub(crate) fn file_by(path: &Path, content: impl Content) -> Result<(), Exit> {
    let shown = path.display();
    let cannot_create = |error: io::Error| Exit::CannotCreate(format!("{shown}: cannot create: {error}"));
    let failed = |error: io::Error| Exit::Io(format!("{shown}: cannot write: {error}"));
    // Behind these names may stand a regular file that others write to as well: it must not be replaced.
    match stream(path) {
        Some(Stream::Output) => return result_by(content),
        Some(Stream::Error) => return buffered(io::stderr(), content).map_err(failed),
        None => {}
    }
    let permissions = match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(Exit::CannotCreate(format!("{shown}: is a folder"))),
        Ok(found) if !found.is_file() => {
            return File::create(path).and_then(|file| buffered(file, content)).map_err(failed);
        }
        Ok(found) if found.permissions().readonly() => {
            return Err(Exit::CannotCreate(format!("{shown}: is read-only")));
        }
        Ok(found) => Some(found.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(cannot_create(error)),
    };
    let target = behind_links(path);
    let folder = folder_of(&target);
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Exit::CannotCreate(format!("{shown}: cannot create: there is no folder '{folder}'")));
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
    buffered(&mut temporary, content).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
    temporary.persist(&target).map_err(|error| cannot_create(error.error))?;
    Ok(())
}

/// Whether what is written to one path would replace what stands at the other, or is written there.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    let replaced = |path: &Path| match fs::metadata(path) {
        _ if stream(path).is_some() => None,
        Ok(found) if !found.is_file() => None,
        _ => {
            let target = behind_links(path);
            let folder = fs::canonicalize(folder_of(&target)).ok()?;
            Some(folder.join(target.file_name()?))
        }
    };
    replaced(a).is_some_and(|a| replaced(b) == Some(a))
}

enum Stream {
    Output,
    Error,
}

fn stream(path: &Path) -> Option<Stream> {
    match path.to_str() {
        Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") => Some(Stream::Output),
        Some("/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2") => Some(Stream::Error),
        _ => None,
    }
}

/// The file that a path leads to through links, which need not exist yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..LINKS_MAX {
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
