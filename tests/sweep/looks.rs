//! What counts for the verdict on a sweep: everything that was tried on the same assets in its folder, and what had been seen
//! before it was begun.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{AXES, Place};
use crate::support::read_json;

/// Runs a sweep of the place with other costs, which is another sweep on the same assets.
fn run(place: &Place, name: &str, cost: &str) -> PathBuf {
    let axes = AXES.replace("0.001", cost);
    place.write(&format!("{name}.toml"), &format!("name = {name:?}\nstrategy = \"case.toml\"\n{axes}"));
    let file = format!("{name}.toml");
    let seen = place.done(&["sweep", "run", &file, "--results", "r", "--quiet"]);
    place.path(seen.stdout.trim_end())
}

fn look(folder: &Path) -> String {
    fs::read_to_string(folder.join("look")).expect("a look")
}

fn verdict(place: &Place, folder: &Path) -> Value {
    place.done(&["sweep", "aggregate", folder.to_str().expect("text"), "--quiet"]);
    read_json(&folder.join("aggregate/summary.json"))["verdict"].clone()
}

#[test]
fn who_begins_after_a_result_was_seen_looks_again() {
    let place = Place::new(AXES);
    let [first, second] = [("a", "0.001"), ("b", "0.002")].map(|(name, cost)| run(&place, name, cost));
    assert_eq!([look(&first), look(&second)], ["1\n", "1\n"], "nothing had been aggregated");
    assert_eq!(verdict(&place, &first)["family"]["look"], 1);
    let third = run(&place, "c", "0.003");
    assert_eq!(look(&third), "2\n");
    assert_eq!(look(&second), "1\n", "it was begun before");
    let found = verdict(&place, &third);
    assert_eq!((&found["family"]["sweeps"], &found["family"]["look"]), (&3.into(), &2.into()));
    assert_eq!(found["family"]["factor"], 2.0);
    let own = |entry: &Value| entry["trials"].as_u64().expect("a count");
    let entries = found["family"]["entries"].as_array().expect("a list");
    let others: u64 = entries.iter().map(own).sum();
    assert_eq!(found["family"]["trials"], others + found["trials"]["canonical"].as_u64().expect("a count"));
    // Run again, it is the sweep that it was.
    run(&place, "c", "0.003");
    assert_eq!(look(&third), "2\n");
    let fourth = run(&place, "d", "0.004");
    assert_eq!(look(&fourth), "3\n");
}

#[test]
fn without_the_file_everything_else_was_seen_before() {
    let place = Place::new(AXES);
    let [first, second] = [("a", "0.001"), ("b", "0.002")].map(|(name, cost)| run(&place, name, cost));
    verdict(&place, &first);
    fs::remove_file(second.join("look")).expect("ours");
    assert_eq!(verdict(&place, &second)["family"]["look"], 2);
    fs::write(second.join("look"), "many\n").expect("ours");
    let seen = place.run(&["sweep", "aggregate", second.to_str().expect("text"), "--quiet"]);
    assert_eq!(seen.code, Some(65), "{}", seen.stderr);
    assert!(seen.stderr.contains("/look:1:1: \"many\\n\": expected a whole number"), "{}", seen.stderr);
}

#[test]
fn the_order_of_aggregation_changes_no_byte() {
    let place = Place::new(AXES);
    let folders =
        [("a", "0.001"), ("b", "0.002"), ("c", "0.003")].map(|(name, cost)| run(&place, name, cost));
    let summaries = |order: [usize; 3], threads: &str| {
        let _ = fs::remove_dir_all(place.path("r/ledger"));
        for folder in order.map(|number| &folders[number]) {
            let folder = folder.to_str().expect("text");
            let mut command = place.command(&["sweep", "aggregate", folder, "--quiet"]);
            assert!(command.env("RAYON_NUM_THREADS", threads).output().expect("it runs").status.success());
        }
        let read = |folder: &PathBuf| fs::read(folder.join("aggregate/summary.json")).expect("a summary");
        (folders.each_ref().map(read), ledger(&place))
    };
    let forward = summaries([0, 1, 2], "1");
    assert_eq!(summaries([2, 0, 1], "16"), forward);
    assert_eq!(summaries([1, 2, 0], "3"), forward);
    assert!(String::from_utf8_lossy(&forward.0[0]).contains("\"sweeps\": 3"));
}

/// The files of the ledger with their bytes.
fn ledger(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<PathBuf> = fs::read_dir(place.path("r/ledger"))
        .expect("a ledger")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), fs::read(file).expect("a file"))).collect()
}

#[test]
fn a_sweep_that_was_deleted_still_counts() {
    let place = Place::new(AXES);
    let [first, second] = [("a", "0.001"), ("b", "0.002")].map(|(name, cost)| run(&place, name, cost));
    verdict(&place, &first);
    let with_both = verdict(&place, &second);
    fs::remove_dir_all(&first).expect("ours");
    assert_eq!(verdict(&place, &second), with_both);
    fs::remove_dir_all(place.path("r/ledger")).expect("ours");
    assert_eq!(verdict(&place, &second)["family"]["sweeps"], 1);
}

#[test]
fn an_entry_of_the_first_format_is_named_and_its_number_allowed_for() {
    let place = Place::new(AXES);
    let first = run(&place, "a", "0.001");
    let alone = verdict(&place, &first);
    let old = "{\"sweep\":\"old\",\"seal\":\"0\",\"data_fingerprint\":\"0\",\"evaluated\":60,\"trials\":60,\"marks\":[]}";
    place.write("r/ledger/old-00000000.json", old);
    let found = verdict(&place, &first);
    assert_eq!(found["family"]["uncounted"], 60);
    assert_eq!(found["family"]["not_counted"][0]["name"], "old");
    assert!(
        found["text"]
            .as_str()
            .expect("a text")
            .contains("Of sweep old only the number of trials is known, 60: ")
    );
    let p = |verdict: &Value| verdict["best"]["p"].as_f64();
    assert!(p(&found) >= p(&alone), "{found}");
}
