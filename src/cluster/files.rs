//! The files of a cluster's machines, as text.

use super::definition::{Cluster, Machine, SlurmVersion};

/// Where Debian and Ubuntu keep Slurm's files: 21.08 and 22.05 alike.
pub(crate) const SLURM_FOLDER: &str = "/etc/slurm";
/// The file of allowed devices, which Slurm 22.05 calls obsolete.
pub(crate) const ALLOWED_DEVICES: &str = "cgroup_allowed_devices_file.conf";
/// Jobs that Slurm keeps by default; every task of an array counts as one.
const JOBS_DEFAULT: u64 = 10_000;

/// Lines of `/etc/hosts`.
pub(crate) fn hosts(cluster: &Cluster) -> String {
    cluster.machines.iter().map(|machine| format!("{} {}\n", machine.address, machine.name)).collect()
}

/// `slurm.conf`, the same on all machines.
pub(crate) fn slurm_conf(cluster: &Cluster) -> String {
    let controller = cluster.controller();
    let (process, task) = match (cluster.has_cgroups, cluster.slurm) {
        (true, _) => ("proctrack/cgroup", "task/cgroup,task/affinity"),
        (false, _) => ("proctrack/linuxproc", "task/affinity"),
    };
    let sections: [(&str, &[(&str, &str)]); 5] = [
        (
            "The controller.",
            &[
                ("ClusterName", &cluster.name),
                ("SlurmctldHost", &format!("{}({})", controller.name, controller.address)),
                ("SlurmUser", "slurm"),
                ("AuthType", "auth/munge"),
            ],
        ),
        (
            "Paths of the packages of Debian and Ubuntu.",
            &[
                ("StateSaveLocation", "/var/lib/slurm/slurmctld"),
                ("SlurmdSpoolDir", "/var/lib/slurm/slurmd"),
                ("SlurmctldPidFile", "/run/slurmctld.pid"),
                ("SlurmdPidFile", "/run/slurmd.pid"),
                ("SlurmctldLogFile", "/var/log/slurm/slurmctld.log"),
                ("SlurmdLogFile", "/var/log/slurm/slurmd.log"),
            ],
        ),
        (
            "Processors are given out one by one; memory is not counted, so --mem of a task only has to fit a node.",
            &[
                ("SelectType", "select/cons_tres"),
                ("SelectTypeParameters", "CR_Core"),
                ("SchedulerType", "sched/backfill"),
                ("ProctrackType", process),
                ("TaskPlugin", task),
                ("MpiDefault", "none"),
                ("JobCompType", "jobcomp/none"),
                ("AccountingStorageType", "accounting_storage/none"),
            ],
        ),
        (
            "A machine that lost power comes back by itself (2), and what ran on it is repeated elsewhere after two \
             minutes:\n# longer than a Pi takes to start again, so a quick restart costs nothing. By default it is five, and a \
             node that\n# restarted stays down until somebody says otherwise.",
            &[("SlurmdTimeout", "120"), ("ReturnToService", "2")],
        ),
        (
            "One more than the highest task of an array; every task counts as a job.",
            &[
                ("MaxArraySize", &cluster.max_array_size.to_string()),
                ("MaxJobCount", &JOBS_DEFAULT.max(2 * cluster.max_array_size).to_string()),
            ],
        ),
    ];
    let mut text = format!("# Cluster {}, for Slurm {}. {ORIGIN}\n", cluster.name, cluster.slurm.text());
    let mut is_used = vec![false; cluster.extra.len()];
    for (comment, lines) in sections {
        text += &format!("\n# {comment}\n");
        for (key, value) in lines {
            let own: Vec<usize> = (0..cluster.extra.len())
                .filter(|at| cluster.extra[*at].0.eq_ignore_ascii_case(key))
                .collect();
            match own.as_slice() {
                [] => text += &format!("{key}={value}\n"),
                replaced => {
                    for at in replaced {
                        text += &format!("{key}={}\n", cluster.extra[*at].1);
                        is_used[*at] = true;
                    }
                }
            }
        }
    }
    if is_used.contains(&false) {
        text += "\n# From `extra`.\n";
        for ((key, value), _) in cluster.extra.iter().zip(is_used).filter(|(_, is_used)| !is_used) {
            text += &format!("{key}={value}\n");
        }
    }
    text += "\n# The nodes.\n";
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

const ORIGIN: &str = "Written by `backtest cluster` from cluster.toml: change that.";

/// `cgroup.conf`.
pub(crate) fn cgroup_conf(cluster: &Cluster) -> String {
    let cores = if cluster.has_cgroups { "yes" } else { "no" };
    let mut text = format!("# {ORIGIN}\n");
    text += match cluster.slurm {
        // The option does not exist yet: this Slurm knows the old kind alone.
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

/// The devices that every job may use, where this Slurm still reads such a file.
pub(crate) fn allowed_devices(cluster: &Cluster) -> Option<String> {
    let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/pts/*"];
    let own_folder = format!("{}*", cluster.share.path);
    let is_read = cluster.slurm == SlurmVersion::V21_08;
    is_read.then(|| {
        devices.into_iter().chain([own_folder.as_str()]).map(|device| format!("{device}\n")).collect()
    })
}

/// A line of `exports`: the share, for the other machines of the cluster and nobody else, with no rights for their root.
pub(crate) fn exports(cluster: &Cluster) -> String {
    let options = "rw,sync,no_subtree_check,root_squash";
    let others = cluster.machines.iter().filter(|machine| !machine.is_controller);
    let clients: Vec<String> = others.map(|machine| format!("{}({options})", machine.address)).collect();
    match clients.is_empty() {
        // A line without clients would be for the whole world.
        true => String::new(),
        false => format!("# {ORIGIN}\n{} {}\n", cluster.share.path, clients.join(" ")),
    }
}

/// The line of `/etc/fstab` that mounts the share; nothing where it lies on the machine itself.
pub(crate) fn fstab(cluster: &Cluster, machine: &Machine) -> String {
    match cluster.share.is_nfs && !machine.is_controller {
        // hard: a server that is away is waited for. bg, nofail: a machine starts without it, and mounts it later.
        true => format!(
            "{}:{path} {path} nfs rw,hard,bg,nofail,_netdev,noatime 0 0\n",
            cluster.controller().address,
            path = cluster.share.path
        ),
        false => String::new(),
    }
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
