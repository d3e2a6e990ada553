//! Shards that are not what they should be are named, count as missing and are computed again.

use std::fs;

use super::{AXES, Place, points_csv, shard_names, tables};

/// What befalls a shard: its table and its sums.
type Harm = fn(&std::path::Path, &std::path::Path);

fn flip(path: &std::path::Path) {
    let mut bytes = fs::read(path).expect("the file is ours");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(path, bytes).expect("the file is ours");
}

fn cut(path: &std::path::Path) {
    let bytes = fs::read(path).expect("the file is ours");
    fs::write(path, &bytes[..bytes.len() - 1]).expect("the file is ours");
}

const HARMS: [(&str, bool, Harm); 8] = [
    ("a bit of the table", true, |table, _| flip(table)),
    ("a bit of the sums", true, |_, sums| flip(sums)),
    ("a table cut short", true, |table, _| cut(table)),
    ("sums cut short", true, |_, sums| cut(sums)),
    ("an empty table", true, |table, _| fs::write(table, "").expect("the file is ours")),
    ("no sums", true, |_, sums| fs::remove_file(sums).expect("the file is ours")),
    ("no table", false, |table, _| fs::remove_file(table).expect("the file is ours")),
    ("two rows swapped", true, |table, _| {
        let text = fs::read_to_string(table).expect("the file is ours");
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        lines.swap(1, 2);
        fs::write(table, lines.concat()).expect("the file is ours");
    }),
];

#[test]
fn a_damaged_shard_is_named_and_computed_again() {
    let place = Place::new(AXES);
    let folder = place.sweep(&["--shard-points", "5"]);
    let (whole, names) = (points_csv(&folder), shard_names(&folder));
    assert_eq!(names.len(), 8);
    for (title, is_named, harm) in HARMS {
        let shards = folder.join("shards");
        harm(&shards.join("000000005-000000009.csv"), &shards.join("000000005-000000009.blocks"));
        let status = place.status(&folder);
        assert_eq!((&status["done"], &status["missing"]), (&15.into(), &5.into()), "{title}");
        assert_eq!(status["missing_ranges"], serde_json::json!([[5, 9]]), "{title}");
        assert_eq!(status["damaged"].as_array().unwrap().len(), usize::from(is_named), "{title}");
        let exit = place.run(&["sweep", "status", "r", "--exit-code"]);
        assert_eq!(exit.code, Some(3), "{title}");
        assert_eq!(exit.stdout.contains("000000005-000000009.csv"), is_named, "{title}: {}", exit.stdout);
        let again = place.done(&["sweep", "run", "s.toml", "--results", "r", "--shard-points", "5"]);
        assert_eq!(again.stderr.contains("000000005-000000009.csv"), is_named, "{title}: {}", again.stderr);
        assert!(again.stderr.contains("15 of 20 points are there already"), "{title}: {}", again.stderr);
        assert_eq!((points_csv(&folder), shard_names(&folder)), (whole.clone(), names.clone()), "{title}");
        assert_eq!(place.done(&["sweep", "status", "r", "--exit-code"]).code, Some(0), "{title}");
    }
}

#[test]
fn a_damaged_shard_that_others_replace_is_taken_away() {
    let place = Place::new(AXES);
    let folder = place.sweep(&[]);
    let whole = points_csv(&folder);
    flip(&folder.join("shards").join(&tables(&folder)[0]));
    let again = place.sweep(&["--shard-points", "7"]);
    assert_eq!((points_csv(&again), tables(&again).len()), (whole, 3));
    assert_eq!(place.status(&folder)["damaged"], serde_json::json!([]));
    let quiet = place.done(&["sweep", "run", "s.toml", "--results", "r"]);
    assert!(!quiet.stderr.contains("damaged"), "{}", quiet.stderr);
}

#[test]
fn a_shard_of_another_sweep_or_another_range_counts_as_missing() {
    let place = Place::new(AXES);
    let folder = place.sweep(&["--shard-points", "5"]);
    let whole = points_csv(&folder);
    let other = Place::new(&AXES.replace("0.001", "0.002"));
    let other = other.sweep(&["--shard-points", "5"]).join("shards");
    let shards = folder.join("shards");
    for ending in ["csv", "blocks"] {
        let at = |range: &str| shards.join(format!("{range}.{ending}"));
        fs::copy(other.join(format!("000000000-000000004.{ending}")), at("000000000-000000004")).unwrap();
        fs::copy(at("000000005-000000009"), at("000000010-000000014")).unwrap();
    }
    let status = place.status(&folder);
    assert_eq!(status["missing_ranges"], serde_json::json!([[0, 4], [10, 14]]), "{status}");
    assert_eq!(status["damaged"].as_array().unwrap().len(), 2);
    place.sweep(&["--shard-points", "5"]);
    assert_eq!(points_csv(&folder), whole);
}

#[test]
fn files_that_are_no_shards_are_left_alone() {
    let place = Place::new(AXES);
    let folder = place.sweep(&[]);
    let strange = ["5-9.csv", "notes.txt", ".nfs0001", "000000009-000000005.csv", ".keep.tmp"];
    for name in strange {
        fs::write(folder.join("shards").join(name), "x").unwrap();
    }
    assert_eq!(place.status(&folder)["damaged"], serde_json::json!([]));
    place.sweep(&[]);
    assert!(strange.iter().all(|name| folder.join("shards").join(name).exists()));
}
