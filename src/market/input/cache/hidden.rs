//! A cache file appears whole, under a name that begins with a dot, or not at all.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::NamedTempFile;

/// Whether a cache may be written into a folder. A superuser could write everywhere, and should not.
pub(crate) fn is_open_to(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// An empty file under a temporary name in a folder; it goes when it is dropped.
///
/// # Errors
/// The folder cannot be written.
pub(crate) fn create(folder: &Path) -> io::Result<NamedTempFile> {
    // Many machines may share the folder: the name of a leftover file says which machine and process wrote it.
    let host = rustix::system::uname();
    let prefix = format!(".{}-{}-", host.nodename().to_string_lossy().replace('/', "-"), std::process::id());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".tmp").permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

/// Gives a file its final name once its content is on the disk.
///
/// # Errors
/// The content cannot be written, or the file not be renamed.
pub(crate) fn finish(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
