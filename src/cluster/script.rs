//! The scripts that the machines of a cluster run: first the values and files of the machine, then the lines that all machines
//! share.

use super::definition::{Cluster, Machine};
use super::files;
use crate::text::shell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const SETUP: &str = include_str!("../../scripts/cluster/setup-node.sh");
const CHECK: &str = include_str!("../../scripts/cluster/check-node.sh");
const RECEIVE: &str = include_str!("../../scripts/cluster/receive-program.sh");

/// The script that makes a machine part of the cluster; with `is_dry_run` it only says what it would change. `munge_key` is in
/// base64.
pub(crate) fn setup(cluster: &Cluster, machine: &Machine, munge_key: &str, is_dry_run: bool) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let values = [
        ("DRY_RUN", yes(is_dry_run)),
        ("NAME", machine.name.clone()),
        ("IS_CONTROLLER", yes(machine.is_controller)),
        ("IS_NODE", yes(machine.work.is_some())),
        ("IS_NFS", yes(cluster.share.is_nfs)),
        ("HAS_CGROUPS", yes(cluster.has_cgroups)),
        ("SLURM", cluster.slurm.text().to_owned()),
        ("SLURM_FOLDER", files::SLURM_FOLDER.to_owned()),
        ("ALLOWED_DEVICES", files::ALLOWED_DEVICES.to_owned()),
        ("LOGIN", cluster.user.clone()),
        ("SHARE", cluster.share.path.clone()),
        ("SHARE_GROUP", cluster.share.group.clone()),
        ("SHARE_GROUP_NUMBER", cluster.share.group_number.to_string()),
    ];
    let texts = [
        ("hosts", "cat", files::hosts(cluster)),
        ("slurm_conf", "cat", files::slurm_conf(cluster)),
        ("cgroup_conf", "cat", files::cgroup_conf(cluster)),
        ("allowed_devices", "cat", files::allowed_devices(cluster).unwrap_or_default()),
        ("exports", "cat", files::exports(cluster)),
        ("fstab", "cat", files::fstab(cluster, machine)),
        ("munge_key", "base64 -d", format!("{munge_key}\n")),
    ];
    let mut script = head(&values);
    for (name, command, text) in texts {
        script += &format!("text_{name}() {{\n  {command} << 'END_OF_FILE'\n{text}END_OF_FILE\n}}\n");
    }
    script + SETUP
}

/// The script that asks a machine for its state. The machine tries to open `credential`, which munge sealed on the controller.
pub(crate) fn check(cluster: &Cluster, machine: &Machine, credential: &str) -> String {
    let values = [
        ("IS_CONTROLLER", if machine.is_controller { "yes" } else { "no" }.to_owned()),
        ("SLURM_FOLDER", files::SLURM_FOLDER.to_owned()),
        ("SHARE", cluster.share.path.clone()),
        ("CREDENTIAL", credential.to_owned()),
    ];
    head(&values) + CHECK
}

/// The script that installs the program whose bytes follow it and whose SHA-256 is `checksum`.
pub(crate) fn receive(checksum: &str) -> String {
    head(&[("CHECKSUM", checksum.to_owned())]) + RECEIVE
}

/// The script that prints the processor of a machine and the checksum of its program.
pub(crate) fn inventory() -> String {
    "uname -m\nsha256sum < /usr/local/bin/backtest 2> /dev/null | cut -d' ' -f1\nexit\n".to_owned()
}

/// Bytes in base64, with a line break after every 64 characters.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let lines = bytes.chunks(48).map(|bytes| STANDARD.encode(bytes));
    lines.map(|line| if line.len() == 64 { line + "\n" } else { line }).collect()
}

/// The first lines of a script: the shell, and the values as variables.
fn head(values: &[(&str, String)]) -> String {
    let mut text =
        "#!/bin/bash\nset -u -o pipefail\nexport LC_ALL=C PATH=\"$PATH:/usr/sbin:/sbin\"\n".to_owned();
    for (name, value) in values {
        text += &format!("{name}={}\n", shell::bash(value));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn base64_reads_every_length_back() {
        for length in [0, 1, 2, 3, 47, 48, 49, 128] {
            let bytes: Vec<u8> = (0..length).map(|index| (index * 37 % 256) as u8).collect();
            let script = format!("base64 -d << 'END'\n{}\nEND\n", base64_lines(&bytes));
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(output.stdout, bytes, "{length} bytes");
        }
    }
}
