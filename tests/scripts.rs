//! Scripts of array jobs: those that ship are what the program writes, and none runs what a sweep merely names.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{files_of, names_below, project, write};

fn generate(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backtest"));
    // No cluster that this machine may belong to has a say.
    command
        .args(["sweep", "generate"])
        .args(arguments)
        .current_dir(folder)
        .env("PATH", "/nowhere")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_scripts_that_ship_are_up_to_date() {
    let root = project("");
    let sweeps = files_of(&project("sweeps"), &[".toml"]);
    assert!(!sweeps.is_empty());
    for sweep in sweeps {
        let script = sweep.with_extension("sh");
        let name = sweep.strip_prefix(&root).unwrap().to_str().unwrap();
        let made = generate(&root, &[name, "-o", "-"]);
        assert!(made.status.success(), "{name}: {}", text(&made.stderr));
        let shipped = fs::read_to_string(&script).unwrap();
        assert!(shipped == text(&made.stdout), "{name}: run `sweep generate {name}` in the project's folder");
        assert_ne!(fs::metadata(&script).unwrap().permissions().mode() & 0o100, 0, "{name} can be run");
    }
}

const STRATEGY: &str = r#"
name = "s"
description = "$(touch ran) `touch ran` '; touch ran"
parameters = { n = 20 }
universe = { assets = ["IBM"] }
alpha = { weights = "equal(sma(n) > 0)" }
rebalance = { schedule = "end_of_month" }
portfolio = { initial_cash = 1e6, long_only = { cash_buffer = 0.01 } }
period = { start = 2000-03-01, end = 2003-03-01 }
data = { prices = "prices" }
"#;

/// A folder with a strategy, its prices, and a sweep of two points.
fn folder(name: &str, slurm: &str) -> TempDir {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path();
    write(folder, "s.toml", STRATEGY.as_bytes());
    write(folder, "prices/IBM.csv", &fs::read(project("data/prices/IBM.csv")).unwrap());
    let sweep = format!("name = {name}\nstrategy = \"s.toml\"\naxes = {{ n = [5, 10] }}\n[slurm]\n{slurm}\n");
    write(folder, "sweep.toml", sweep.as_bytes());
    kept
}

#[test]
fn a_name_that_is_no_folder_is_refused() {
    for name in [r#""$(touch ran)""#, r#""a\n#SBATCH --wrap=x""#, r#""-x""#, r#""a b""#, r#"".."#, r#""""#] {
        let kept = folder(name, "tasks = 1");
        let made = generate(kept.path(), &["sweep.toml"]);
        assert_eq!(made.status.code(), Some(78), "{name}: {}", text(&made.stderr));
        assert!(!kept.path().join("sweep.sh").exists());
    }
}

#[test]
fn nothing_that_a_sweep_names_is_run() {
    let results = r#"it's $(touch ran) `touch ran` \"; touch ran; \" \\ # % é"#;
    let kept = folder(
        "\"fine\"",
        &format!(
            "tasks = 2\nresults = \"{results}\"\npartition = \"a b\\\" --wrap=x # \\\\\"\naccount = \"$(touch ran)\""
        ),
    );
    let made = generate(kept.path(), &["sweep.toml"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    // In place of the program: what it is given.
    let fake = "#!/bin/sh\nprintf '%s\\n' \"$@\" > arguments\ncat > plan\n";
    write(kept.path(), "bin/backtest", fake.as_bytes());
    fs::set_permissions(kept.path().join("bin/backtest"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", kept.path().join("bin").display(), std::env::var("PATH").unwrap());
    let ran = Command::new("bash")
        .arg("sweep.sh")
        .current_dir(kept.path())
        .env("PATH", path)
        .envs([("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_ARRAY_TASK_ID", "1")])
        .env_remove("SLURM_RESTART_COUNT")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    let folder = r#"it's $(touch ran) `touch ran` "; touch ran; " \ # % é"#;
    let arguments = fs::read_to_string(kept.path().join("arguments")).unwrap();
    assert_eq!(arguments, format!("run\n--params\n-\n--task\n1\n--tasks\n2\n--results\n{folder}\n"));
    let plan = fs::read_to_string(kept.path().join("plan")).unwrap();
    assert!(plan.contains("$(touch ran) `touch ran` '; touch ran"), "{plan}");
    let files = names_below(kept.path());
    assert!(
        files.iter().any(|path| path.starts_with(kept.path().join(folder)) && path.ends_with("logs/7_1.out"))
    );
    assert!(!files.iter().any(|path| path.ends_with("ran")), "{files:?}");
    let script = fs::read_to_string(kept.path().join("sweep.sh")).unwrap();
    assert!(script.contains("\n#SBATCH --partition=\"a b\\\" --wrap=x # \\\\\"\n"), "{script}");
}

#[test]
fn only_tasks_that_owe_points_are_asked_again() {
    let kept = folder("\"fine\"", "tasks = 2\nresults = \"out\"");
    let sweep = ["sweep.toml", "--missing", "out", "-o", "-"];
    let array = |arguments: &[&str]| {
        let made = generate(kept.path(), arguments);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let script = text(&made.stdout);
        let line = script.lines().find(|line| line.starts_with("#SBATCH --array=")).unwrap().to_owned();
        (line.replace("#SBATCH --array=", ""), text(&made.stderr))
    };
    assert_eq!(generate(kept.path(), &sweep).status.code(), Some(66), "there is no such folder");
    fs::create_dir(kept.path().join("out")).unwrap();
    assert_eq!(array(&sweep).0, "0-1");
    for (task, owing) in [("1", "0"), ("0", "0")] {
        let ran = Command::new(env!("CARGO_BIN_EXE_backtest"))
            .args(["run", "--params", "sweep.toml", "--results", "out", "--task", task])
            .current_dir(kept.path())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", text(&ran.stderr));
        let all = array(&["--missing", "out", "-o", "-"]);
        assert_eq!(all.0, owing);
        assert_eq!(all.1.contains("nothing is missing"), task == "0", "{}", all.1);
    }
    let own = files_of(&kept.path().join("out"), &[""]).remove(0);
    assert_eq!(array(&["sweep.toml", "--missing", own.to_str().unwrap(), "-o", "-"]).0, "0");
}

#[test]
fn auto_takes_as_many_tasks_as_may_run_at_once_or_as_there_are_points() {
    for (settings, expected) in [("parallel = 12", "0-1%12"), ("tasks = \"auto\"", "0")] {
        let kept = folder("\"fine\"", settings);
        let made = generate(kept.path(), &["sweep.toml", "-o", "-"]);
        let script = text(&made.stdout);
        assert!(script.contains(&format!("#SBATCH --array={expected}\n")), "{script}");
        // What the tasks keep as their plan says how many they are.
        let tasks = if expected == "0" { 1 } else { 2 };
        assert!(script.contains(&format!("\ntasks = {tasks}\n")), "{script}");
    }
}
