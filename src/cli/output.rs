//! Standard output, standard error, and files that appear whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::exit::Exit;

/// Writes a result to standard output.
pub fn result(text: &str) -> Result<(), Exit> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Exit::ClosedPipe,
        _ => Exit::Io(format!("standard output: {error}")),
    })
}

/// Writes a note for people to standard error, unless they want none.
pub fn note(quiet: bool, text: &str) {
    if !quiet {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(io::stderr(), "note: {text}");
    }
}

/// Writes an error to standard error.
pub fn error(text: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "error: {text}");
}

/// Writes a file under a temporary name beside it and renames it, so that it is never seen half-written. What is no regular
/// file (a pipe, `/dev/stdout`) is written directly.
pub fn file(path: &Path, text: &str) -> Result<(), Exit> {
    let shown = path.display();
    let cannot_create = |error: io::Error| Exit::CannotCreate(format!("{shown}: cannot create: {error}"));
    let failed = |error: io::Error| Exit::Io(format!("{shown}: cannot write: {error}"));
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(Exit::CannotCreate(format!("{shown}: is a folder"))),
        Ok(found) if !found.is_file() => return fs::write(path, text).map_err(failed),
        _ => {}
    }
    // A link stays a link: the file it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|_| target != path).unwrap_or(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".backtest-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder).map_err(cannot_create)?;
    temporary.write_all(text.as_bytes()).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
    temporary.persist(&target).map_err(|error| cannot_create(error.error))?;
    Ok(())
}
