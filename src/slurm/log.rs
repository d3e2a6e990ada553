//! The logs of tasks: their names, made of job, task and restart (`12_3.out`, `12_3.1.out`), and the error that they end with.

/// The run that a log belongs to. Later runs of a task are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogName {
    /// The number of the task.
    pub task: u64,
    /// The number of the array job.
    pub job: u64,
    /// How often the task had been restarted.
    pub restart: u64,
}

impl LogName {
    /// Reads the name of a file; `None` if it is not the name of a log.
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

/// The last error in the log of a task; `None` if there is none.
pub(crate) fn reason(log: &str) -> Option<&str> {
    let error = log.lines().rev().map(str::trim).find(|line| {
        line.starts_with("error: ") || line.starts_with("slurmstepd: error: ") || line.contains(": line ")
    })?;
    Some(error.strip_prefix("error: ").unwrap_or(error))
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
