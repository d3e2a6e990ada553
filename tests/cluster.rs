//! `backtest cluster`: its files, what it sends to machines, and the whole way of docs/cluster.md on four machines.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

mod machines;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use machines::{Machines, NAMES, script};

use crate::slurm::cluster::{Cluster, turn};
use crate::support::{files_of, project};

const EXAMPLE: &str = include_str!("../scripts/cluster/cluster.toml");

fn cluster(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backtest"));
    command.arg("cluster").args(arguments).current_dir(folder).output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A folder with a cluster's file.
fn folder(text: &str) -> tempfile::TempDir {
    let kept = tempfile::tempdir().unwrap();
    fs::write(kept.path().join("cluster.toml"), text).unwrap();
    kept
}

#[test]
fn the_files_of_both_versions_are_rendered() {
    for (version, is_old) in [("22.05", false), ("21.08", true)] {
        let kept = folder(&EXAMPLE.replace("\"22.05\"", &format!("\"{version}\"")));
        let (code, written, said) = told(&cluster(kept.path(), &["render", "cluster.toml"]));
        assert_eq!(code, Some(0), "{said}");
        let at = |name: &str| kept.path().join("cluster").join(name);
        let read = |name: &str| fs::read_to_string(at(name)).unwrap();
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(""), mode("munge.key"), mode("rpicluster03.sh")), (0o700, 0o600, 0o600));
        assert_eq!(written.contains("cgroup_allowed_devices_file.conf"), is_old, "{written}");
        assert_eq!(at("cgroup_allowed_devices_file.conf").exists(), is_old);

        let conf = read("slurm.conf");
        for line in [
            "ClusterName=picluster",
            "SlurmctldHost=rpicluster01(192.168.1.71)",
            "StateSaveLocation=/var/lib/slurm/slurmctld",
            "SlurmctldPidFile=/run/slurmctld.pid",
            "SlurmdLogFile=/var/log/slurm/slurmd.log",
            "ReturnToService=2",
            "MaxArraySize=10001",
            "NodeName=rpicluster04 NodeAddr=192.168.1.74 CPUs=4 RealMemory=3600 State=UNKNOWN",
            "PartitionName=mycluster Nodes=rpicluster02,rpicluster03,rpicluster04 Default=YES MaxTime=INFINITE State=UP",
        ] {
            assert!(conf.lines().any(|own| own == line), "{version}: no line {line}:\n{conf}");
        }
        assert!(!conf.contains("slurm-llnl") && !conf.contains("777"));
        let process = if is_old { "proctrack/linuxproc" } else { "proctrack/cgroup" };
        assert!(conf.contains(&format!("\nProctrackType={process}\n")), "{conf}");
        assert_eq!(read("cgroup.conf").contains("CgroupPlugin"), !is_old);
        let names = |name: &str| read(name).lines().filter(|line| line.contains("192.168.1.7")).count();
        assert_eq!((names("hosts"), names("exports")), (4, 1));
        assert!(read("rpicluster01.sh").contains(&conf), "the script holds the very file");

        let key = fs::read(at("munge.key")).unwrap();
        assert_eq!(key.len(), 128);
        assert_eq!(told(&cluster(kept.path(), &["render", "cluster.toml"])).1, written);
        assert!(fs::read(at("munge.key")).unwrap() == key, "the key is made once");
        is_sound_shell(&at("rpicluster01.sh"));
        is_sound_shell(&at("rpicluster02.sh"));
    }
}

/// bash reads it, and shellcheck, where there is one, finds nothing.
fn is_sound_shell(path: &Path) {
    let read = Command::new("bash").arg("-n").arg(path).output().unwrap();
    assert!(read.status.success(), "{}", told(&read).2);
    match Command::new("shellcheck").args(["--severity=warning", "--shell=bash"]).arg(path).output() {
        Ok(checked) => assert!(checked.status.success(), "{}", told(&checked).1),
        Err(_) => println!("skipped: there is no shellcheck"),
    }
}

#[test]
fn the_scripts_that_ship_are_sound() {
    for name in ["check-node.sh", "receive-program.sh", "glusterfs.sh", "containers/start.sh"] {
        is_sound_shell(&project("scripts/cluster").join(name));
    }
    for name in [".ci/run", "scripts/check-all", "scripts/need", "scripts/install", "scripts/build-aarch64"] {
        is_sound_shell(&project(name));
    }
    for check in files_of(&project("scripts/checks"), &[""]) {
        is_sound_shell(&check);
    }
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let second = "name    = \"rpicluster03\"";
    for (sound, wrong, place, message) in [
        ("name  = \"picluster\"", "nam = \"picluster\"", "2:1", "unknown key 'nam'; did you mean 'name'?"),
        ("name  = \"picluster\"", "name = \"pi cluster\"", "2:8", "expected a name of up to 40 letters"),
        ("name  = \"picluster\"\n", "", "", "the key 'name' is missing"),
        ("user  = \"quant\"", "user = \"root\"", "3:8", "not root"),
        ("user  = \"quant\"", "user = \"$(id)\"", "3:8", "expected a name of small letters"),
        ("slurm = \"22.05\"", "slurm = \"23.11\"", "4:9", "expected \"21.08\" (Ubuntu 22.04) or \"22.05\""),
        (
            "# max_array_size = 10001",
            "max_array_size = 1 #",
            "5:18",
            "expected a whole number from 2 to 4000001",
        ),
        ("# extra = [\"SlurmdTimeout=60\"]", "extra = [\"NodeName=a\"]", "7:10", "no nodes or partitions"),
        (
            "# extra = [\"SlurmdTimeout=60\"]",
            "extra = [\"A=b\\nNodeName=c\"]",
            "7:10",
            "expected a line of slurm.conf",
        ),
        ("\"192.168.1.71\"", "\"192.168.1.371\"", "11:11", "expected an IPv4 address"),
        ("\"192.168.1.71\"", "\"127.0.0.1\"", "11:11", "expected an IPv4 address"),
        ("\"192.168.1.73\"", "\"192.168.1.72\"", "21:11", "is the address of 'rpicluster02' already"),
        (second, "name = \"rpicluster02\"", "20:8", "is the name of the machine at 192.168.1.72 already"),
        (second, "name = \"rpicluster03;reboot\"", "20:8", "expected a host name"),
        (second, "name = \"-rpicluster03\"", "20:8", "expected a host name"),
        (second, "name = \"rpicluster03\\n10.0.0.1 evil\"", "20:8", "expected a host name"),
        (second, "name = \"rpicluster03\"\nmemroy = 1", "21:1", "did you mean 'memory'?"),
        ("path = \"/sharedfs\"", "path = \"/usr\"", "32:8", "none of the system's"),
        ("path = \"/sharedfs\"", "path = \"/\"", "32:8", "expected a folder"),
        ("path = \"/sharedfs\"", "path = \"/shared/../etc\"", "32:8", "expected a folder"),
        ("path = \"/sharedfs\"", "path = \"/shared fs\"", "32:8", "expected a folder"),
        ("path = \"/sharedfs\"", "path = \"/a`id`\"", "32:8", "expected a folder"),
        ("name = \"mycluster\"", "name = \"my,cluster\"", "38:8", "expected a name"),
        ("[partition]", "[partitions]", "37:2", "did you mean 'partition'?"),
    ] {
        assert_eq!(EXAMPLE.matches(sound).count(), 1, "{sound}");
        let kept = folder(&EXAMPLE.replace(sound, wrong));
        for command in ["render", "setup", "check", "install"] {
            let (code, _, said) = told(&cluster(kept.path(), &[command, "cluster.toml"]));
            let whole = format!("error: cluster.toml{}{place}", if place.is_empty() { "" } else { ":" });
            assert!(
                code == Some(78) && said.starts_with(&whole) && said.contains(message),
                "{wrong}: {said}"
            );
        }
        assert_eq!(fs::read_dir(kept.path()).unwrap().count(), 1, "nothing is written");
    }
}

/// In place of ssh: keeps what it is given, prints a step, and fails on one machine.
fn fake_ssh(folder: &Path, failing: &str) -> String {
    let path = folder.join("fake-ssh");
    let text = format!(
        "cd {}\ntarget=${{*: -2:1}}\nprintf '%s\\n' \"$*\" >> arguments\ncat > \"input-$target\"\necho \"ok step\"\n\
         [ \"$target\" != {failing} ] || {{ echo 'failed   share      no room'; exit 1; }}\n",
        folder.display()
    );
    script(&path, &text);
    format!("{} -p 2222", path.display())
}

#[test]
fn a_set_up_stops_at_the_first_machine_that_fails() {
    let kept = folder(EXAMPLE);
    let ssh = fake_ssh(kept.path(), "quant@192.168.1.73");
    let (code, printed, said) = told(&cluster(kept.path(), &["setup", "cluster.toml", "--ssh", &ssh]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("stopped at rpicluster03") && said.contains("the same command goes on"), "{said}");
    assert!(printed.contains("rpicluster02 (192.168.1.72)\n  ok step\n"), "{printed}");
    assert!(printed.ends_with("failed   share      no room\n"), "{printed}");
    let arguments = fs::read_to_string(kept.path().join("arguments")).unwrap();
    let lines: Vec<&str> = arguments.lines().collect();
    assert_eq!(lines.len(), 3, "the fourth is not reached: {arguments}");
    assert!(lines[0].starts_with("-p 2222 -oBatchMode=yes ") && lines[0].contains(" quant@192.168.1.71 "));
    // What the machines must keep to themselves goes over the standard input alone.
    let sent = fs::read_to_string(kept.path().join("input-quant@192.168.1.71")).unwrap();
    let key = sent.split("text_munge_key() {").nth(1).unwrap().lines().nth(2).unwrap();
    assert!(key.len() == 64 && !arguments.contains(&key[..20]), "{key}");

    let only = ["setup", "cluster.toml", "--ssh", &ssh, "--only", "rpicluster04"];
    assert_eq!(told(&cluster(kept.path(), &only)).0, Some(0));
    assert_eq!(fs::read_to_string(kept.path().join("input-quant@192.168.1.74")).unwrap(), {
        fs::read_to_string(kept.path().join("cluster/rpicluster04.sh")).unwrap()
    });
    let unknown = ["setup", "cluster.toml", "--ssh", &ssh, "--only", "rpicluster05"];
    assert_eq!(told(&cluster(kept.path(), &unknown)).0, Some(2));
}

#[test]
fn a_dry_run_writes_nothing_here() {
    let kept = folder(EXAMPLE);
    let ssh = fake_ssh(kept.path(), "nobody");
    let (code, _, said) = told(&cluster(kept.path(), &["setup", "cluster.toml", "--ssh", &ssh, "--dry-run"]));
    assert_eq!((code, said.as_str()), (Some(0), "note: nothing was changed\n"));
    assert!(!kept.path().join("cluster").exists());
    let sent = fs::read_to_string(kept.path().join("input-quant@192.168.1.72")).unwrap();
    assert!(sent.contains("\nDRY_RUN=yes\n"));
}

#[test]
fn generated_files_boot_the_test_cluster() {
    let Some(turn) = turn() else { return };
    for (version, high) in [("22.05", 200), ("21.08", 220)] {
        // A network that no other run has.
        let (high, low) = (high + std::process::id() % 20, std::process::id() / 20 % 250);
        let mut text = EXAMPLE.replace("\"22.05\"", &format!("\"{version}\""));
        for at in 1..=4 {
            text = text.replace(&format!("192.168.1.7{at}"), &format!("10.{high}.{low}.{at}"));
        }
        let kept = folder(&text);
        assert_eq!(told(&cluster(kept.path(), &["render", "cluster.toml"])).0, Some(0));
        let cluster = Cluster::start(&turn, Some(&kept.path().join("cluster")));
        let root = project("");
        let config = cluster.ok(&root, &["scontrol", "show", "config"]);
        assert!(
            config.contains("= picluster") && config.contains("= 10001"),
            "the files are these: {config}"
        );
        let job = cluster.submit(&root, &["sweeps/momentum.sh"], "");
        cluster.wait(&job);
        let local = kept.path().join("local");
        cluster.ok(&root, &["sweep", "run", "sweeps/momentum.toml", "--results", local.to_str().unwrap()]);
        assert_eq!(cluster.points(&cluster.shared("results")), cluster.points(&local), "{version}");
    }
}

#[test]
fn four_fresh_machines_become_a_cluster_whose_faults_are_named() {
    let Some(_turn) = turn() else { return };
    let machines = Machines::start();
    walk(&machines);
    println!("ok: the text, command by command");
    repeat(&machines);
    println!("ok: a second run changes nothing");
    here(&machines);
    println!("ok: a machine checks itself");
    // Each takes seconds; `scripts/check-all machines` asks for all of them.
    let step = if std::env::var_os("BACKTEST_EVERY_FAULT").is_some() { 1 } else { 6 };
    for fault in FAULTS.iter().step_by(step) {
        named(&machines, fault);
        println!("ok: {}", fault.named);
    }
    small_array(&machines);
    cut_off(&machines);
    println!("ok: what arrives damaged is not installed");
    by_systemd(&machines);
    println!("ok: the commands of systemd");
    contained(&machines);
    println!("ok: the first process of a container");
    machines.switch_off("rpicluster04");
    let told = machines.check_until("rpicluster04: cannot be asked: ssh does not get through");
    assert!(told.contains("rpicluster03: ok"), "{told}");
}

/// The commands of the text, as they stand there, for the addresses that the machines have.
fn walk(machines: &Machines) {
    let text = fs::read_to_string(project("docs/cluster.md")).unwrap();
    let way = text.split("\n## What the set-up does").next().unwrap();
    let blocks: Vec<&str> =
        way.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 9, "{blocks:?}");
    let before: Vec<String> = NAMES.iter().map(|name| machines.state(name)).collect();
    for block in blocks {
        let printed = machines.ok(&machines.with_addresses(block));
        match block {
            _ if block.starts_with("cp ") => machines.edit_for_here(),
            _ if block.ends_with("--dry-run") => {
                assert!(printed.contains("would") && !printed.contains("changed  "), "{printed}");
                let now: Vec<String> = NAMES.iter().map(|name| machines.state(name)).collect();
                assert!(now == before, "a dry run changes nothing there");
            }
            _ if block.starts_with("backtest cluster check") => {
                assert_eq!(printed, NAMES.map(|name| format!("{name}: ok\n")).concat());
            }
            _ if block.contains("sweep aggregate") => {
                assert!(printed.contains("momentum: 48 of 48 points, ranked by sharpe"), "{printed}");
            }
            _ => {}
        }
    }
    // Slurm's packages come with a key of their own.
    assert_eq!(machines.on("rpicluster02", "stat -c '%a %U' /etc/munge/munge.key"), "400 munge\n");
    assert_eq!(machines.on("rpicluster01", "stat -c '%a %U:%G' /sharedfs"), "2775 root:sweeps\n");
    assert!(machines.on("rpicluster02", "ls /etc").contains("hosts.before-backtest"));
    assert!(machines.on("rpicluster02", "cat /etc/cloud/templates/*").contains("rpicluster01\n"));
    let there =
        machines.with_addresses("ssh quant@192.168.1.71 'cat /sharedfs/results/*/aggregate/points.csv'");
    let here = "{ sweep run sweeps/momentum.toml --results local && sweep aggregate local; } > /dev/null 2>&1
        cat local/*/aggregate/points.csv";
    assert_eq!(machines.ok(&there), machines.ok(here), "the points are those of one machine");
}

fn repeat(machines: &Machines) {
    // The numbers of processes are among it: nothing is started again either.
    let before: Vec<String> = NAMES.iter().map(|name| machines.state(name)).collect();
    let printed = machines.ok("backtest cluster setup cluster.toml && backtest cluster install cluster.toml");
    assert!(!printed.contains("changed") && printed.contains("ok, has it already"), "{printed}");
    for (name, before) in NAMES.iter().zip(before) {
        let now = machines.state(name);
        let other: Vec<&str> = now.lines().filter(|line| !before.lines().any(|old| old == *line)).collect();
        assert!(now == before, "the second run changed something on {name}: {other:?}");
    }
}

fn here(machines: &Machines) {
    machines.ok(&machines.with_addresses("scp cluster.toml quant@192.168.1.72:"));
    let line =
        "ssh quant@192.168.1.72 backtest cluster check cluster.toml --only rpicluster02 --here rpicluster02";
    assert_eq!(machines.ok(&machines.with_addresses(line)), "rpicluster02: ok\n");
}

enum Undo {
    Shell(&'static str),
    SetUp,
    Install,
}

/// Something wrong with one machine.
struct Fault {
    machine: &'static str,
    /// Shell for root on that machine.
    made_by: &'static str,
    named: &'static str,
    /// Whether others feel it too.
    is_felt: bool,
    undo: Undo,
}

const fn fault(machine: &'static str, made_by: &'static str, named: &'static str, undo: Undo) -> Fault {
    Fault { machine, made_by, named, is_felt: false, undo }
}

const FAULTS: &[Fault] = &[
    fault("rpicluster02", "hostname wrong", "calls itself 'wrong'", Undo::SetUp),
    fault(
        "rpicluster02",
        "head -c 128 /dev/urandom > /etc/munge/munge.key; service munge stop; while pidof munged; do sleep 0.1; done; \
         service munge start",
        "munge's key differs from that of rpicluster01",
        Undo::SetUp,
    ),
    fault(
        "rpicluster03",
        "service munge stop; while pidof munged; do sleep 0.1; done",
        "munge is down",
        Undo::SetUp,
    ),
    fault(
        "rpicluster04",
        "printf 'LD_PRELOAD=%s\\nFAKETIME=+400\\n' /usr/lib/*/faketime/libfaketime.so.1 > ~quant/.ssh/environment",
        "the clock is 400 s ahead of that of rpicluster01",
        Undo::Shell("rm ~quant/.ssh/environment"),
    ),
    fault(
        "rpicluster04",
        "service munge stop; while pidof munged; do sleep 0.1; done; \
         setpriv --reuid=munge --regid=munge --init-groups env FAKETIME=+400 \
         LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) munged",
        "munge refuses what rpicluster01 sealed a moment ago, for the clocks differ",
        Undo::Shell("service munge stop; while pidof munged; do sleep 0.1; done; service munge start"),
    ),
    fault(
        "rpicluster02",
        "sed -i s/^quant:x:4242:/quant:x:4243:/ /etc/passwd; chown -R quant ~quant",
        "the user is 'quant 4243' (name and number), on rpicluster01 'quant 4242'",
        Undo::Shell("sed -i s/^quant:x:4243:/quant:x:4242:/ /etc/passwd; chown -R quant ~quant"),
    ),
    fault("rpicluster02", "umount /sharedfs", "the share /sharedfs is not mounted", Undo::SetUp),
    fault(
        "rpicluster03",
        "mount -o remount,bind,ro /sharedfs",
        "quant cannot write to /sharedfs",
        Undo::Shell("mount -o remount,bind,rw /sharedfs"),
    ),
    Fault {
        machine: "rpicluster01",
        made_by: "chmod 755 /sharedfs",
        named: "quant cannot write to /sharedfs",
        is_felt: true,
        undo: Undo::SetUp,
    },
    fault(
        "rpicluster04",
        "cp /usr/local/bin/backtest /tmp/b; printf '\\267' | dd of=/tmp/b bs=1 seek=18 conv=notrunc; \
         mv /tmp/b /usr/local/bin/backtest",
        "/usr/local/bin/backtest is for aarch64, the machine is x86_64",
        Undo::Install,
    ),
    fault(
        "rpicluster02",
        "rm /usr/local/bin/backtest",
        "there is no program `backtest` on the PATH",
        Undo::Install,
    ),
    fault(
        "rpicluster03",
        "echo more >> /usr/local/bin/backtest",
        "is not the file that rpicluster01 has, whose checksum differs",
        Undo::Install,
    ),
    fault(
        "rpicluster03",
        "truncate -s 100000 /usr/local/bin/backtest",
        "/usr/local/bin/backtest does not run",
        Undo::Install,
    ),
    fault("rpicluster04", "echo '# mine' >> /etc/slurm/slurm.conf", "slurm.conf is not that of", Undo::SetUp),
    Fault {
        machine: "rpicluster01",
        made_by: "service slurmctld stop; while pidof slurmctld; do sleep 0.1; done",
        named: "slurmctld is unreachable",
        is_felt: true,
        undo: Undo::SetUp,
    },
    fault("rpicluster02", "service slurmd stop", "the node is down*, because: Not responding", Undo::SetUp),
    fault(
        "rpicluster03",
        // Where slurmd runs, the node would be back in a moment.
        "service slurmd stop; scontrol update nodename=rpicluster03 state=down reason='power supply'",
        "because: power supply",
        Undo::SetUp,
    ),
    fault(
        "rpicluster04",
        "scontrol update nodename=rpicluster04 state=drain reason='SD card is dying'",
        "the node is drained, because: SD card is dying",
        Undo::Shell("scontrol update nodename=rpicluster04 state=resume"),
    ),
];

/// Makes a fault, has it named, mends it, and sees that all is well.
fn named(machines: &Machines, fault: &Fault) {
    let Fault { machine, made_by, named, is_felt, undo } = fault;
    machines.on(machine, made_by);
    let told = machines.check_until(named);
    for line in told.lines().filter(|line| line.starts_with("rpicluster")) {
        let (of, finding) = line.split_once(": ").unwrap();
        if of == *machine {
            assert!(finding.contains("To do: "), "{line}");
        } else {
            assert!(*is_felt || finding == "ok", "{named}: {told}");
        }
    }
    let own: Vec<&str> = told.lines().filter(|line| line.starts_with(&format!("{machine}: "))).collect();
    assert!(own.iter().any(|line| line.contains(named)), "{told}");
    assert!(told.contains("error: faults: "), "{told}");
    match undo {
        Undo::Shell(line) => drop(machines.on(machine, line)),
        Undo::SetUp => drop(machines.ok(&format!("backtest cluster setup cluster.toml --only {machine}"))),
        Undo::Install => {
            let printed = machines.ok(&format!("backtest cluster install cluster.toml --only {machine}"));
            assert!(printed.contains(&format!("{machine}: changed, backtest")), "{printed}");
        }
    }
    machines.check_until("");
}

/// `slurmctld` runs with less than the file wants.
fn small_array(machines: &Machines) {
    machines.edit(|text| format!("max_array_size = 20001\n{text}"));
    let told = machines.check_until("rpicluster01: MaxArraySize is 10001, cluster.toml wants 20001");
    assert!(told.contains("rpicluster02: ok"), "{told}");
    machines.ok("backtest cluster setup cluster.toml");
    machines.check_until("");
}

/// The connection ends before the last byte of a program.
fn cut_off(machines: &Machines) {
    script(&machines.work().join("cut-ssh"), "head -c -1 | ssh \"$@\"\n");
    machines.on("rpicluster02", "rm /usr/local/bin/backtest");
    let line = "backtest cluster install cluster.toml --ssh ./cut-ssh --only rpicluster02";
    let (is_well, said) = machines.run(line);
    assert!(!is_well && said.contains("what arrived is not what was sent; nothing was changed"), "{said}");
    assert_eq!(machines.on("rpicluster02", "find /usr/local/bin -name '*backtest*'"), "");
    machines.ok("backtest cluster install cluster.toml");
}

/// What a container starts with brings a node up from nothing but the rendered files.
fn contained(machines: &Machines) {
    machines
        .ok(&machines
            .with_addresses("scp -r cluster scripts/cluster/containers/start.sh quant@192.168.1.73:"));
    machines.on(
        "rpicluster03",
        "service slurmd stop; service munge stop; while pidof slurmd munged; do sleep 0.1; done
         rm /etc/munge/munge.key /etc/slurm/slurm.conf
         CLUSTER_FILES=/home/quant/cluster setsid bash /home/quant/start.sh slurmd > /dev/null 2>&1 < /dev/null &",
    );
    machines.check_until("");
}

/// These machines have no systemd. With scripts in place of its programs the set-up asks what it would ask there.
fn by_systemd(machines: &Machines) {
    machines.on(
        "rpicluster04",
        r#"service munge stop; service slurmd stop; while pidof munged slurmd; do sleep 0.1; done
        mkdir -p /run/systemd/system
        cat > /usr/local/sbin/systemctl << 'END'
#!/bin/bash
echo "$*" >> /run/asked
daemon=${!#/%munge/munged}
case "$*" in
"-q is-active chron"* | "-q is-active ntpsec") exit 3 ;;
"-q is-active "*) pidof "$daemon" > /dev/null ;;
"restart munge") setpriv --reuid=munge --regid=munge --init-groups munged ;;
"restart slurmd") slurmd ;;
esac
END
        cat > /usr/local/sbin/timedatectl << 'END'
#!/bin/bash
echo "$*" >> /run/asked
case "$*" in *=NTP*) echo no ;; *) echo yes ;; esac
END
        chmod 755 /usr/local/sbin/systemctl /usr/local/sbin/timedatectl
        sed -i '/sharedfs/d' /etc/fstab"#,
    );
    let printed = machines.ok("backtest cluster setup cluster.toml --only rpicluster04");
    assert!(printed.contains("changed  clock      systemd-timesyncd"), "{printed}");
    let asked = machines.on("rpicluster04", "cat /run/asked");
    for line in
        ["show --property=NTP --value", "daemon-reload", "enable munge", "restart munge", "restart slurmd"]
    {
        assert!(asked.lines().any(|asked| asked == line), "{line}: {asked}\n{printed}");
    }
    machines.on("rpicluster04", "rm -r /run/systemd /usr/local/sbin/systemctl /usr/local/sbin/timedatectl");
    machines.check_until("");
}

#[test]
fn every_key_is_described() {
    let text = fs::read_to_string(project("docs/cluster.md")).unwrap();
    let tables =
        [("name  =", ""), ("[controller]", "controller"), ("[[node]]", "node"), ("[share]", "share")];
    for (place, table) in tables.into_iter().chain([("[partition]", "partition")]) {
        let wrong = match table {
            "" => format!("zzzzzzzz = 1\n{EXAMPLE}"),
            _ => {
                let (before, behind) = EXAMPLE.split_once(&format!("\n{place}")).unwrap();
                let (rest, behind) = behind.split_once('\n').unwrap();
                format!("{before}\n{place}{rest}\nzzzzzzzz = 1\n{behind}")
            }
        };
        let kept = folder(&wrong);
        let (_, _, said) = told(&cluster(kept.path(), &["render", "cluster.toml"]));
        let (_, keys) = said.lines().next().unwrap().split_once("the keys are: ").unwrap();
        for key in keys.split(", ") {
            let is_table = ["controller", "node", "share", "partition"].contains(&key) && table.is_empty();
            let is_described = text.lines().any(|line| match (is_table, table) {
                (true, _) => line.contains(&format!("[{key}]")),
                (false, "") => line.starts_with(&format!("| `{key}` |")),
                (false, table) => {
                    line.starts_with("| `[")
                        && line.contains(&format!("[{table}]"))
                        && line.contains(&format!("`{key}`"))
                }
            });
            assert!(is_described, "docs/cluster.md does not describe {table} {key}");
        }
    }
}
