//! Killed at any moment, a sweep goes on where it was and ends with the same bytes.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use super::{Place, points_csv, seen, shard_names, tables};
use crate::pace::Wait;
use crate::support::project;

const KILLS: usize = 100;
/// Written for every point: files are what a kill meets.
const MANY: &str = "[axes]\nn = { from = 1, to = 200, step = 1 }\n\"costs.commission\" = { from = 0.0, to = 0.5, step = 0.01 }\n";
const RUN: [&str; 8] = ["sweep", "run", "s.toml", "--results", "r", "--shard-points", "1", "-j2"];

fn signal(child: &Child, name: &str) {
    // The shell's own: not every machine has the program.
    let mut kill = std::process::Command::new("/bin/sh");
    kill.args(["-c", "kill \"$0\" \"$1\"", name, &child.id().to_string()]);
    assert!(kill.status().expect("a shell is there").success());
}

/// Waits until the folder below `r` has more than so many tables.
fn wait_for_tables(place: &Place, more_than: usize) {
    let mut wait = Wait::new(Duration::from_secs(60));
    while sweep_folder(place).is_none_or(|folder| tables(&folder).len() <= more_than) {
        assert!(!wait.is_in_vain(), "no shard appears");
        sleep(Duration::from_millis(2));
    }
}

fn sweep_folder(place: &Place) -> Option<std::path::PathBuf> {
    Some(fs::read_dir(place.path("r")).ok()?.next()?.ok()?.path())
}

#[test]
fn a_hundred_kills_lose_nothing_and_leave_nothing_behind() {
    let place = Place::new(MANY);
    let whole = {
        let undisturbed = Place::new(MANY);
        points_csv(&undisturbed.sweep(&[]))
    };
    let mut have = 0;
    for kill in 0..KILLS {
        let mut child = place.start(&RUN);
        // At odd moments from the first new shard on.
        wait_for_tables(&place, have);
        sleep(Duration::from_micros(kill as u64 * 7919 % 5000));
        child.kill().expect("a child can be killed");
        let status = child.wait().expect("a child ends");
        assert_eq!(status.signal(), Some(9), "the kill hits");
        let folder = sweep_folder(&place).expect("a folder");
        have = tables(&folder).len();
        if kill % 10 == 9 {
            assert_eq!(place.status(&folder)["damaged"], serde_json::json!([]));
        }
        let hidden = shard_names(&folder).iter().filter(|name| name.starts_with('.')).count();
        assert!(hidden <= 2, "{hidden} temporary files after kill {kill}");
    }
    let folder = place.sweep(&["--shard-points", "5000"]);
    assert_eq!(points_csv(&folder), whole);
    assert!(shard_names(&folder).iter().all(|name| !name.starts_with('.')));
    assert_eq!(place.status(&folder)["missing"], 0);
}

/// A sweep of slow points: 13 years of daily decisions of four stocks.
fn slow() -> Place {
    let place = Place::new("");
    let strategy = fs::read_to_string(project("strategies/momentum.toml")).expect("the strategy ships");
    let prices = project("data/prices").display().to_string();
    let strategy = strategy.replace("../data/prices", &prices).replace("end_of_month", "daily");
    place.write("slow.toml", &strategy);
    place.write(
        "s.toml",
        "name = \"slow\"\nstrategy = \"slow.toml\"\n[axes]\nlookback = { from = 2, to = 252, step = 1 }\ntop_n = [1, 2, 3, 4]\n\
         \"costs.commission\" = { from = 0.0, to = 0.05, step = 0.0001 }\n",
    );
    place
}

#[test]
fn a_signal_stops_in_good_order() {
    for name in ["-TERM", "-INT"] {
        let place = slow();
        let child = place.start(&["sweep", "run", "s.toml", "--results", "r", "--shard-points", "64"]);
        wait_for_tables(&place, 1);
        let mut asked = Wait::new(Duration::from_secs(5));
        signal(&child, name);
        let seen = seen(&child.wait_with_output().expect("a child ends"));
        assert!(!asked.is_in_vain(), "{asked:?}");
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(75), ""), "{name}: {}", seen.stderr);
        assert!(seen.stderr.contains("error: stopped after "), "{}", seen.stderr);
        assert!(seen.stderr.contains("go on with: sweep run s.toml --results r"), "{}", seen.stderr);
        let folder = sweep_folder(&place).expect("a folder");
        let status = place.status(&folder);
        let done = status["done"].as_u64().expect("a number");
        assert!(done > 64 && status["damaged"] == serde_json::json!([]), "{status}");
        // The points in flight stand in a shorter shard, and the next run goes on behind them.
        let ranges = tables(&folder);
        let last = ranges.last().expect("a shard").clone();
        assert_eq!(status["missing_ranges"][0][0].as_u64(), Some(done), "{last}");
        let task = ["run", "--params", "s.toml", "--task", "0", "--tasks", "20000", "--results", "r"];
        let resumed = place.done(&task);
        assert!(resumed.stderr.contains("points are there already"), "{}", resumed.stderr);
    }
}

#[test]
fn a_folder_that_vanishes_is_an_output_error() {
    let place = slow();
    let child = place.start(&["sweep", "run", "s.toml", "--results", "r", "--shard-points", "64"]);
    wait_for_tables(&place, 1);
    remove(&place.path("r"));
    let seen = seen(&child.wait_with_output().expect("a child ends"));
    assert!(matches!(seen.code, Some(73 | 74)), "{:?}: {}", seen.code, seen.stderr);
    assert!(seen.stderr.contains("/shards"), "{}", seen.stderr);
}

/// Removes a folder into which somebody writes.
fn remove(folder: &Path) {
    let aside = folder.with_extension("aside");
    fs::rename(folder, &aside).expect("a folder can be renamed");
    fs::remove_dir_all(&aside).expect("the folder is ours");
}
