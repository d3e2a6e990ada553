//! Placebo worlds from outside: the same bytes however they are shared out, whole files, and what they say of a sweep.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::{Place, seen};
use crate::pace::Wait;
use crate::support::{program, project};

/// Twelve points of the momentum strategy over thirteen years.
const AXES: &str = "[axes]\nlookback = [21, 42, 63, 84, 126, 252]\ntop_n = [1, 2]\n";

fn momentum() -> (Place, PathBuf) {
    let place = Place::new("");
    let strategy = fs::read_to_string(project("strategies/momentum.toml")).expect("the strategy ships");
    let prices = project("data/prices").display().to_string();
    place.write("m.toml", &strategy.replace("../data/prices", &prices));
    place.write("s.toml", &format!("name = \"m\"\nstrategy = \"m.toml\"\n{AXES}"));
    let folder = place.sweep(&[]);
    (place, folder)
}

/// The files of worlds in a folder, hidden ones too, with their texts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let paths =
        entries.map(|entry| entry.expect("the folder can be read").path()).filter(|path| path.is_file());
    paths
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

/// The rows of all files by world; no world stands twice.
fn worlds(folder: &Path) -> BTreeMap<u64, Vec<String>> {
    let mut worlds: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (name, text) in files(folder) {
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("# placebo worlds: seal=")), "{name}");
        assert_eq!(lines.next(), Some("world,scale,point,u"), "{name}");
        let mut own: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for line in lines {
            let world = line.split(',').next().and_then(|cell| cell.parse().ok()).expect("a world first");
            own.entry(world).or_default().push(line.to_owned());
        }
        let ends =
            [own.keys().next(), own.keys().last()].map(|world| format!("{:06}", world.expect("a row")));
        assert_eq!(name, format!("{}.csv", ends.join("-")));
        for (world, rows) in own {
            assert_eq!(rows.len(), 3, "a row a scale");
            assert!(worlds.insert(world, rows).is_none(), "world {world} stands twice");
        }
    }
    worlds
}

fn placebo(place: &Place, folder: &Path, arguments: &[&str]) -> super::Seen {
    let folder = folder.to_str().expect("a path of text");
    place.run(&[&["sweep", "placebo", folder], arguments].concat())
}

fn done(place: &Place, folder: &Path, arguments: &[&str]) -> super::Seen {
    let seen = placebo(place, folder, arguments);
    assert_eq!(seen.code, Some(0), "{arguments:?}: {}", seen.stderr);
    seen
}

#[test]
fn threads_and_tasks_change_no_world() {
    let (place, folder) = momentum();
    let own = folder.join("placebo");
    let said = done(&place, &folder, &["--worlds", "60", "-j", "1"]).stdout;
    assert!(said.contains(": p = 0.") && said.contains(" of 60 placebo worlds the best point"), "{said}");
    let whole = worlds(&own);
    assert_eq!(Vec::from_iter(whole.keys().copied()), Vec::from_iter(0..60));
    assert_eq!(Vec::from_iter(files(&own).into_keys()), ["000000-000049.csv", "000050-000059.csv"]);
    for (tasks, threads) in [("1", "5"), ("3", "2"), ("7", "1")] {
        fs::remove_dir_all(&own).expect("the folder is ours");
        for task in (0..tasks.parse().expect("a number")).rev().map(|task: u32| task.to_string()) {
            done(&place, &folder, &["--worlds", "60", "--task", &task, "--tasks", tasks, "-j", threads]);
        }
        assert_eq!(worlds(&own), whole, "{tasks} tasks");
        assert_eq!(done(&place, &folder, &["--worlds", "60"]).stdout, said);
    }
}

#[test]
fn worlds_that_are_there_are_not_computed_again() {
    let (place, folder) = momentum();
    done(&place, &folder, &["--worlds", "20"]);
    let before = files(&folder.join("placebo"));
    let more = done(&place, &folder, &["--worlds", "30"]);
    assert!(more.stderr.contains("20 of 30 placebo worlds are there already"), "{}", more.stderr);
    assert!(more.stderr.contains("12 points in each of 10 placebo worlds take about"), "{}", more.stderr);
    let after = files(&folder.join("placebo"));
    assert_eq!(Vec::from_iter(after.keys()), ["000000-000019.csv", "000020-000029.csv"]);
    assert!(before.iter().all(|(name, text)| after[name] == *text));
    let again = done(&place, &folder, &["--worlds", "30"]);
    assert!(!again.stderr.contains("take about"), "{}", again.stderr);
    assert_eq!(again.stdout, more.stdout);
}

#[test]
fn other_seeds_and_blocks_stand_apart() {
    let (place, folder) = momentum();
    let own = folder.join("placebo");
    done(&place, &folder, &["--worlds", "19"]);
    let usual = worlds(&own);
    for (arguments, name) in [
        (&["--seed", "2"][..], "seed-2"),
        (&["--block", "20"], "seed-1-block-20"),
        (&["--block", "5", "--seed", "9"], "seed-9-block-5"),
    ] {
        done(&place, &folder, &[&["--worlds", "19"], arguments].concat());
        let others = worlds(&own.join(name));
        assert!(others.len() == 19 && others.iter().all(|(world, rows)| usual[world] != *rows), "{name}");
    }
    assert_eq!(worlds(&own), usual);
}

#[test]
fn a_damaged_file_is_named_and_its_worlds_are_computed_again() {
    let (place, folder) = momentum();
    done(&place, &folder, &["--worlds", "19"]);
    let path = folder.join("placebo/000000-000018.csv");
    let whole = fs::read_to_string(&path).expect("the file is there");
    let harms = [
        whole.replacen("7", "8", 1),
        whole.replace("\n3,week,", "\n3,month,"),
        whole[..whole.len() - 1].to_owned(),
        whole.replacen("seed=1", "seed=2", 1),
        String::new(),
    ];
    for (number, harm) in harms.into_iter().enumerate() {
        assert_ne!(harm, whole);
        fs::write(&path, harm).expect("the file is ours");
        let seen = done(&place, &folder, &["--worlds", "19"]);
        assert!(
            seen.stderr.contains("000000-000018.csv: damaged, or of other points"),
            "{number}: {}",
            seen.stderr
        );
        assert_eq!(files(&folder.join("placebo")), [("000000-000018.csv".to_owned(), whole.clone())].into());
    }
    // Under another name it would be other worlds; it goes once these are there.
    fs::rename(&path, folder.join("placebo/000001-000019.csv")).expect("the file is ours");
    let seen = done(&place, &folder, &["--worlds", "20"]);
    assert!(seen.stderr.contains("000001-000019.csv: damaged"), "{}", seen.stderr);
    assert_eq!(Vec::from_iter(files(&folder.join("placebo")).into_keys()), ["000000-000019.csv"]);
}

#[test]
fn an_incomplete_sweep_has_no_worlds() {
    let place = Place::new(super::AXES);
    let task = ["run", "--params", "s.toml", "--task", "1", "--tasks", "4", "--results", "r"];
    let folder = place.path(place.done(&task).stdout.trim_end());
    for command in [&["sweep", "placebo", "r"][..], &["sweep", "generate", "--placebo", "r"]] {
        let seen = place.run(command);
        assert_eq!(seen.code, Some(3), "{}", seen.stderr);
        assert!(
            seen.stderr.contains("15 points are missing, and placebo worlds are of all points"),
            "{}",
            seen.stderr
        );
    }
    assert!(!folder.join("placebo").exists());
    place.sweep(&[]);
    let seen = place.done(&["sweep", "placebo", "r"]);
    assert!(seen.stderr.contains("fewer than 60 sessions: no world is made"), "{}", seen.stderr);
}

#[test]
fn a_market_that_does_not_move_does_as_well_as_itself() {
    let (place, folder) = momentum();
    let said = done(&place, &folder, &["--worlds", "19", "--block", "5000"]).stdout;
    assert!(
        said.ends_with(
            "p = 1.000: in 19 of 19 placebo worlds with blocks of 5000 sessions the best point does as well\n"
        ),
        "{said}"
    );
}

/// Prices that fall and rise by turns, beside chance.
fn turns() -> String {
    let (mut text, mut price, mut state) = (crate::sound_input::HEADER.to_owned(), 100.0_f64, 1_u32);
    for number in 0..840 {
        if number % 7 < 5 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let chance = f64::from(state >> 16) / 65_536.0 - 0.5;
            let open = price;
            price *= 1.0 + if number % 2 == 0 { 0.01 } else { -0.01 } + 0.02 * chance;
            let date =
                chrono::NaiveDate::from_ymd_opt(2018, 1, 1).expect("a date") + chrono::Days::new(number);
            let (high, low) = (open.max(price), open.min(price));
            text += &format!("{date},{open},{high},{low},{price},{price},1\n");
        }
    }
    text
}

#[test]
fn a_pattern_in_time_is_gone_in_every_world() {
    let place = Place::new("[axes]\nn = [1, 2]\n");
    let strategy = crate::sound_input::STRATEGY
        .replace(
            "top(momentum(n), 1) * part + equal(close) * (1 - part)",
            "equal(close < lag(close, n)) * part * 2",
        )
        .replace("2020-01-10", "2018-01-10")
        .replace("2020-01-01", "2018-01-01")
        .replace("2020-01-31", "2020-06-01")
        .replace("entry = { BBB = 2020-01-08 }\n", "")
        .replace("'AAA', 'BBB'", "'AAA'");
    place.write("case.toml", &strategy);
    place.write("prices/AAA.csv", &turns());
    let folder = place.sweep(&[]);
    let said = done(&place, &folder, &["--worlds", "39"]).stdout;
    assert!(said.ends_with("p = 0.025: in 0 of 39 placebo worlds the best point does as well\n"), "{said}");
}

#[test]
fn a_signal_leaves_whole_files() {
    let (place, folder) = momentum();
    let path = folder.to_str().expect("a path of text");
    for name in ["-TERM", "-INT"] {
        let child = place.start(&["sweep", "placebo", path, "--worlds", "1000000", "-j", "2"]);
        let mut wait = Wait::new(Duration::from_secs(60));
        let before = files(&folder.join("placebo")).len();
        while files(&folder.join("placebo")).len() <= before {
            assert!(!wait.is_in_vain(), "no file appears");
            sleep(Duration::from_millis(5));
        }
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill \"$0\" \"$1\"", name, &child.id().to_string()]);
        assert!(kill.status().expect("a shell is there").success());
        let seen = seen(&child.wait_with_output().expect("it ends"));
        assert_eq!(seen.code, Some(75), "{name}: {}", seen.stderr);
        assert!(seen.stderr.contains(" worlds; go on with: sweep placebo "), "{}", seen.stderr);
        let there = worlds(&folder.join("placebo"));
        assert!(there.len() as u64 == there.keys().last().expect("a world") + 1, "from the first on");
        let again = done(&place, &folder, &["--worlds", "19"]);
        assert!(again.stderr.contains("19 of 19 placebo worlds are there already"), "{}", again.stderr);
    }
}

#[test]
fn a_script_computes_the_worlds() {
    let (place, folder) = momentum();
    let path = folder.to_str().expect("a path of text");
    place.write("s.toml", &format!("name = \"m\"\nstrategy = \"m.toml\"\n{AXES}[slurm]\ntasks = 3\n"));
    let made = ["sweep", "generate", "s.toml", "--placebo", path, "--worlds", "40", "-o", "w.sh"];
    place.done(&made);
    let text = fs::read_to_string(place.path("w.sh")).expect("the script is there");
    assert!(
        text.contains("#SBATCH --array=0-2\n") && text.contains("40 placebo worlds in 3 tasks"),
        "{text}"
    );
    for task in 0..3 {
        let mut run = Command::new("bash");
        let folder_of_program = program().parent().expect("a folder").to_owned();
        run.arg("w.sh").current_dir(place.folder.path());
        run.env(
            "PATH",
            std::env::join_paths([folder_of_program, "/usr/bin".into(), "/bin".into()]).expect("paths"),
        );
        run.env("SLURM_ARRAY_JOB_ID", "9").env("SLURM_ARRAY_TASK_ID", task.to_string());
        assert!(run.status().expect("a shell is there").success());
        let log = fs::read_to_string(folder.join(format!("placebo/logs/9_{task}.out"))).expect("a log");
        assert!(log.contains("placebo worlds take about"), "{log}");
    }
    assert_eq!(Vec::from_iter(worlds(&folder.join("placebo")).into_keys()), Vec::from_iter(0..40));
    let other = place.run(&["sweep", "generate", "--placebo", path, "--missing", path]);
    assert_eq!(other.code, Some(2), "{}", other.stderr);
}
