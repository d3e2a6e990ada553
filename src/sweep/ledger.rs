//! The ledger of trials: how many distinct points have been tried on the same prices by all sweeps of a folder of results.
//!
//! One file a sweep, so that nobody writes where another does. Points are known by the marks of their returns: a point that
//! two sweeps share counts once. Of many only the smallest marks are kept, from which the number of all is estimated. A file
//! that cannot be read keeps no sweep from its verdict, which says that it is not counted.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::plan::Plan;
use super::shard::write_whole;
use super::table::Table;
use crate::stats::overfitting::trials::TrialOutcome;

const FOLDER: &str = "ledger";
/// Marks kept of a sweep. An estimate from so many is within about 1 % (Bar-Yossef and others, "Counting distinct elements in a
/// data stream", 2002).
const MARKS_MOST: usize = 20_000;

/// What one sweep tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    sweep: String,
    seal: String,
    data_fingerprint: String,
    /// Points with a row.
    evaluated: u64,
    /// Distinct points that trade.
    trials: u64,
    /// The smallest marks of their returns, as hexadecimal digits.
    marks: Vec<String>,
}

/// What all sweeps of a folder tried on the same prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tried {
    /// Number of sweeps.
    pub sweeps: usize,
    /// Distinct points that trade.
    pub trials: f64,
    /// Files of the ledger that cannot be read and are not counted.
    pub unread: usize,
}

fn path(results: &Path, plan: &Plan) -> PathBuf {
    results.join(FOLDER).join(format!("{}.json", plan.folder_name()))
}

/// Whether a sweep stands in the ledger of a folder of results.
///
/// # Errors
/// Its file is there and cannot be read, or is no such file.
pub(crate) fn has(results: &Path, plan: &Plan) -> Result<bool, SweepError> {
    let path = path(results, plan);
    match fs::metadata(&path) {
        Ok(_) => read(&path).map(|_| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(SweepError::Io { path, error }),
    }
}

/// What a sweep with these rows tried.
pub(crate) fn entry(plan: &Plan, table: &Table) -> Entry {
    let mut marks: Vec<u64> = table
        .columns
        .iter()
        .filter_map(|column| match column {
            TrialOutcome::Moving(mark) => Some(*mark),
            _ => None,
        })
        .collect();
    marks.sort_unstable();
    marks.dedup();
    let trials = marks.len() as u64;
    marks.truncate(MARKS_MOST);
    Entry {
        sweep: plan.sweep.name.clone(),
        seal: plan.seal.to_string(),
        data_fingerprint: plan.fingerprint.to_string(),
        evaluated: table.points.len() as u64,
        trials,
        marks: marks.iter().map(|mark| format!("{mark:016x}")).collect(),
    }
}

/// Enters a sweep into the ledger, in place of what stood there.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn enter(results: &Path, plan: &Plan, entry: &Entry, writer: &str) -> Result<(), SweepError> {
    let path = path(results, plan);
    let text = serde_json::to_string(entry)
        .map_err(|error| SweepError::Io { path: path.clone(), error: error.into() })?;
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = results.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| SweepError::Create { path: folder, error })?;
    write_whole(&path, text.as_bytes(), writer)
}

/// Adds up the ledger for the prices of a sweep: its own entry as given, those of others from their files. Beside it the faults
/// of files that are not counted, by their names.
pub(crate) fn tried(results: &Path, plan: &Plan, own: &Entry) -> (Tried, Vec<SweepError>) {
    let own_path = path(results, plan);
    let (mut entries, mut faults) = (vec![own.clone()], Vec::new());
    let files = files(&results.join(FOLDER)).unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    for path in files.iter().filter(|path| **path != own_path) {
        match read(path) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    entries.retain(|entry| entry.data_fingerprint == own.data_fingerprint);
    let tried = Tried { sweeps: entries.len(), trials: distinct(&entries), unread: faults.len() };
    (tried, faults)
}

/// The files of the ledger, by name; none where there is no ledger yet.
///
/// # Errors
/// The folder cannot be listed.
fn files(folder: &Path) -> Result<Vec<PathBuf>, SweepError> {
    let failed = |error| SweepError::Io { path: folder.to_owned(), error };
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(failed)?,
    };
    let mut files = Vec::new();
    for file in listed {
        let path = file.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// An entry from its file.
///
/// # Errors
/// The file cannot be read, or is no entry of a ledger.
fn read(path: &Path) -> Result<Entry, SweepError> {
    let bytes = fs::read(path).map_err(|error| SweepError::Io { path: path.to_owned(), error })?;
    let entry: Entry = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        SweepError::Data(format!("{}:{line}:{column}: no entry of a ledger ({error})", path.display()))
    })?;
    let is_mark = |mark: &String| u64::from_str_radix(mark, 16).is_ok();
    if (entry.marks.len() as u64) <= entry.trials && entry.marks.iter().all(is_mark) {
        Ok(entry)
    } else {
        Err(SweepError::Data(format!("{}: no entry of a ledger (its marks are damaged)", path.display())))
    }
}

/// The number of distinct trials: exact where all marks are there, else from how dense the smallest ones lie.
fn distinct(entries: &[Entry]) -> f64 {
    let marks = |entry: &Entry| -> Vec<u64> {
        entry.marks.iter().filter_map(|mark| u64::from_str_radix(mark, 16).ok()).collect()
    };
    let is_cut = |entry: &&Entry| (entry.marks.len() as u64) < entry.trials;
    // Up to here every entry has all its marks.
    let known = entries.iter().filter(is_cut).filter_map(|entry| marks(entry).into_iter().max()).min();
    let union: BTreeSet<u64> =
        entries.iter().flat_map(marks).filter(|mark| known.is_none_or(|known| *mark <= known)).collect();
    let count = union.len() as f64;
    known.map_or(count, |known| (count / (known as f64 / u64::MAX as f64)).round())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::hash;

    fn entry(points: std::ops::Range<u64>, most: usize) -> Entry {
        let mut marks: Vec<u64> = points.clone().map(|point| hash(1, point)).collect();
        marks.sort_unstable();
        marks.truncate(most);
        Entry {
            sweep: String::new(),
            seal: String::new(),
            data_fingerprint: String::new(),
            evaluated: points.end - points.start,
            trials: points.end - points.start,
            marks: marks.iter().map(|mark| format!("{mark:016x}")).collect(),
        }
    }

    #[test]
    fn shared_points_count_once() {
        assert_eq!(distinct(&[entry(0..100, 1000), entry(50..150, 1000)]), 150.0);
        assert_eq!(distinct(&[]), 0.0);
    }

    #[test]
    fn many_points_are_estimated() {
        let count = distinct(&[entry(0..300_000, 20_000), entry(200_000..400_000, 20_000), entry(0..10, 20)]);
        assert!((count / 400_000.0 - 1.0).abs() < 0.03, "{count}");
    }
}
