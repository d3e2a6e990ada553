//! Reads `cluster.toml`, the machines and settings of a cluster. Every value is checked here, so that in a script or in a line
//! of `slurm.conf` it is a single word.

use std::net::Ipv4Addr;

use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};

const KEYS: [&str; 10] = [
    "name",
    "user",
    "slurm",
    "cgroups",
    "max_array_size",
    "extra",
    "controller",
    "node",
    "share",
    "partition",
];
const ARRAY_MOST: i64 = 4_000_001;
/// Enough tasks for a large sweep, and `slurmctld` still takes little memory.
const ARRAY_DEFAULT: i64 = 10_001;
const GROUP: &str = "sweeps";
const GROUP_NUMBER: i64 = 3000;
/// Folders of the system, which must not be the share: its set-up gives the folder to a group.
const SYSTEM_FOLDERS: [&str; 17] = [
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run",
    "sbin", "sys", "usr", "var",
];

/// The version of Slurm that the distribution of the machines packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlurmVersion {
    /// The version in Ubuntu 22.04.
    V21_08,
    /// The version in Debian 12 and Raspberry Pi OS 12.
    V22_05,
}

impl SlurmVersion {
    /// The version as `cluster.toml` writes it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            SlurmVersion::V21_08 => "21.08",
            SlurmVersion::V22_05 => "22.05",
        }
    }
}

/// A machine of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Its host name.
    pub name: String,
    /// The address at which the other machines reach it.
    pub address: Ipv4Addr,
    /// Whether `slurmctld` runs on it, and the share is stored on it.
    pub is_controller: bool,
    /// What it gives to jobs; `None` if it runs no jobs.
    pub work: Option<Work>,
}

/// What a machine gives to jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    /// Number of processors.
    pub cpus: u64,
    /// Memory in MiB.
    pub memory: u64,
}

/// The folder that all machines share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    /// Its path, the same on the controller and on the machines that mount it.
    pub path: String,
    /// Whether the controller exports it by NFS; otherwise it is mounted by other means.
    pub is_nfs: bool,
    /// The group that may write to it.
    pub group: String,
    /// The number of the group, the same on all machines.
    pub group_number: u64,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// Its name.
    pub name: String,
    /// The user who logs in to all machines and submits jobs.
    pub user: String,
    /// The version of Slurm on all machines.
    pub slurm: SlurmVersion,
    /// Whether control groups of the kernel confine jobs to their processors.
    pub has_cgroups: bool,
    /// One more than the highest number of an array task.
    pub max_array_size: u64,
    /// Settings of `slurm.conf`, key and value, that replace ours or come after them.
    pub extra: Vec<(String, String)>,
    /// The controller first, then the nodes.
    pub machines: Vec<Machine>,
    /// The shared folder.
    pub share: Share,
    /// The name of the partition.
    pub partition: String,
}

impl Cluster {
    /// Reads the text of a file; `path` is for error messages.
    ///
    /// # Errors
    /// A key is unknown or missing, or a value is not allowed.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Cluster, ConfigError> {
        let document = Document::new(path, text)?;
        let root = document.table();
        root.allow(&KEYS)?;
        let slurm = version(&root.require("slurm")?)?;
        let cgroups = root.get("cgroups").map(|field| field.boolean()).transpose()?;
        let partition = root.require_table("partition")?;
        partition.allow(&["name"])?;
        Ok(Cluster {
            name: word(&root.require("name")?, "a name")?,
            user: user(&root.require("user")?)?,
            slurm,
            // Slurm 21.08 supports version 1 of control groups only, and Ubuntu 22.04 starts with version 2.
            has_cgroups: cgroups.unwrap_or(slurm != SlurmVersion::V21_08),
            max_array_size: whole(&root, "max_array_size", 2, ARRAY_MOST, Some(ARRAY_DEFAULT))?,
            extra: extra(&root)?,
            machines: machines(&root)?,
            share: share(&root.require_table("share")?)?,
            partition: word(&partition.require("name")?, "a name")?,
        })
    }

    /// The machine that runs `slurmctld`.
    pub(crate) fn controller(&self) -> &Machine {
        &self.machines[0]
    }

    /// The machines that run jobs.
    pub(crate) fn workers(&self) -> impl Iterator<Item = (&Machine, Work)> {
        self.machines.iter().filter_map(|machine| Some((machine, machine.work?)))
    }
}

fn version(field: &Field) -> Result<SlurmVersion, ConfigError> {
    match field.text()? {
        "21.08" => Ok(SlurmVersion::V21_08),
        "22.05" => Ok(SlurmVersion::V22_05),
        _ => Err(field.expected("\"21.08\" (Ubuntu 22.04) or \"22.05\" (Debian 12)")),
    }
}

/// The controller, then the nodes. A controller that is a node too is listed once, first.
fn machines(root: &Table) -> Result<Vec<Machine>, ConfigError> {
    let table = root.require_table("controller")?;
    table.allow(&["name", "address"])?;
    let controller = Machine {
        name: host(&table.require("name")?)?,
        address: address(&table.require("address")?)?,
        is_controller: true,
        work: None,
    };
    let mut machines = vec![controller];
    let nodes = root.require("node")?;
    let nodes = nodes.list().ok_or_else(|| nodes.expected("a list of tables, each begun with [[node]]"))?;
    if nodes.is_empty() {
        return Err(root.require("node")?.expected("at least one node"));
    }
    for node in &nodes {
        let table = node.table()?;
        table.allow(&["name", "address", "cpus", "memory"])?;
        let (name_field, address_field) = (table.require("name")?, table.require("address")?);
        let (name, address) = (host(&name_field)?, address(&address_field)?);
        let work = Work {
            cpus: whole(&table, "cpus", 1, 1024, None)?,
            memory: whole(&table, "memory", 1, 1 << 24, None)?,
        };
        let first = &mut machines[0];
        if first.work.is_none() && first.name == name && first.address == address {
            first.work = Some(work);
            continue;
        }
        if let Some(other) = machines.iter().find(|other| other.name == name) {
            let other = other.address;
            return Err(name_field.error(format!("'{name}' is the name of the machine at {other} already")));
        }
        if let Some(other) = machines.iter().find(|other| other.address == address) {
            let other = &other.name;
            return Err(address_field.error(format!("{address} is the address of '{other}' already")));
        }
        machines.push(Machine { name, address, is_controller: false, work: Some(work) });
    }
    Ok(machines)
}

fn share(table: &Table) -> Result<Share, ConfigError> {
    table.allow(&["path", "nfs", "group", "group_number"])?;
    Ok(Share {
        path: folder(&table.require("path")?)?,
        is_nfs: table.get("nfs").map(|field| field.boolean()).transpose()?.unwrap_or(true),
        group: table.get("group").map(|field| user(&field)).transpose()?.unwrap_or(GROUP.to_owned()),
        group_number: whole(table, "group_number", 1000, 60_000, Some(GROUP_NUMBER))?,
    })
}

/// The lines `Key=Value` of `extra`, split.
fn extra(root: &Table) -> Result<Vec<(String, String)>, ConfigError> {
    let Some(field) = root.get("extra") else {
        return Ok(Vec::new());
    };
    let line = |field: &Field| {
        let text = field.text()?;
        let legal = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        let taken = |key: &str| {
            ["nodename", "partitionname", "include"].iter().any(|taken| key.eq_ignore_ascii_case(taken))
        };
        match text.split_once('=') {
            Some((key, value))
                if legal(key) && !taken(key) && !value.chars().any(|c| c.is_control() || c == '#') =>
            {
                Ok((key.to_owned(), value.to_owned()))
            }
            _ => Err(field.error(
                "'extra': expected a line of slurm.conf such as \"SlurmdTimeout=60\", and no nodes or partitions",
            )),
        }
    };
    field.texts()?.iter().map(line).collect()
}

fn whole(table: &Table, key: &str, least: i64, most: i64, default: Option<i64>) -> Result<u64, ConfigError> {
    let expected = format!("a whole number from {least} to {most}");
    let value = match (table.get(key), default) {
        (None, Some(default)) => default,
        _ => table.require(key)?.whole_where(|value| (least..=most).contains(&value), &expected)?,
    };
    Ok(value as u64)
}

/// A text that `is_legal` accepts, unchanged.
fn checked(field: &Field, is_legal: impl Fn(&str) -> bool, expected: &str) -> Result<String, ConfigError> {
    match field.text()? {
        text if is_legal(text) => Ok(text.to_owned()),
        _ => Err(field.expected(expected)),
    }
}

fn word(field: &Field, what: &str) -> Result<String, ConfigError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_word =
        |text: &str| (1..=40).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(legal);
    checked(field, is_word, &format!("{what} of up to 40 letters, digits, _ and -"))
}

fn user(field: &Field) -> Result<String, ConfigError> {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let is_name = |text: &str| {
        (1..=32).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && text.bytes().all(legal)
            && text != "root"
    };
    checked(
        field,
        is_name,
        "a name of small letters, digits, _ and -, and not root (an NFS share gives root no rights)",
    )
}

fn host(field: &Field) -> Result<String, ConfigError> {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_host = |text: &str| {
        (1..=63).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(legal)
            && text != "localhost"
    };
    checked(field, is_host, "a host name of small letters, digits and -, without dots")
}

fn address(field: &Field) -> Result<Ipv4Addr, ConfigError> {
    let usable = |address: &Ipv4Addr| {
        !(address.is_loopback()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_broadcast())
    };
    let parsed = field.text()?.parse::<Ipv4Addr>().ok().filter(usable);
    parsed.ok_or_else(|| field.expected("an IPv4 address of the machine, such as \"192.168.1.71\""))
}

fn folder(field: &Field) -> Result<String, ConfigError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let is_part = |part: &str| !part.is_empty() && !part.starts_with(['.', '-']) && part.bytes().all(legal);
    let is_folder = |text: &str| {
        let Some(inside) = text.strip_prefix('/').filter(|_| text.len() <= 100) else {
            return false;
        };
        let parts: Vec<&str> = inside.split('/').collect();
        let below_these = ["home", "media", "mnt", "opt", "var"];
        let is_system =
            SYSTEM_FOLDERS.contains(&parts[0]) && (parts.len() == 1 || !below_these.contains(&parts[0]));
        parts.iter().all(|part| is_part(part)) && !is_system
    };
    checked(
        field,
        is_folder,
        "a folder of its own such as \"/sharedfs\": absolute, letters, digits, _ . and - only, none of the system's",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = include_str!("../../scripts/cluster/cluster.toml");

    #[test]
    fn the_example_is_four_machines() {
        let cluster = Cluster::parse("c.toml", SOUND).unwrap();
        let names: Vec<&str> = cluster.machines.iter().map(|machine| machine.name.as_str()).collect();
        assert_eq!(names, ["rpicluster01", "rpicluster02", "rpicluster03", "rpicluster04"]);
        assert_eq!((cluster.workers().count(), cluster.controller().work), (3, None));
        assert!(cluster.share.is_nfs && cluster.has_cgroups);
    }

    #[test]
    fn a_controller_may_work_too() {
        let both = SOUND.replacen("name    = \"rpicluster02\"", "name    = \"rpicluster01\"", 1);
        let both = both.replacen("192.168.1.72", "192.168.1.71", 1);
        let cluster = Cluster::parse("c.toml", &both).unwrap();
        assert_eq!((cluster.machines.len(), cluster.workers().count()), (3, 3));
        assert!(cluster.controller().work.is_some());
    }

    #[test]
    fn old_slurm_has_no_cgroups_unless_asked_for() {
        let old = SOUND.replace("\"22.05\"", "\"21.08\"");
        assert!(!Cluster::parse("c.toml", &old).unwrap().has_cgroups);
        assert!(Cluster::parse("c.toml", &format!("cgroups = true\n{old}")).unwrap().has_cgroups);
    }
}
