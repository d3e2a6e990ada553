//! What the environment says of a job: its processors, memory and time, its number, and how often it was restarted.

/// A function from the name of a variable to its value.
pub(crate) trait Environment: Fn(&str) -> Option<String> {}

impl<F: Fn(&str) -> Option<String>> Environment for F {}

/// A job stops by itself this many seconds before its end, at most and at least.
const MARGIN_MOST: u64 = 60;
const MARGIN_LEAST: u64 = 10;
/// A job that may run for more seconds than this has no limit: Slurm writes "unlimited" as an end in the far future.
const ENDLESS: u64 = 10 * 365 * 86_400;

fn number(environment: &impl Environment, name: &str) -> Option<u64> {
    environment(name)?.trim().parse().ok()
}

/// Number of processors of this task. Without `--cpus-per-task` Slurm gives only the number of the job on this node.
pub(crate) fn processors(environment: impl Environment) -> Option<u16> {
    let count = number(&environment, "SLURM_CPUS_PER_TASK").or(number(&environment, "SLURM_CPUS_ON_NODE"))?;
    u16::try_from(count).ok().filter(|count| *count > 0)
}

/// Memory of the job on this node in bytes; `None` if the job may use all memory of the node, or Slurm does not say.
pub(crate) fn memory(environment: impl Environment) -> Option<u64> {
    let megabytes = number(&environment, "SLURM_MEM_PER_NODE").or_else(|| {
        let each = number(&environment, "SLURM_MEM_PER_CPU")?;
        each.checked_mul(number(&environment, "SLURM_CPUS_ON_NODE").unwrap_or(1))
    })?;
    megabytes.checked_mul(1 << 20).filter(|bytes| *bytes > 0)
}

/// Seconds until the end of the job; `None` without a limit, and for Slurm up to 22.05, which does not set the variable.
pub(crate) fn seconds_left(environment: impl Environment, now: u64) -> Option<u64> {
    let end = number(&environment, "SLURM_JOB_END_TIME")?;
    end.checked_sub(now).filter(|left| *left < ENDLESS)
}

/// Seconds left in the form of `squeue`: `days-hours:minutes:seconds`, where parts at the left may be missing. `None` for
/// words, which mean that there is no limit.
pub(crate) fn parse_time_left(text: &str) -> Option<u64> {
    let (days, clock) = match text.trim().split_once('-') {
        Some((days, clock)) => (days.parse::<u64>().ok()?, clock),
        None => (0, text.trim()),
    };
    let mut seconds = 0u64;
    for part in clock.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    days.checked_mul(86_400)?.checked_add(seconds)
}

/// For how many of its last `left` seconds a job computes. In the rest it must finish a shard and ask for its next run, before
/// Slurm kills it.
pub(crate) fn working_seconds(left: u64) -> u64 {
    left.saturating_sub((left / 20).clamp(MARGIN_LEAST, MARGIN_MOST))
}

/// The job of this process, as Slurm's commands name it: `12_3` for a task of an array.
pub(crate) fn job(environment: impl Environment) -> Option<String> {
    let array = number(&environment, "SLURM_ARRAY_JOB_ID");
    match (array, super::task::task(&environment)) {
        (Some(array), Some(task)) => Some(format!("{array}_{task}")),
        _ => number(&environment, "SLURM_JOB_ID").map(|job| job.to_string()),
    }
}

/// How often Slurm has started this job before.
pub(crate) fn restarts(environment: impl Environment) -> u64 {
    number(&environment, "SLURM_RESTART_COUNT").unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Environment + 'a {
        move |asked| {
            let variable = variables.iter().find(|(name, _)| *name == asked);
            variable.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn a_task_uses_what_it_was_given() {
        assert_eq!(processors(with(&[("SLURM_CPUS_PER_TASK", "3"), ("SLURM_CPUS_ON_NODE", "4")])), Some(3));
        assert_eq!(processors(with(&[("SLURM_CPUS_ON_NODE", "4")])), Some(4));
        assert_eq!((processors(with(&[])), processors(with(&[("SLURM_CPUS_PER_TASK", "0")]))), (None, None));
        assert_eq!(memory(with(&[("SLURM_MEM_PER_NODE", "512")])), Some(512 << 20));
        let per_processor = [("SLURM_MEM_PER_CPU", "100"), ("SLURM_CPUS_ON_NODE", "4")];
        assert_eq!(memory(with(&per_processor)), Some(400 << 20));
        // 0 asks for all memory of the node.
        assert_eq!(memory(with(&[("SLURM_MEM_PER_NODE", "0")])), None);
    }

    #[test]
    fn a_job_knows_its_end() {
        let end = with(&[("SLURM_JOB_END_TIME", "1000")]);
        assert_eq!((seconds_left(&end, 400), seconds_left(&end, 1001)), (Some(600), None));
        assert_eq!(seconds_left(with(&[("SLURM_JOB_END_TIME", "4294967294")]), 400), None);
        let times = ["30:00", "1-02:03:04", "0:05", "UNLIMITED", "INVALID", ""].map(parse_time_left);
        assert_eq!(times, [Some(1800), Some(93_784), Some(5), None, None, None]);
        assert_eq!([5, 60, 600, 1800, 7200].map(working_seconds), [0, 50, 570, 1740, 7140]);
    }

    #[test]
    fn a_task_is_known_by_array_and_number() {
        let task = [("SLURM_ARRAY_JOB_ID", "12"), ("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_JOB_ID", "15")];
        assert_eq!(job(with(&task)).as_deref(), Some("12_3"));
        assert_eq!(job(with(&task[2..])).as_deref(), Some("15"));
        assert_eq!(job(with(&[])), None);
        assert_eq!((restarts(with(&[])), restarts(with(&[("SLURM_RESTART_COUNT", "2")]))), (0, 2));
    }
}
