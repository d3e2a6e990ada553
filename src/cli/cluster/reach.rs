//! Runs scripts on the machines of a cluster: over ssh, or directly on this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::process;
use crate::cluster::definition::{Cluster, Machine};
use crate::config::document::Document;
use crate::strategy::error::BacktestError;

/// `bash -s` reads the script from standard input; `sudo` must not ask for a password.
const AS_ROOT: &str = "if [ \"$(id -u)\" = 0 ]; then exec bash -s; else exec sudo -n bash -s; fi";
const AS_USER: &str = "exec bash -s";
/// ssh must not ask for a password, and must notice a machine that is off, also while a command runs.
const OPTIONS: [&str; 4] =
    ["-oBatchMode=yes", "-oConnectTimeout=20", "-oServerAliveInterval=15", "-oServerAliveCountMax=4"];
/// The exit code of ssh if it cannot connect.
const SSH_FAILED: i32 = 255;

#[derive(Debug, Args)]
pub(crate) struct ReachArguments {
    /// The cluster's file
    pub cluster: PathBuf,
    /// The ssh command with its options, words apart by spaces
    #[arg(long, value_name = "COMMAND", default_value = "ssh")]
    pub ssh: String,
    /// Only this machine; may be given several times
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// This command runs on that machine: no ssh to it
    #[arg(long, value_name = "NAME")]
    pub here: Option<String>,
}

/// The user that a script runs as.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// The user that `cluster.toml` names.
    User,
    /// Root, by `sudo`.
    Root,
}

/// Reads `cluster.toml`.
pub(crate) fn read_cluster(path: &Path) -> Result<Cluster, Exit> {
    let name = path.display().to_string();
    let unreadable = |error| BacktestError::Unreadable { path: name.clone(), error };
    let text = Document::text(&name, std::fs::read(path).map_err(unreadable)?)?;
    Ok(Cluster::parse(&name, &text)?)
}

impl ReachArguments {
    /// The machines that `--only` selects, in the order of the file; all without it.
    pub(crate) fn machines<'c>(&self, cluster: &'c Cluster) -> Result<Vec<&'c Machine>, Exit> {
        let names: Vec<&str> = cluster.machines.iter().map(|machine| machine.name.as_str()).collect();
        if let Some(unknown) = self.only.iter().chain(&self.here).find(|name| !names.contains(&name.as_str()))
        {
            return Err(Exit::Usage(format!(
                "no machine '{unknown}'; the machines are: {}",
                names.join(", ")
            )));
        }
        let is_selected = |machine: &&Machine| self.only.is_empty() || self.only.contains(&machine.name);
        Ok(cluster.machines.iter().filter(is_selected).collect())
    }

    /// Runs a script on a machine and hands each line that it prints to `take`. The error says why it failed and what to do.
    pub(crate) fn run(
        &self,
        cluster: &Cluster,
        machine: &Machine,
        role: Role,
        input: Vec<u8>,
        limit: Duration,
        take: impl FnMut(&str),
    ) -> Result<(), String> {
        let command = match role {
            Role::User => AS_USER,
            Role::Root => AS_ROOT,
        };
        let target = format!("{}@{}", cluster.user, machine.address);
        let is_here = self.here.as_ref() == Some(&machine.name);
        let line: Vec<String> = if is_here {
            ["sh", "-c", command].map(str::to_owned).into()
        } else {
            let ssh = self.ssh.split_whitespace().map(str::to_owned);
            ssh.chain(OPTIONS.map(str::to_owned)).chain([target.clone(), command.to_owned()]).collect()
        };
        let ended = process::converse(&line, input, limit, take)?;
        let stderr = ended.stderr.trim();
        match ended.code {
            Some(0) => Ok(()),
            Some(SSH_FAILED) if !is_here => Err(format!(
                "ssh does not get through: {stderr}; it must work without a question: ssh-copy-id {target}, then: \
                 {} {target} true",
                self.ssh
            )),
            _ if stderr.contains("sudo:") => Err(format!(
                "{stderr}; let {} use sudo without a password there: echo '{} ALL=(ALL) NOPASSWD:ALL' | sudo tee \
                 /etc/sudoers.d/backtest",
                cluster.user, cluster.user
            )),
            _ if stderr.is_empty() => Err("see above".to_owned()),
            _ => Err(stderr.to_owned()),
        }
    }
}
