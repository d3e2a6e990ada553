//! The errors in the logs of tasks, which say why points are missing. Reads the logs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::log::{LogName, reason};

/// The error of a task.
#[derive(Debug)]
pub(crate) struct TaskError {
    /// The number of the task.
    pub task: u64,
    /// The last error in its log.
    pub reason: String,
    /// The path of the log.
    pub log: PathBuf,
}

/// The errors in the last logs of some tasks. `folder` has the results of a sweep, `array` names the tasks in the form of
/// `--array`.
pub(crate) fn read(folder: &Path, array: &str) -> Vec<TaskError> {
    let mut last: BTreeMap<u64, LogName> = BTreeMap::new();
    // A sweep that did not run under Slurm has no logs.
    for entry in fs::read_dir(folder.join("logs")).into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str().and_then(LogName::parse) {
            let latest = last.entry(name.task).or_insert(name);
            *latest = name.max(*latest);
        }
    }
    let owners = last.into_values().filter(|name| contains(array, name.task));
    let error = |name: LogName| {
        let log = folder.join("logs").join(name.file());
        let text = fs::read(&log).ok()?;
        let reason = reason(&String::from_utf8_lossy(&text))?.to_owned();
        Some(TaskError { task: name.task, reason, log })
    };
    owners.filter_map(error).collect()
}

/// Whether a list such as `3,7-9` contains a task.
fn contains(array: &str, task: u64) -> bool {
    array.split(',').any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        first.parse().is_ok_and(|first: u64| first <= task)
            && last.parse().is_ok_and(|last: u64| task <= last)
    })
}

/// A line for each reason, with the first task that has it and the number of the others.
pub(crate) fn lines(errors: &[TaskError]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<&TaskError>> = BTreeMap::new();
    for error in errors {
        by_reason.entry(&error.reason).or_default().push(error);
    }
    let line = |(reason, all): (&str, Vec<&TaskError>)| {
        let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
        format!("task {}{more}: {reason} ({})", all[0].task, all[0].log.display())
    };
    by_reason.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_the_last_run_counts() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        fs::create_dir(&logs).unwrap();
        for (name, text) in [
            ("12_3.out", "error: early\n"),
            ("12_3.1.out", "note: x\nerror: late\n"),
            ("9_3.1.out", "error: another job\n"),
            ("12_4.out", "error: done since\n"),
            ("12_8.out", "error: late\n"),
            ("12_9.out", "note: killed\n"),
            ("13-aggregate.out", "error: x\n"),
        ] {
            fs::write(logs.join(name), text).unwrap();
        }
        let errors = read(folder.path(), "3,7-9");
        let pairs: Vec<(u64, &str)> =
            errors.iter().map(|error| (error.task, error.reason.as_str())).collect();
        assert_eq!(pairs, [(3, "late"), (8, "late")]);
        let lines = lines(&errors);
        assert!(lines.len() == 1 && lines[0].starts_with("task 3 and 1 more: late ("), "{lines:?}");
    }
}
