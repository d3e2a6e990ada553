//! Why points are missing, as the logs of the tasks that own them tell.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::log::{LogName, reason};

/// What one task says.
#[derive(Debug)]
pub(crate) struct Told {
    /// The task.
    pub task: u64,
    /// Its reason.
    pub reason: String,
    /// Its log.
    pub log: PathBuf,
}

/// What the last runs of some tasks, given as `--array` takes them, say in a sweep's folder.
pub(crate) fn told(folder: &Path, array: &str) -> Vec<Told> {
    let mut last: BTreeMap<u64, LogName> = BTreeMap::new();
    // Without logs nothing is told, and that is no failure.
    for entry in fs::read_dir(folder.join("logs")).into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str().and_then(LogName::parse) {
            let latest = last.entry(name.task).or_insert(name);
            *latest = name.max(*latest);
        }
    }
    let owners = last.into_values().filter(|name| contains(array, name.task));
    let tell = |name: LogName| {
        let log = folder.join("logs").join(name.file());
        let text = fs::read(&log).ok()?;
        let reason = reason(&String::from_utf8_lossy(&text))?.to_owned();
        Some(Told { task: name.task, reason, log })
    };
    owners.filter_map(tell).collect()
}

/// Whether a list such as `3,7-9` has a task.
fn contains(array: &str, task: u64) -> bool {
    array.split(',').any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        first.parse().is_ok_and(|first: u64| first <= task)
            && last.parse().is_ok_and(|last: u64| task <= last)
    })
}

/// The reasons, the tasks that share one together.
pub(crate) fn lines(told: &[Told]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for one in told {
        by_reason.entry(&one.reason).or_default().push(one);
    }
    let line = |(reason, all): (&str, Vec<&Told>)| {
        let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
        format!("task {}{more}: {reason} ({})", all[0].task, all[0].log.display())
    };
    by_reason.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_run_of_a_task_that_owes_points_is_heard() {
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
        let heard = told(folder.path(), "3,7-9");
        let pairs: Vec<(u64, &str)> = heard.iter().map(|told| (told.task, told.reason.as_str())).collect();
        assert_eq!(pairs, [(3, "late"), (8, "late")]);
        let lines = lines(&heard);
        assert!(lines.len() == 1 && lines[0].starts_with("task 3 and 1 more: late ("), "{lines:?}");
    }
}
