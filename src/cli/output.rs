//! Standard output, standard error, and files that a user names.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use serde::Serialize;

use super::exit::Exit;
use crate::files::{self, WriteError};

/// Writes a result to standard output.
pub(crate) fn result(text: &str) -> Result<(), Exit> {
    result_by(|writer| writer.write_all(text.as_bytes()))
}

/// [`result`] for a result that is made while it is written.
pub(crate) fn result_by(content: impl Content) -> Result<(), Exit> {
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

/// One value as JSON.
fn json_of(value: &impl Serialize) -> Result<String, Exit> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|error| Exit::Internal(format!("cannot write JSON: {error}")))
}

/// Prints one value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Exit> {
    result(&json_of(value)?)
}

/// The only value as an object if that was asked for, else all as a list.
pub(crate) fn json_text(values: &[impl Serialize], is_single: bool) -> Result<String, Exit> {
    match values {
        [only] if is_single => json_of(only),
        values => json_of(&values),
    }
}

/// Writes a file whole or not at all; standard output and standard error are written directly.
pub(crate) fn file(path: &Path, text: &str) -> Result<(), Exit> {
    file_by(path, |writer| writer.write_all(text.as_bytes()))
}

/// [`file`] for a content that is made while it is written.
pub(crate) fn file_by(path: &Path, content: impl Content) -> Result<(), Exit> {
    // Behind these names may stand a regular file that others write to as well: it must not be replaced.
    match stream(path) {
        Some(Stream::Output) => result_by(content),
        Some(Stream::Error) => {
            buffered(io::stderr(), content).map_err(|error| WriteError::midway(path, error).into())
        }
        None => {
            let content = |writer: &mut dyn Write| -> Result<(), WriteError> {
                content(writer).map_err(|error| WriteError::midway(path, error))
            };
            Ok(files::write(path, content)?)
        }
    }
}

/// Whether what is written to one path would replace what stands at the other, or is written there.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    let replaced = |path: &Path| if stream(path).is_some() { None } else { files::replaced(path) };
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
