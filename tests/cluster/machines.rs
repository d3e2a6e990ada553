//! Four fresh machines that `scripts/test-cluster` starts, and somebody at a laptop who reaches them by ssh.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::pace::{Pace, Wait};
use crate::support::project;

const PROGRAM: &str = env!("CARGO_BIN_EXE_backtest");
/// Longer than anything here takes on a usual machine without other work.
const PATIENCE: Duration = Duration::from_secs(120);
/// The names, in order of the addresses in the example: 192.168.1.71 and on.
pub const NAMES: [&str; 4] = ["rpicluster01", "rpicluster02", "rpicluster03", "rpicluster04"];
/// What this one machine cannot have as the example says: processors that are not there, control groups of systemd. And Slurm is to
/// miss a node, and to repeat a task, soon.
const HERE: &str = "cgroups = false\nextra = [\"SlurmdParameters=config_overrides\", \"TaskPlugin=task/none\", \
    \"SlurmdTimeout=15\", \"AuthInfo=cred_expire=15\"]\n";

/// The machines; they end with this value.
pub struct Machines {
    kept: TempDir,
    path: String,
    addresses: Vec<String>,
    /// How fast this machine was when they were started.
    pace: Pace,
}

impl Machines {
    pub fn start() -> Machines {
        let kept = tempfile::tempdir().unwrap();
        let work = kept.path().join("work");
        let bin = kept.path().join("bin");
        fs::create_dir_all(&work).unwrap();
        fs::create_dir_all(&bin).unwrap();
        // A checkout, as far as the commands of the text need one.
        for name in ["scripts", "sweeps", "strategies", "data"] {
            symlink(project(name), work.join(name)).unwrap();
        }
        symlink(PROGRAM, bin.join("backtest")).unwrap();
        symlink("backtest", bin.join("sweep")).unwrap();
        let config = kept.path().join("machines/ssh_config");
        for name in ["ssh", "scp"] {
            script(&bin.join(name), &format!("exec /usr/bin/{name} -F {} \"$@\"\n", config.display()));
        }
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut machines = Machines { kept, path, addresses: Vec::new(), pace: Pace::now() };
        machines.control(&["up-fresh"], &[]);
        let hosts = fs::read_to_string(machines.folder().join("hosts")).unwrap();
        machines.addresses = hosts.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(machines.addresses.len(), NAMES.len());
        machines
    }

    fn folder(&self) -> PathBuf {
        self.kept.path().join("machines")
    }

    /// Where the commands of the text run.
    pub fn work(&self) -> PathBuf {
        self.kept.path().join("work")
    }

    fn control(&self, command: &[&str], rest: &[&str]) -> String {
        let mut script = Command::new(project("scripts/test-cluster"));
        script.args(command).arg(self.folder()).args(rest);
        script.env("SLURM_TEST_SLOWNESS", self.pace.slowness().ceil().to_string());
        let output = script.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{command:?} {rest:?}: {}", text(&output));
        text(&output)
    }

    /// Runs a line of shell on a machine, as root.
    pub fn on(&self, name: &str, line: &str) -> String {
        self.control(&["exec"], &[name, "sh", "-c", line])
    }

    /// A power cut.
    pub fn switch_off(&self, name: &str) {
        self.control(&["kill-node"], &[name]);
    }

    /// Writes what the addresses of the example are here.
    pub fn with_addresses(&self, text: &str) -> String {
        let pairs = self.addresses.iter().enumerate();
        pairs.fold(text.to_owned(), |text, (at, here)| text.replace(&format!("192.168.1.7{}", at + 1), here))
    }

    /// Edits the copied example, as the text asks for.
    pub fn edit(&self, change: impl Fn(String) -> String) {
        let path = self.work().join("cluster.toml");
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
    }

    /// Puts in the addresses, and what is different on the one machine of the tests.
    pub fn edit_for_here(&self) {
        self.edit(|text| format!("{HERE}{}", self.with_addresses(&text)));
    }

    /// Runs lines of bash where the text says, and gives whether they ended well and what they printed.
    pub fn run(&self, lines: &str) -> (bool, String) {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", lines])
            .current_dir(self.work())
            .env("PATH", &self.path)
            // `scripts/build-aarch64` in the text; these machines have the processor of this one.
            .env("pi", PROGRAM)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.success(), text(&output))
    }

    pub fn ok(&self, lines: &str) -> String {
        let (is_well, printed) = self.run(lines);
        assert!(is_well, "{lines}\n{printed}");
        printed
    }

    /// Waits until a check says this, or nothing wrong.
    pub fn check_until(&self, expected: &str) -> String {
        let mut wait = Wait::new(PATIENCE);
        loop {
            let (is_well, told) = self.run("backtest cluster check cluster.toml");
            let is_there = if expected.is_empty() { is_well } else { told.contains(expected) };
            if is_there {
                return told;
            }
            assert!(!wait.is_in_vain(), "waited in vain for '{expected}':\n{told}");
            sleep(Duration::from_millis(500));
        }
    }

    /// Everything that a set-up could change on a machine. What Slurm writes for itself is only looked at from outside.
    pub fn state(&self, name: &str) -> String {
        self.on(
            name,
            "find /etc /usr/local /home /sharedfs -xdev -printf '%p %T@ %m %u %g\\n' | sort
             find /var/lib/slurm /var/log/slurm -maxdepth 1 -type d -printf '%p %m %u %g\\n' | sort
             hostname; findmnt --noheadings --list --output TARGET,OPTIONS; pidof munged slurmd slurmctld || :",
        )
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        // After a failed part there is nobody to tell of another failure.
        let _ = Command::new(project("scripts/test-cluster")).arg("down").arg(self.folder()).status();
    }
}

/// Writes a script that can be run.
pub fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/bash\n{text}")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}
