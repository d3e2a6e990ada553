//! Finds the faults of a cluster in the answers of its machines.

use std::collections::HashMap;

use super::definition::{Cluster, Machine};
use super::program;

/// Seconds by which clocks may differ. Munge tolerates minutes, but the times of files on a share mislead sooner.
const SKEW_MOST: f64 = 5.0;

/// The answers of a machine by key; those about the nodes of the cluster are kept apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    values: HashMap<String, String>,
    nodes: Vec<String>,
    /// Seconds by which its clock was ahead of ours, and the error of that number.
    pub clock: Option<(f64, f64)>,
}

impl Answers {
    /// Reads a line that the machine printed: a key, a space and the value.
    pub(crate) fn take(&mut self, line: &str) {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let value = value.trim().to_owned();
        match key {
            "node" => self.nodes.push(value),
            _ => drop(self.values.insert(key.to_owned(), value)),
        }
    }

    /// The value of a key; empty if the machine did not give it.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// Whether the machine answered the last question.
    pub(crate) fn is_whole(&self) -> bool {
        self.values.contains_key("end")
    }
}

/// A fault of a machine, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong.
    pub text: String,
    /// What to do.
    pub remedy: String,
}

impl Fault {
    fn new(text: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault { text: text.into(), remedy: remedy.into() }
    }
}

const SET_UP_AGAIN: &str = "run `backtest cluster setup` again";
const INSTALL_AGAIN: &str = "run `backtest cluster install` again";

/// The faults of a machine, from its answers and those of the controller. For the controller itself the two are the same.
pub(crate) fn faults(
    cluster: &Cluster,
    machine: &Machine,
    answers: &Answers,
    controller: &Answers,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let first = &cluster.controller().name;
    if answers.get("name") != machine.name {
        faults.push(Fault::new(
            format!("the machine at {} calls itself '{}'", machine.address, answers.get("name")),
            SET_UP_AGAIN,
        ));
    }
    faults.extend(munge(answers, first));
    faults.extend(clock(answers, controller, first));
    faults.extend(user(answers, controller, first));
    faults.extend(share(cluster, machine, answers));
    faults.extend(program(answers, controller, first));
    faults.extend(slurm_conf(answers, controller, first));
    if answers.get("slurmctld") != "up" {
        let remedy = if machine.is_controller {
            "see there: sudo systemctl status slurmctld; /var/log/slurm/slurmctld.log".to_owned()
        } else {
            format!("does {first} run, and slurmctld on it? see there: sudo systemctl status slurmctld")
        };
        faults.push(Fault::new(format!("slurmctld is unreachable: {}", answers.get("slurmctld")), remedy));
    }
    if machine.is_controller && answers.get("slurmctld") == "up" {
        faults.extend(array_size(cluster, answers));
    }
    if machine.work.is_some() && controller.get("slurmctld") == "up" {
        faults.extend(node(machine, controller));
    }
    faults
}

fn munge(answers: &Answers, first: &str) -> Option<Fault> {
    if answers.get("munge") != "up" {
        let text = format!("munge is down: {}", answers.get("munge"));
        return Some(Fault::new(text, "see there: sudo systemctl status munge; /var/log/munge/munged.log"));
    }
    let opened = answers.get("opened");
    let is = |text: &str| opened.contains(text);
    if opened.is_empty() || opened.starts_with("Success") {
        None
    } else if is("Invalid credential") {
        Some(Fault::new(format!("munge's key differs from that of {first}"), SET_UP_AGAIN))
    } else if is("Expired credential") || is("Rewound credential") {
        Some(Fault::new(
            format!("munge refuses what {first} sealed a moment ago, for the clocks differ: {opened}"),
            "set the clock: sudo timedatectl set-ntp true",
        ))
    } else {
        Some(Fault::new(format!("munge cannot open what {first} sealed: {opened}"), SET_UP_AGAIN))
    }
}

fn clock(answers: &Answers, controller: &Answers, first: &str) -> Option<Fault> {
    let ((ahead, blur), (theirs, their_blur)) = (answers.clock?, controller.clock?);
    let skew = ahead - theirs;
    if skew.abs() <= SKEW_MOST + blur + their_blur {
        return None;
    }
    let way = if skew > 0.0 { "ahead of" } else { "behind" };
    let text = format!("the clock is {:.0} s {way} that of {first}", skew.abs());
    Some(Fault::new(text, "is the network up? sudo timedatectl set-ntp true"))
}

fn user(answers: &Answers, controller: &Answers, first: &str) -> Option<Fault> {
    let (here, there) = (answers.get("user"), controller.get("user"));
    if here == there || there.is_empty() {
        return None;
    }
    let text = format!("the user is '{here}' (name and number), on {first} '{there}'");
    Some(Fault::new(text, "give the user one number everywhere (usermod --uid): jobs and the share go by it"))
}

fn share(cluster: &Cluster, machine: &Machine, answers: &Answers) -> Option<Fault> {
    let path = &cluster.share.path;
    let state = answers.get("share");
    let is_there = state == "mounted" || machine.is_controller && state == "folder";
    if !is_there {
        let remedy = if cluster.share.is_nfs {
            format!("sudo mount {path}, and see on the controller: sudo exportfs -v")
        } else {
            "mount it; cluster.toml says that this is done by other means".to_owned()
        };
        return Some(Fault::new(format!("the share {path} is not mounted"), remedy));
    }
    if answers.get("writable") == "yes" {
        return None;
    }
    let group = &cluster.share.group;
    Some(Fault::new(
        format!("{} cannot write to {path}: {}", cluster.user, answers.get("writable")),
        format!(
            "see: ls -ld {path}; id {}; it must be of the group {group} with mode 2775: {SET_UP_AGAIN}",
            cluster.user
        ),
    ))
}

/// The program must exist, be built for this processor, run, and be the same as on the controller.
fn program(answers: &Answers, controller: &Answers, first: &str) -> Option<Fault> {
    let (path, machine) = (answers.get("program"), answers.get("machine"));
    if path.is_empty() {
        return Some(Fault::new(
            "there is no program `backtest` on the PATH",
            "install it with `backtest cluster install`",
        ));
    }
    if let Some(built_for) = program::processor_from_hex(answers.get("header"))
        && built_for != machine
    {
        let text = format!("{path} is for {built_for}, the machine is {machine}");
        let script = if machine == "aarch64" { "scripts/build-aarch64" } else { "scripts/install" };
        let remedy = format!("build it with {script} and name its file to `backtest cluster install`");
        return Some(Fault::new(text, remedy));
    }
    if answers.get("version").is_empty() {
        return Some(Fault::new(format!("{path} does not run: {}", answers.get("broken")), INSTALL_AGAIN));
    }
    let is_same = |key: &str| answers.get(key) == controller.get(key);
    if controller.get("version").is_empty() {
        return None;
    }
    if !is_same("version") {
        let (here, there) = (answers.get("version"), controller.get("version"));
        return Some(Fault::new(format!("{path} is {here}, on {first} it is {there}"), INSTALL_AGAIN));
    }
    if is_same("machine") && !is_same("checksum") {
        let text = format!("{path} is not the file that {first} has, whose checksum differs");
        return Some(Fault::new(text, INSTALL_AGAIN));
    }
    None
}

fn slurm_conf(answers: &Answers, controller: &Answers, first: &str) -> Option<Fault> {
    match answers.get("conf") {
        "" => Some(Fault::new("there is no slurm.conf", SET_UP_AGAIN)),
        own if own != controller.get("conf") && !controller.get("conf").is_empty() => {
            Some(Fault::new(format!("slurm.conf is not that of {first}"), SET_UP_AGAIN))
        }
        _ => None,
    }
}

fn array_size(cluster: &Cluster, answers: &Answers) -> Option<Fault> {
    let wanted = cluster.max_array_size;
    match answers.get("array").parse::<u64>() {
        Ok(size) if size >= wanted => None,
        _ => Some(Fault::new(
            format!(
                "MaxArraySize is {}, cluster.toml wants {wanted}: larger arrays are refused",
                answers.get("array")
            ),
            format!("{SET_UP_AGAIN}: slurmctld reads it when it starts"),
        )),
    }
}

/// The state of a node in the answers of the controller, which are `name|state|reason`.
fn node(machine: &Machine, controller: &Answers) -> Option<Fault> {
    let name = &machine.name;
    let answer = controller.nodes.iter().find_map(|line| {
        let mut cells = line.splitn(3, '|');
        (cells.next() == Some(name)).then(|| (cells.next().unwrap_or(""), cells.next().unwrap_or("none")))
    });
    let Some((state, reason)) = answer else {
        return Some(Fault::new("slurmctld does not know this node", SET_UP_AGAIN));
    };
    let plain = state.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let is_silent = state.ends_with('*');
    let is_usable = ["idle", "mixed", "allocated", "completing", "planned"].contains(&plain);
    match (is_usable, is_silent) {
        (true, false) => None,
        (true, true) => Some(Fault::new(
            format!("the node does not answer slurmctld ({state})"),
            "see there: sudo systemctl status slurmd; /var/log/slurm/slurmd.log",
        )),
        (false, _) if plain.starts_with("drain") => Some(Fault::new(
            format!("the node is {plain}, because: {reason}"),
            format!("mend what is said, then: sudo scontrol update nodename={name} state=resume"),
        )),
        (false, _) => Some(Fault::new(
            format!("the node is {state}, because: {reason}"),
            format!(
                "see there: sudo systemctl status slurmd; /var/log/slurm/slurmd.log; then: sudo scontrol update \
                 nodename={name} state=resume"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../scripts/cluster/cluster.toml");
    const SOUND: &str = "name rpicluster02\nmachine x86_64\nuser quant 1000\nmunge up\nopened Success (0)\nshare mounted\n\
        writable yes\nprogram /usr/local/bin/backtest\nheader 7f454c4602010100000000000000000003003e00\nchecksum 12\n\
        version backtest 0.1.0\nconf ab\nslurmctld up\narray 10001\nnode rpicluster02|idle|none\nend";

    fn answers(text: &str) -> Answers {
        let mut answers = Answers { clock: Some((0.5, 0.2)), ..Answers::default() };
        text.lines().for_each(|line| answers.take(line));
        assert!(answers.is_whole());
        answers
    }

    /// Faults of the second machine when one line differs, judged beside a sound controller.
    fn faults_with(sound: &str, wrong: &str) -> Vec<String> {
        let cluster = Cluster::parse("c.toml", EXAMPLE).unwrap();
        let (here, there) = (answers(&SOUND.replace(sound, wrong)), answers(SOUND));
        let judged_with = if sound.starts_with("node") || sound.is_empty() { &here } else { &there };
        let faults = faults(&cluster, &cluster.machines[1], &here, judged_with);
        assert!(faults.iter().all(|fault| !fault.remedy.is_empty()));
        faults.into_iter().map(|fault| fault.text).collect()
    }

    #[test]
    fn every_fault_is_named_once() {
        assert_eq!(faults_with("", ""), [""; 0]);
        for (sound, wrong, named) in [
            ("name rpicluster02", "name raspberrypi", "calls itself 'raspberrypi'"),
            ("munge up", "munge Failed to access", "munge is down: Failed to access"),
            ("opened Success (0)", "opened Invalid credential (8)", "key differs"),
            ("opened Success (0)", "opened Expired credential (15)", "clocks differ"),
            ("user quant 1000", "user quant 1001", "name and number"),
            ("share mounted", "share folder", "is not mounted"),
            ("writable yes", "writable Permission denied", "cannot write to /sharedfs: Permission denied"),
            ("program /usr/local/bin/backtest", "program ", "no program"),
            ("03003e00", "0300b700", "is for aarch64, the machine is x86_64"),
            ("version backtest 0.1.0", "broken Segmentation fault", "does not run: Segmentation fault"),
            ("checksum 12", "checksum 13", "whose checksum differs"),
            ("version backtest 0.1.0", "version backtest 0.2.0", "on rpicluster01 it is backtest 0.1.0"),
            ("conf ab", "conf ", "no slurm.conf"),
            ("conf ab", "conf ac", "not that of rpicluster01"),
            ("slurmctld up", "slurmctld Slurmctld(primary) is DOWN", "unreachable: Slurmctld(primary)"),
            (
                "node rpicluster02|idle|none",
                "node rpicluster02|down*|Not responding",
                "down*, because: Not responding",
            ),
            ("node rpicluster02|idle|none", "node rpicluster02|idle*|none", "does not answer"),
            (
                "node rpicluster02|idle|none",
                "node rpicluster02|drained|SD card | full",
                "drained, because: SD card | full",
            ),
            ("node rpicluster02|idle|none", "node rpicluster03|idle|none", "does not know"),
        ] {
            let faults = faults_with(sound, wrong);
            assert!(faults.len() == 1 && faults[0].contains(named), "{wrong}: {faults:?}");
        }
    }

    #[test]
    fn clocks_may_differ_by_what_the_question_took() {
        let cluster = Cluster::parse("c.toml", EXAMPLE).unwrap();
        let there = answers(SOUND);
        for (clock, is_wrong) in
            [((5.0, 0.1), false), ((9.0, 4.0), false), ((9.0, 1.0), true), ((-9.0, 1.0), true)]
        {
            let here = Answers { clock: Some(clock), ..there.clone() };
            assert_eq!(
                !faults(&cluster, &cluster.machines[1], &here, &there).is_empty(),
                is_wrong,
                "{clock:?}"
            );
        }
    }

    #[test]
    fn a_small_array_is_the_controllers_fault() {
        let cluster = Cluster::parse("c.toml", EXAMPLE).unwrap();
        let there =
            answers(&SOUND.replace("array 10001", "array 1001").replace("rpicluster02\n", "rpicluster01\n"));
        let faults = faults(&cluster, &cluster.machines[0], &there, &there);
        assert!(faults.len() == 1 && faults[0].text.contains("MaxArraySize is 1001"), "{faults:?}");
    }
}
