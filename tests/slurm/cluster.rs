//! The cluster: started, used, stopped.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::pace::{Pace, Wait};
use crate::support::{names_below, project};

/// Longer than anything here takes on a usual machine without other work.
const PATIENCE: Duration = Duration::from_secs(240);
const LOOK_TIME: Duration = Duration::from_millis(300);

/// A cluster that ends with its value.
pub struct Cluster {
    folder: TempDir,
    path: String,
    conf: String,
    files: Option<PathBuf>,
    /// How fast the machine was when the cluster was started.
    pub pace: Pace,
}

/// Held by a test while its cluster runs: side by side they would be too slow for what they time.
pub type Turn = MutexGuard<'static, ()>;

/// Whether to change this machine (packages, users, servers), as soon as no other test does.
pub fn turn() -> Option<Turn> {
    static TURN: Mutex<()> = Mutex::new(());
    if std::env::var_os("BACKTEST_SLURM").is_none() {
        println!(
            "skipped: the tests on Slurm need Debian, root and BACKTEST_SLURM=1, which installs its packages"
        );
        return None;
    }
    // A test that failed has left nothing behind.
    Some(TURN.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Cluster {
    /// Starts it, with settings of its own or those in a folder.
    pub fn start(_turn: &Turn, files: Option<&Path>) -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        // The shared folder is reached by every user.
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_backtest"), bin.join("backtest")).unwrap();
        symlink("backtest", bin.join("sweep")).unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let files = files.map(Path::to_owned);
        let pace = Pace::now();
        println!("{pace:?}: {:.1} times as slow as usual", pace.slowness());
        let mut cluster = Cluster { folder, path, conf: String::new(), files, pace };
        cluster.control("up", "");
        cluster.conf = cluster.control("env", "").trim().replace("export SLURM_CONF=", "");
        cluster
    }

    /// Runs `scripts/test-cluster`.
    pub fn control(&self, command: &str, node: &str) -> String {
        let folder = self.folder.path().join("cluster");
        let mut script = Command::new(project("scripts/test-cluster"));
        script.arg(command).arg(folder).args(Some(node).filter(|node| !node.is_empty()));
        script.env("SLURM_TEST_SLOWNESS", self.pace.slowness().ceil().to_string());
        script.envs(self.files.as_ref().map(|files| ("SLURM_TEST_FILES", files)));
        let output = script.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{command} {node}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// A folder that all nodes see. What the script that ships calls `/sharedfs/results` is `results`.
    pub fn shared(&self, name: &str) -> PathBuf {
        self.folder.path().join("cluster/sharedfs").join(name)
    }

    fn command(&self, folder: &Path, line: &[&str], input: &str) -> Output {
        let mut child = Command::new("env")
            .args(line)
            .current_dir(folder)
            .env("PATH", &self.path)
            .env("SLURM_CONF", &self.conf)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What a command prints on both streams, and whether it ends well.
    pub fn run(&self, folder: &Path, line: &[&str]) -> (bool, String) {
        let output = self.command(folder, line, "");
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    }

    /// What a command that ends well prints as its result.
    pub fn ok(&self, folder: &Path, line: &[&str]) -> String {
        let output = self.command(folder, line, "");
        assert!(output.status.success(), "{line:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Submits a script, one on standard input if none is named, and gives the number of the job.
    pub fn submit(&self, folder: &Path, arguments: &[&str], script: &str) -> String {
        let output = self.command(folder, &[&["sbatch", "--parsable"], arguments].concat(), script);
        assert!(output.status.success(), "sbatch {arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    /// States of a job's tasks that are still in the queue.
    pub fn queue(&self, job: &str) -> String {
        // A job that Slurm has forgotten is an error to squeue.
        self.run(Path::new("/"), &["squeue", "--noheader", "--array", "--format=%T", "--job", job]).1
    }

    /// Waits until nothing of a job is in the queue.
    pub fn wait(&self, job: &str) {
        self.wait_until(&format!("job {job} ends"), || {
            let queue = self.queue(job);
            queue.trim().is_empty() || queue.contains("Invalid job id")
        });
    }

    /// Waits until there is a shard that begins with one of these points.
    pub fn wait_for_shard(&self, results: &Path, points: &Range<u32>) {
        let begins_there = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".blocks");
            let first = name.and_then(|name| name.split('-').next()?.parse().ok());
            first.is_some_and(|first| points.contains(&first))
        };
        self.wait_until("a shard appears", || {
            results.is_dir() && names_below(results).iter().any(begins_there)
        });
    }

    /// Waits until something is true.
    pub fn wait_until(&self, what: &str, is_true: impl Fn() -> bool) {
        let mut wait = Wait::new(PATIENCE);
        while !is_true() {
            if wait.is_in_vain() {
                let (_, queue) = self.run(Path::new("/"), &["squeue"]);
                let (_, nodes) = self.run(Path::new("/"), &["sinfo", "-N", "-l"]);
                panic!("waited in vain until {what}\n{queue}\n{nodes}");
            }
            sleep(LOOK_TIME);
        }
    }

    /// The merged points of the one sweep in a folder of results, none of them missing.
    pub fn points(&self, results: &Path) -> String {
        self.ok(Path::new("/"), &["sweep", "aggregate", "--strict", results.to_str().unwrap()]);
        let points = names_below(results).into_iter().find(|path| path.ends_with("aggregate/points.csv"));
        std::fs::read_to_string(points.unwrap()).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let folder = self.folder.path().join("cluster");
        // After a failed part there is nobody to tell of another failure.
        let _ = Command::new(project("scripts/test-cluster")).arg("down").arg(folder).status();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
