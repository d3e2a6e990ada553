//! What tasks left in their logs. A log is named after job, task and restart: `12_3.out`, `12_3.1.out`.

/// The run that a log belongs to: job, task, restart. Later runs are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogName {
    /// Its task.
    pub task: u64,
    /// The job of its array.
    pub job: u64,
    /// How often the task had been started before.
    pub restart: u64,
}

impl LogName {
    /// The run that the name of a file stands for.
    pub(crate) fn parse(file: &str) -> Option<LogName> {
        let (job, rest) = file.strip_suffix(".out")?.split_once('_')?;
        let (task, restart) = rest.split_once('.').unwrap_or((rest, "0"));
        Some(LogName { task: task.parse().ok()?, job: job.parse().ok()?, restart: restart.parse().ok()? })
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> String {
        let LogName { task, job, restart } = self;
        let restart = if *restart == 0 { String::new() } else { format!(".{restart}") };
        format!("{job}_{task}{restart}.out")
    }
}

/// Why a task ended, from its log: the last line that says so.
pub(crate) fn reason(log: &str) -> Option<&str> {
    let told = log.lines().rev().map(str::trim).find(|line| {
        line.starts_with("error: ") || line.starts_with("slurmstepd: error: ") || line.contains(": line ")
    })?;
    Some(told.strip_prefix("error: ").unwrap_or(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_run() {
        let names = ["12_3.out", "12_3.1.out", "13-aggregate.out", "12_x.out"].map(LogName::parse);
        let first = LogName { task: 3, job: 12, restart: 0 };
        assert_eq!(names, [Some(first), Some(LogName { restart: 1, ..first }), None, None]);
        assert!(names[0] < names[1]);
        let files = names.iter().flatten().map(LogName::file).collect::<Vec<_>>();
        assert_eq!(files, ["12_3.out", "12_3.1.out"]);
    }

    #[test]
    fn the_last_error_is_the_reason() {
        assert_eq!(reason("note: a\nerror: first\nnote: b\nerror: last\n"), Some("last"));
        let bash = "/var/spool/slurm/script: line 30: exec: backtest: not found";
        assert_eq!((reason(bash), reason("note: 4 points\n")), (Some(bash), None));
    }
}
