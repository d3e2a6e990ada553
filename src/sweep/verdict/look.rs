//! Whether a sweep was begun after results on its assets had been seen. What is built from results can be tested on no day
//! that these results were made of.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::identity::Identity;
use super::ledger::{Entry, Found, entries};
use crate::sweep::error::SweepError;
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;

/// The file in a sweep's folder.
const FILE: &str = "look";

/// The look of a sweep that is begun now, beside what stands in the ledger: 1, or one more than the largest of the entries of
/// its family. The same rule on other days is the same sweep and has the look of its first entry.
pub(crate) fn look_of(plan: &Plan, identity: Option<&Identity>, entries: &[Entry]) -> u64 {
    let rule = plan.rule().to_string();
    let others = || entries.iter().filter(|entry| !entry.is_of(plan));
    if let Some(same) = others().filter(|entry| entry.rule == rule).map(|entry| entry.look).min() {
        return same;
    }
    let Some(identity) = identity else { return 1 };
    let family = others().filter(|entry| identity.is_family(&entry.assets, entry.span(), entry.sessions));
    1 + family.map(|entry| entry.look).max().unwrap_or(0)
}

/// Writes down the look of a sweep that is about to be run for the first time; who comes later leaves it.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn begin(results: &Results, plan: &Plan) -> Result<(), SweepError> {
    let path = results.folder.join(FILE);
    if fs::symlink_metadata(&path).is_ok() {
        return Ok(());
    }
    let above = results.folder.parent().unwrap_or(Path::new("."));
    let whole: Vec<Entry> = entries(above)?.into_iter().filter_map(whole).collect();
    // Without entries nothing has been seen, and nobody needs to look at prices.
    let identity = if whole.is_empty() { None } else { Identity::of(plan) };
    let text = format!("{}\n", look_of(plan, identity.as_ref(), &whole));
    let created = |error| SweepError::Create { path: path.clone(), error };
    // Readable as other files are, and never seen before it is whole.
    let permissions = Permissions::from_mode(0o666);
    let mut file = Builder::new()
        .prefix(".look.")
        .permissions(permissions)
        .tempfile_in(&results.folder)
        .map_err(created)?;
    let write = file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all());
    write.map_err(|error| SweepError::Io { path: path.clone(), error })?;
    match file.persist_noclobber(&path) {
        Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        persisted => persisted.map(drop).map_err(|failed| created(failed.error)),
    }
}

/// An entry that is whole.
fn whole(found: Found) -> Option<Entry> {
    match found {
        Found::Whole(entry) => Some(*entry),
        _ => None,
    }
}

/// The look that a sweep wrote down; `None` if its file is missing.
///
/// # Errors
/// The file cannot be read, or is no number from 1 on.
pub(crate) fn written(results: &Results) -> Result<Option<u64>, SweepError> {
    let path: PathBuf = results.folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| SweepError::Io { path: path.clone(), error })?,
    };
    let look = text.trim().parse().ok().filter(|look| (1..=1_000_000).contains(look));
    look.map(Some).ok_or_else(|| {
        let shown: String = text.chars().take(20).collect();
        SweepError::Data(format!(
            "{}:1:1: {shown:?}: expected a whole number from 1 on; delete the file to count all other sweeps as seen before",
            path.display()
        ))
    })
}
