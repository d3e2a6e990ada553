//! The text of the configuration files on the machines of a cluster.

use super::definition::{Cluster, Machine, SlurmVersion};

/// The folder of Slurm's configuration in Debian and Ubuntu, for 21.08 and 22.05 alike.
pub(crate) const SLURM_FOLDER: &str = "/etc/slurm";
/// The list of allowed devices, which Slurm 22.05 calls obsolete.
pub(crate) const ALLOWED_DEVICES: &str = "cgroup_allowed_devices_file.conf";
/// Jobs that Slurm keeps by default; every task of an array counts as one.
const JOBS_DEFAULT: u64 = 10_000;
const ORIGIN: &str = "Written by `backtest cluster` from cluster.toml: change that.";

/// The lines of `/etc/hosts`, one a machine.
pub(crate) fn hosts(cluster: &Cluster) -> String {
    cluster.machines.iter().map(|machine| format!("{} {}\n", machine.address, machine.name)).collect()
}

/// A comment of `slurm.conf`, and the keys with their values below it.
type ConfSection = (&'static str, Vec<(&'static str, String)>);

/// The text of `slurm.conf`, the same on all machines.
pub(crate) fn slurm_conf(cluster: &Cluster) -> String {
    let sections = sections(cluster);
    let mut text = format!("# Cluster {}, for Slurm {}. {ORIGIN}\n", cluster.name, cluster.slurm.text());
    for (comment, settings) in &sections {
        text += &format!("\n# {comment}\n");
        for (key, value) in settings {
            let own = cluster.extra.iter().filter(|(own, _)| own.eq_ignore_ascii_case(key));
            let own: Vec<&String> = own.map(|(_, value)| value).collect();
            let values = if own.is_empty() { vec![value] } else { own };
            values.iter().for_each(|value| text += &format!("{key}={value}\n"));
        }
    }
    let keys = sections.iter().flat_map(|(_, settings)| settings).map(|(key, _)| *key);
    let rest = cluster.extra.iter().filter(|(own, _)| !keys.clone().any(|key| own.eq_ignore_ascii_case(key)));
    let rest: String = rest.map(|(key, value)| format!("{key}={value}\n")).collect();
    if !rest.is_empty() {
        text += &format!("\n# From `extra`.\n{rest}");
    }
    text + &nodes(cluster)
}

/// The settings that all clusters have; lines of `extra` with the same key replace them.
fn sections(cluster: &Cluster) -> [ConfSection; 5] {
    let settings = |lines: &[(&'static str, &str)]| {
        lines.iter().map(|(key, value)| (*key, (*value).to_owned())).collect::<Vec<_>>()
    };
    let controller = cluster.controller();
    let (process, task) = if cluster.has_cgroups {
        ("proctrack/cgroup", "task/cgroup,task/affinity")
    } else {
        ("proctrack/linuxproc", "task/affinity")
    };
    [
        (
            "The controller.",
            settings(&[
                ("ClusterName", &cluster.name),
                ("SlurmctldHost", &format!("{}({})", controller.name, controller.address)),
                ("SlurmUser", "slurm"),
                ("AuthType", "auth/munge"),
            ]),
        ),
        (
            "Paths of the packages of Debian and Ubuntu.",
            settings(&[
                ("StateSaveLocation", "/var/lib/slurm/slurmctld"),
                ("SlurmdSpoolDir", "/var/lib/slurm/slurmd"),
                ("SlurmctldPidFile", "/run/slurmctld.pid"),
                ("SlurmdPidFile", "/run/slurmd.pid"),
                ("SlurmctldLogFile", "/var/log/slurm/slurmctld.log"),
                ("SlurmdLogFile", "/var/log/slurm/slurmd.log"),
            ]),
        ),
        (
            "Processors are given out one by one; memory is not counted, so --mem of a task only has to fit a node.",
            settings(&[
                ("SelectType", "select/cons_tres"),
                ("SelectTypeParameters", "CR_Core"),
                ("SchedulerType", "sched/backfill"),
                ("ProctrackType", process),
                ("TaskPlugin", task),
                ("MpiDefault", "none"),
                ("JobCompType", "jobcomp/none"),
                ("AccountingStorageType", "accounting_storage/none"),
            ]),
        ),
        (
            "A machine that lost power comes back by itself (2), and what ran on it is repeated elsewhere after two \
             minutes:\n# longer than a Pi takes to start again, so a quick restart costs nothing. By default it is five, and a \
             node that\n# restarted stays down until somebody says otherwise.",
            settings(&[("SlurmdTimeout", "120"), ("ReturnToService", "2")]),
        ),
        (
            "One more than the highest task of an array; every task counts as a job.",
            settings(&[
                ("MaxArraySize", &cluster.max_array_size.to_string()),
                ("MaxJobCount", &JOBS_DEFAULT.max(2 * cluster.max_array_size).to_string()),
            ]),
        ),
    ]
}

/// The nodes and their partition.
fn nodes(cluster: &Cluster) -> String {
    let mut text = "\n# The nodes.\n".to_owned();
    for (machine, work) in cluster.workers() {
        text += &format!(
            "NodeName={} NodeAddr={} CPUs={} RealMemory={} State=UNKNOWN\n",
            machine.name, machine.address, work.cpus, work.memory
        );
    }
    let names: Vec<&str> = cluster.workers().map(|(machine, _)| machine.name.as_str()).collect();
    text += &format!(
        "PartitionName={} Nodes={} Default=YES MaxTime=INFINITE State=UP\n",
        cluster.partition,
        names.join(",")
    );
    text
}

/// The text of `cgroup.conf`.
pub(crate) fn cgroup_conf(cluster: &Cluster) -> String {
    let cores = if cluster.has_cgroups { "yes" } else { "no" };
    let mut text = format!("# {ORIGIN}\n");
    text += match cluster.slurm {
        // This version supports version 1 of control groups only and has no `CgroupPlugin`.
        SlurmVersion::V21_08 => "CgroupAutomount=yes\n",
        SlurmVersion::V22_05 => "CgroupPlugin=autodetect\n",
    };
    text += &format!("ConstrainCores={cores}\n");
    text += "# Memory and swap are not constrained: the kernel of a Raspberry Pi starts without that controller.\n";
    text += "ConstrainRAMSpace=no\nConstrainSwapSpace=no\nConstrainDevices=no\n";
    if cluster.slurm == SlurmVersion::V21_08 {
        text += "# Read where ConstrainDevices is yes.\n";
        text += &format!("AllowedDevicesFile={SLURM_FOLDER}/{ALLOWED_DEVICES}\n");
    }
    text
}

/// The list of devices that every job may use; `None` if this version of Slurm reads no such list.
pub(crate) fn allowed_devices(cluster: &Cluster) -> Option<String> {
    let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/pts/*"];
    let own_folder = format!("{}*", cluster.share.path);
    let is_read = cluster.slurm == SlurmVersion::V21_08;
    is_read.then(|| {
        devices.into_iter().chain([own_folder.as_str()]).map(|device| format!("{device}\n")).collect()
    })
}

/// The line of `/etc/exports` that gives the share to the other machines of the cluster and to nobody else, without rights for
/// their root. Empty if there is no other machine.
pub(crate) fn exports(cluster: &Cluster) -> String {
    let options = "rw,sync,no_subtree_check,root_squash";
    let others = cluster.machines.iter().filter(|machine| !machine.is_controller);
    let clients: Vec<String> = others.map(|machine| format!("{}({options})", machine.address)).collect();
    if clients.is_empty() {
        // A line without clients would export the share to the whole world.
        return String::new();
    }
    format!("# {ORIGIN}\n{} {}\n", cluster.share.path, clients.join(" "))
}

/// The line of `/etc/fstab` that mounts the share. Empty on the controller, and if the share is mounted by other means.
pub(crate) fn fstab(cluster: &Cluster, machine: &Machine) -> String {
    if !cluster.share.is_nfs || machine.is_controller {
        return String::new();
    }
    // hard: a program waits for a server that is away. bg, nofail: a machine starts without it and mounts the share later.
    format!(
        "{}:{path} {path} nfs rw,hard,bg,nofail,_netdev,noatime 0 0\n",
        cluster.controller().address,
        path = cluster.share.path
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../scripts/cluster/cluster.toml");

    fn cluster(change: impl Fn(String) -> String) -> Cluster {
        Cluster::parse("c.toml", &change(EXAMPLE.to_owned())).unwrap()
    }

    #[test]
    fn a_line_of_the_user_replaces_ours() {
        let cluster = cluster(|text| {
            format!("extra = [\"slurmdtimeout=15\", \"SlurmctldParameters=a\", \"KillWait=5\"]\n{text}")
        });
        let conf = slurm_conf(&cluster);
        assert_eq!(conf.matches("imeout=").count(), 1, "{conf}");
        assert!(conf.contains("\nSlurmdTimeout=15\n") && conf.contains("\nKillWait=5\n"), "{conf}");
    }

    #[test]
    fn only_the_old_slurm_names_devices() {
        let (new, old) = (cluster(|text| text), cluster(|text| text.replace("\"22.05\"", "\"21.08\"")));
        assert!(cgroup_conf(&new).contains("CgroupPlugin=") && !cgroup_conf(&old).contains("CgroupPlugin="));
        assert!(cgroup_conf(&old).contains("/etc/slurm/cgroup_allowed_devices_file.conf"));
        assert_eq!((allowed_devices(&new), allowed_devices(&old).is_some()), (None, true));
        assert!(slurm_conf(&old).contains("ProctrackType=proctrack/linuxproc\n"));
        assert!(slurm_conf(&new).contains("ProctrackType=proctrack/cgroup\n"));
    }

    #[test]
    fn the_share_is_exported_to_the_nodes_alone() {
        let cluster = cluster(|text| text);
        let exports = exports(&cluster);
        assert_eq!(exports.matches("root_squash").count(), 3, "{exports}");
        assert!(!exports.contains("192.168.1.71") && !exports.contains('*'), "{exports}");
        assert_eq!(fstab(&cluster, cluster.controller()), "");
        assert!(fstab(&cluster, &cluster.machines[1]).starts_with("192.168.1.71:/sharedfs /sharedfs nfs "));
    }
}
