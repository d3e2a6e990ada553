//! Sweeps on a real Slurm cluster, which `scripts/test-cluster` starts on this machine: whatever happens to tasks and nodes, the
//! points are those of a run on one machine, byte for byte. One test, for there is one cluster; its parts run side by side.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

pub mod cluster;
mod project;

use std::fs;
use std::thread;
use std::time::Duration;

use cluster::{Cluster, turn};
use project::Project;

use crate::support::{names_below, project};

/// A part of the test: what it claims, and how it is shown.
type Part = (&'static str, fn(&Cluster));

#[test]
fn sweeps_on_a_cluster_give_the_bytes_of_one_machine() {
    let Some(turn) = turn() else { return };
    let cluster = Cluster::start(&turn, None);
    let parts: [Part; 6] = [
        ("the shipped script runs as it is", shipped),
        ("any number of tasks", any_number_of_tasks),
        ("cancelled and killed tasks", cancelled),
        ("a task that runs out of time goes on in another run", out_of_time),
        ("a node dies and comes back", dead_node),
        ("a waiting job is frozen, and refuses other prices and revisions", frozen),
    ];
    thread::scope(|scope| {
        for (claim, part) in parts {
            let cluster = &cluster;
            let run = move || {
                part(cluster);
                println!("ok: {claim}");
            };
            // The name tells the parts apart where one panics.
            thread::Builder::new().name(claim.to_owned()).spawn_scoped(scope, run).unwrap();
        }
    });
}

fn shipped(cluster: &Cluster) {
    let root = project("");
    let job = cluster.submit(&root, &["sweeps/momentum.sh"], "");
    cluster.wait(&job);
    let results = cluster.shared("results");
    let here = tempfile::tempdir().unwrap();
    let local = here.path().join("local");
    cluster.ok(&root, &["sweep", "run", "sweeps/momentum.toml", "--results", local.to_str().unwrap()]);
    assert_eq!(cluster.points(&results), cluster.points(&local));
}

fn any_number_of_tasks(cluster: &Cluster) {
    let project = Project::quick();
    let expected = project.local(cluster);
    for tasks in [1, 7, 60] {
        let results = cluster.shared(&format!("tasks-{tasks}"));
        project.sweep(&results, &format!("tasks = {tasks}"));
        // With the job that aggregates behind it.
        let answer = cluster.ok(&project.folder, &["sweep", "submit", "sweep.toml"]);
        let jobs: Vec<&str> = answer.lines().filter_map(|line| line.split_whitespace().last()).collect();
        let [array, gather] = jobs[..] else { panic!("expected two jobs: {answer}") };
        cluster.wait(array);
        cluster.wait(gather);
        let gathered = names_below(&results).into_iter().find(|path| path.ends_with("aggregate/points.csv"));
        assert_eq!(fs::read_to_string(gathered.unwrap()).unwrap(), expected, "{tasks} tasks");
    }
}

fn cancelled(cluster: &Cluster) {
    // A task writes its first shard after two seconds, and must not be done when the command to end it arrives.
    let project = Project::slow(cluster, 4 * Duration::from_secs(5));
    let results = cluster.shared("cancelled");
    project.sweep(&results, "tasks = 4\nextra = [\"--exclude=rpicluster04\"]");
    cluster.ok(&project.folder, &["sweep", "generate", "sweep.toml"]);
    let job = cluster.submit(&project.folder, &["sweep.sh"], "");
    cluster.wait_for_shard(&results, &project.share(1, 4));
    cluster.ok(&project.folder, &["scancel", &format!("{job}_1")]);
    cluster.wait_for_shard(&results, &project.share(2, 4));
    cluster.ok(&project.folder, &["scancel", "--signal=KILL", "--full", &format!("{job}_2")]);
    cluster.wait(&job);
    let status = cluster.ok(&project.folder, &["sweep", "status", results.to_str().unwrap()]);
    assert!(status.contains("missing") && status.contains("--array=1-2 "), "{status}");
    // Tasks that stopped after equally many points share a line.
    let told = status.lines().find(|line| line.contains("task 1") && line.contains("stopped after"));
    assert!(told.is_some(), "the log of a cancelled task says so: {status}");
    resubmit(cluster, &project, &results);
}

/// Submits what is missing and compares.
fn resubmit(cluster: &Cluster, project: &Project, results: &std::path::Path) {
    let script = cluster
        .ok(&project.folder, &["sweep", "generate", "--missing", results.to_str().unwrap(), "-o", "-"]);
    let job = cluster.submit(&project.folder, &[], &script);
    cluster.wait(&job);
    assert_eq!(cluster.points(results), project.local(cluster));
}

fn out_of_time(cluster: &Cluster) {
    // Of the shortest limit there is, one minute, a task works 50 seconds. In its first run it sleeps most of them away. What is left is
    // enough to start and to compute some points there and then, and too little for all of them even if nothing else runs any more.
    let working = Duration::from_secs(50);
    let left = (Duration::from_secs(5) + 100 * cluster.pace.point).min(working);
    let project = Project::slow(cluster, left + Duration::from_secs(3));
    let results = cluster.shared("out-of-time");
    let sleep = format!("[ -n \\\"${{SLURM_RESTART_COUNT:-}}\\\" ] || sleep {}", (working - left).as_secs());
    let settings =
        format!("tasks = 1\ntime = \"1\"\nextra = [\"--exclude=rpicluster04\"]\nsetup = [\"{sleep}\"]");
    project.sweep(&results, &settings);
    cluster.ok(&project.folder, &["sweep", "generate", "sweep.toml"]);
    let job = cluster.submit(&project.folder, &["sweep.sh"], "");
    cluster.wait(&job);
    let log = |name: &str| {
        let path = names_below(&results).into_iter().find(|path| path.ends_with(name)).unwrap();
        fs::read_to_string(path).unwrap()
    };
    let first = log(&format!("{job}_0.out"));
    // Slurm may end the run before it can say that it asked for another: that one's log shows it.
    assert!(first.contains("time is nearly over"), "{first}");
    let second = log(&format!("{job}_0.1.out"));
    assert!(second.contains("restart 1") && second.contains("points are there already"), "{second}");
    assert_eq!(cluster.points(&results), project.local(cluster));
}

fn dead_node(cluster: &Cluster) {
    // As above: no task is done when the node dies.
    let project = Project::slow(cluster, 2 * Duration::from_secs(5));
    let results = cluster.shared("dead-node");
    let node = "rpicluster04";
    project.sweep(&results, &format!("tasks = 2\nextra = [\"--nodelist={node}\"]"));
    cluster.ok(&project.folder, &["sweep", "generate", "sweep.toml"]);
    let job = cluster.submit(&project.folder, &["sweep.sh"], "");
    for task in 0..2 {
        cluster.wait_for_shard(&results, &project.share(task, 2));
    }
    cluster.control("kill-node", node);
    // Slurm misses the node after a while and puts its tasks back into the queue.
    cluster.wait_until("tasks are back in the queue", || {
        let queue = cluster.queue(&job);
        !queue.contains("RUNNING") && queue.contains("PENDING")
    });
    cluster.control("revive-node", node);
    cluster.wait(&job);
    resubmit(cluster, &project, &results);
}

fn frozen(cluster: &Cluster) {
    let project = Project::quick();
    let expected = project.local(cluster);
    let results = cluster.shared("frozen");
    project.sweep(&results, "tasks = 2");
    cluster.ok(&project.folder, &["sweep", "generate", "sweep.toml"]);
    let script = fs::read_to_string(project.folder.join("sweep.sh")).unwrap();
    let waiting = cluster.submit(&project.folder, &["--hold", "--array=0", "sweep.sh"], "");
    let status = cluster.queue(&waiting);
    assert!(status.contains("PENDING"), "{status}");
    // Edits of the sweep, the strategy and the script reach nothing that waits.
    for name in ["sweep.toml", "strategy.toml", "sweep.sh"] {
        fs::write(project.folder.join(name), "no longer what was submitted").unwrap();
    }
    cluster.ok(&project.folder, &["scontrol", "release", &waiting]);
    cluster.wait(&waiting);

    // A program of another revision, as far as the plan can tell.
    let other = script.replace("results_revision = ", "results_revision = 9");
    let other = other.replace(&format!("--results {}", results.display()), "--results other");
    let revised = cluster.submit(&project.folder, &["--array=1"], &other);
    cluster.wait(&revised);
    assert!(!project.folder.join("other").exists(), "nothing is written");
    let reason = |text: &str| {
        let told = cluster.ok(&project.folder, &["sweep", "status", results.to_str().unwrap()]);
        assert!(told.contains("task 1: ") && told.contains(text), "{told}");
        let (_, printed) = cluster.run(&project.folder, &["sweep", "aggregate", results.to_str().unwrap()]);
        assert!(printed.contains("INCOMPLETE") && printed.contains(text), "{printed}");
    };
    reason("results revision 9");

    let prices = project.folder.join("prices/AAPL.csv");
    let sound = fs::read_to_string(&prices).unwrap();
    fs::write(&prices, sound.replacen("2005-01-0", "2005-01-1", 1)).unwrap();
    let changed = cluster.submit(&project.folder, &["--array=1"], &script);
    cluster.wait(&changed);
    reason("prices");
    fs::write(&prices, sound).unwrap();
    let missing = cluster
        .ok(&project.folder, &["sweep", "generate", "--missing", results.to_str().unwrap(), "-o", "-"]);
    assert!(missing.contains("#SBATCH --array=1\n"), "{missing}");
    let again = cluster.submit(&project.folder, &[], &missing);
    cluster.wait(&again);
    assert_eq!(cluster.points(&results), expected);
}
