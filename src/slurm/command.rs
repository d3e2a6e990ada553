//! The command lines of Slurm's programs, and the meaning of what they print.

use super::settings::JobSettings;

/// Slurm's default of `MaxArraySize`, used where the cluster does not say its own.
pub(crate) const MAX_ARRAY_SIZE: u64 = 1001;

/// A program with its arguments.
pub(crate) type CommandLine = Vec<String>;

fn line<const N: usize>(words: [&str; N]) -> CommandLine {
    words.map(str::to_owned).into()
}

/// Submits the script on standard input and prints the number of the job.
pub(crate) fn submit() -> CommandLine {
    line(["sbatch", "--parsable"])
}

/// Submits a command that runs after all tasks of a job have ended, whether they succeeded or not.
pub(crate) fn submit_after(
    job: &str,
    name: &str,
    log: &str,
    command: &str,
    settings: &JobSettings,
) -> CommandLine {
    let mut words = line(["sbatch", "--parsable"]);
    words.push(format!("--dependency=afterany:{job}"));
    words.push(format!("--job-name={name}-aggregate"));
    // In a file name Slurm replaces `%` and a letter, unless the sign is doubled.
    words.push(format!("--output={}", log.replace('%', "%%")));
    let wanted = |key: &str| ["partition", "account", "qos", "constraint"].contains(&key);
    for (key, value) in settings.options.iter().filter(|(key, _)| wanted(key)) {
        words.push(format!("--{key}={value}"));
    }
    words.push(format!("--wrap={command}"));
    words
}

/// The number of the job in the output of `sbatch --parsable`: `12` or `12;cluster`.
pub(crate) fn parse_submitted(answer: &str) -> Option<&str> {
    let number = answer.trim().split(';').next()?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// Prints the settings of the cluster.
pub(crate) fn show_config() -> CommandLine {
    line(["scontrol", "show", "config"])
}

/// `MaxArraySize` in the settings of the cluster: one more than the highest number of an array task.
pub(crate) fn parse_max_array_size(answer: &str) -> Option<u64> {
    let line = answer.lines().find(|line| line.trim_start().starts_with("MaxArraySize"))?;
    line.split_once('=')?.1.trim().parse().ok().filter(|size| *size > 1)
}

/// Puts a running job back into the queue.
pub(crate) fn requeue(job: &str) -> CommandLine {
    line(["scontrol", "requeue", job])
}

/// Prints how long a job may still run.
pub(crate) fn time_left(job: &str) -> CommandLine {
    line(["squeue", "--noheader", "--format=%L", "--job", job])
}

/// Prints the state and the comment of every task.
pub(crate) fn queue() -> CommandLine {
    line(["squeue", "--noheader", "--array", "--format=%T|%k"])
}

/// The number of tasks with this comment in each state, in the order of the names of the states.
pub(crate) fn parse_queue(answer: &str, comment: &str) -> Vec<(String, u64)> {
    let mut counts = std::collections::BTreeMap::new();
    for line in answer.lines() {
        if let Some((state, own)) = line.split_once('|')
            && own.trim() == comment
        {
            *counts.entry(state.trim().to_lowercase()).or_insert(0) += 1;
        }
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        assert_eq!(parse_submitted("12\n"), Some("12"));
        assert_eq!(parse_submitted("12;cluster\n"), Some("12"));
        assert_eq!((parse_submitted(""), parse_submitted("sbatch: error")), (None, None));
        let config = "Configuration data as of today\nMaxArraySize            = 10001\nMaxJobCount = 5\n";
        assert_eq!((parse_max_array_size(config), parse_max_array_size("")), (Some(10_001), None));
        let queue = "RUNNING|a-1\nPENDING|a-1\nPENDING|a-1\nRUNNING|b-2\nRUNNING|(null)\n";
        assert_eq!(parse_queue(queue, "a-1"), [("pending".to_owned(), 2), ("running".to_owned(), 1)]);
    }

    #[test]
    fn the_last_job_waits_for_all_tasks() {
        let options = [("time", "1"), ("partition", "pis")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let settings = JobSettings { options, ..JobSettings::default() };
        let words = submit_after("12", "momentum", "/r/100%.out", "true", &settings);
        assert_eq!(
            words[2..],
            [
                "--dependency=afterany:12",
                "--job-name=momentum-aggregate",
                "--output=/r/100%%.out",
                "--partition=pis",
                "--wrap=true"
            ]
        );
    }
}
