//! The name of a process among all that write to one folder, in the temporary names of its files.

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// Letters of a machine's name that go into a file name.
const HOST_LETTERS: usize = 40;

/// Machine, job, restart and process: no two that run at the same time agree in all.
pub(crate) fn writer(job: &str, restarts: u64) -> String {
    format!("{}-{job}-{restarts}-{}", host(), std::process::id())
}

/// Whether a writer was a process of this machine that has ended. Nothing is known of those of other machines.
pub(crate) fn is_gone(writer: &str) -> bool {
    let mut parts = writer.rsplitn(4, '-');
    let process = parts.next().and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
    let is_here = parts.nth(2) == Some(host().as_str());
    is_here && process.is_some_and(|process| test_kill_process(process) == Err(Errno::SRCH))
}

fn host() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    host.chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .take(HOST_LETTERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_gone_when_its_process_is() {
        assert!(!is_gone(&writer("12_3", 0)), "this process runs");
        let is_gone_at = |host: &str, process: &str| is_gone(&format!("{host}-12-0-{process}"));
        assert!(is_gone_at(&host(), "2147483646"), "no process has the highest number");
        assert!(!is_gone_at("another-host", "2147483646"));
        assert!(!is_gone_at(&host(), "0") && !is_gone_at(&host(), "x"));
    }
}
