//! The rows of a sweep are the same bytes however its points are shared out, and the figures are those of single backtests.

use std::fs;

use backtest::Metric;
use serde_json::Value;

use super::{AXES, HEAD, Place, points_csv, table};
use crate::comparison::close;
use crate::golden_case;
use crate::support;

#[test]
fn threads_shards_tasks_and_memory_change_no_byte() {
    let place = Place::new(&format!("keep = \"n != 4\"\n{AXES}"));
    let whole = points_csv(&place.sweep(&["-j", "1"]));
    assert_eq!(whole.lines().count(), 19);
    for arguments in [
        &["-j", "8"][..],
        &["-j", "2", "--shard-points", "1"],
        &["-j", "8", "--shard-points", "7"],
        &["--memory", "1", "--shard-points", "7"],
        &["--shard-points", "10000"],
    ] {
        fs::remove_dir_all(place.path("r")).expect("the folder is ours");
        assert_eq!(points_csv(&place.sweep(arguments)), whole, "{arguments:?}");
    }
    for (tasks, order) in [("1", vec![0]), ("3", vec![2, 0, 1]), ("25", (0..25).rev().collect())] {
        fs::remove_dir_all(place.path("r")).expect("the folder is ours");
        let mut folder = String::new();
        for task in order {
            let task = task.to_string();
            let task = ["run", "--params", "s.toml", "--task", &task, "--tasks", tasks, "--results", "r"];
            folder = place.done(&task).stdout;
        }
        assert_eq!(points_csv(&place.path(folder.trim_end())), whole, "{tasks} tasks");
    }
}

/// The axes.
const SET: [&str; 3] = ["n", "costs.commission", "rebalance.schedule"];

/// The metrics of `--format json` as a row has them: absent is empty.
fn same(metrics: &Value, row: &std::collections::BTreeMap<String, String>) {
    for metric in Metric::all().map(Metric::name) {
        let got = match &metrics[metric] {
            Value::Null => None,
            Value::String(text) if text == "Infinity" => Some(f64::INFINITY),
            Value::String(text) if text == "-Infinity" => Some(f64::NEG_INFINITY),
            number => Some(number.as_f64().unwrap_or_else(|| panic!("{metric}: {number}"))),
        };
        let expected = Some(&row[metric]).filter(|cell| !cell.is_empty());
        let expected = expected.map(|cell| cell.parse::<f64>().expect("a number").to_bits());
        assert_eq!(got.map(f64::to_bits), expected, "{metric} of point {}", row["point"]);
    }
}

#[test]
fn every_row_is_a_single_backtest() {
    let place = Place::new(
        "[axes]\nn = [1, 3, 30]\n\"costs.commission\" = [0.0, 0.001]\n\"rebalance.schedule\" = [\"daily\", \"on_change\"]",
    );
    let rows = table(&place.sweep(&[]));
    assert_eq!(rows.len(), 12);
    for row in rows {
        let json = |arguments: &[&str]| -> Value {
            let arguments = [&["run", "--quiet", "--format", "json"], arguments].concat();
            serde_json::from_str(&place.done(&arguments).stdout).expect("JSON")
        };
        let set = SET.map(|name| format!("{name}={}", row[name]));
        let [n, commission, schedule] = set.each_ref().map(String::as_str);
        same(&json(&["--params", "s.toml", "--point", &row["point"]])["metrics"], &row);
        let single = ["case.toml", "--params", n, "--params", commission, "--params", schedule];
        same(&json(&single)["metrics"], &row);
    }
}

#[test]
fn the_grid_of_the_reference_comes_out_whole() {
    let Some(shared) = support::shared("the_grid_of_the_reference_comes_out_whole") else { return };
    let goldens = shared.join("reference/goldens");
    let mut meta = support::read_json(&goldens.join("momentum_sweep_xlc_20180619.csv.meta"));
    let axes = format!("[axes]\nlookback = {}\ntop_n = {}\n", meta["lookbacks"], meta["top_n"]);
    let mut case = meta["case"].take();
    case["id"] = "grid".into();
    case["prices"] = "shared".into();
    case["alpha"] = serde_json::json!({"type": "top_n_momentum", "lookback": 1, "top_n": 1});
    let case: golden_case::Case = serde_json::from_value(case).expect("a case");
    let place = Place::new("");
    place.write("case.toml", &case.strategy_file());
    place.write("s.toml", &format!("{HEAD}{axes}"));
    let got = table(&place.sweep(&["--quiet"]));
    let mut golden =
        csv::Reader::from_path(goldens.join("momentum_sweep_xlc_20180619.csv")).expect("a table");
    let golden: Vec<std::collections::BTreeMap<String, String>> =
        golden.deserialize().map(|row| row.expect("a table")).collect();
    assert_eq!((got.len(), golden.len()), (72, 72));
    for (got, expected) in got.iter().zip(&golden) {
        let number = |row: &std::collections::BTreeMap<String, String>, column: &str| {
            row[column].parse::<f64>().expect("a number")
        };
        let cell = format!("{}/{}", expected["lookback"], expected["top_n"]);
        for column in ["lookback", "top_n", "max_drawdown_duration", "final_equity"] {
            assert_eq!(
                number(got, column).to_bits(),
                number(expected, column).to_bits(),
                "{column} of {cell}"
            );
        }
        assert_eq!(got["fills"], expected["transactions"], "fills of {cell}");
        for column in ["cagr", "sharpe", "sortino", "max_drawdown", "annualised_vol"] {
            assert!(close(number(got, column), number(expected, column)), "{column} of {cell}: {got:?}");
        }
    }
}

#[test]
fn two_at_once_into_one_folder_give_the_same_bytes() {
    let place = Place::new(&format!("keep = \"n != 4\"\n{AXES}"));
    let whole = points_csv(&place.sweep(&[]));
    let sweep = ["sweep", "run", "s.toml", "--results", "q", "--shard-points", "1"];
    let task =
        ["run", "--params", "s.toml", "--task", "0", "--tasks", "1", "--results", "t", "--shard-points", "2"];
    for arguments in [&sweep[..], &task] {
        let children: Vec<_> = (0..3).map(|_| place.start(arguments)).collect();
        let ended: Vec<_> = children.into_iter().map(|child| child.wait_with_output()).collect();
        for output in ended {
            let seen = super::seen(&output.expect("a child ends"));
            assert_eq!(seen.code, Some(0), "{}", seen.stderr);
            let folder = place.path(seen.stdout.trim_end());
            assert_eq!(points_csv(&folder), whole);
            assert!(super::shard_names(&folder).iter().all(|name| !name.starts_with('.')));
        }
    }
}

#[test]
fn the_result_is_the_folder_and_notes_are_for_people() {
    let place = Place::new(AXES);
    let loud = place.done(&["sweep", "run", "s.toml", "--results", "r"]);
    assert!(loud.stdout.starts_with("r/s-") && loud.stdout.lines().count() == 1, "{}", loud.stdout);
    assert!(loud.stderr.lines().all(|line| line.starts_with("note: ")), "{}", loud.stderr);
    let quiet = place.done(&["sweep", "run", "s.toml", "--results", "q", "--quiet"]);
    assert_eq!((quiet.stderr.as_str(), quiet.stdout.replace("q/", "r/")), ("", loud.stdout));
    for command in ["run", "status", "verify"] {
        let help = place.done(&["sweep", command, "--help"]).stdout;
        assert!(help.contains("Example") && help.contains(&format!("sweep {command} ")), "{help}");
    }
}

#[test]
fn verify_recomputes_every_bit() {
    let place = Place::new(AXES);
    let folder = place.sweep(&["--shard-points", "7"]);
    let seen = place.done(&["sweep", "verify", "r", "--points", "100"]);
    assert!(seen.stdout.contains("20 points recomputed, every bit the same"), "{}", seen.stdout);
    let prices = fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
    place.write("prices/AAA.csv", &prices.replacen("2020-01-15,", "2020-01-15,9", 1));
    let changed = place.run(&["sweep", "verify", folder.to_str().unwrap()]);
    assert_eq!(changed.code, Some(65), "{}", changed.stderr);
    assert!(changed.stderr.contains("the prices differ"), "{}", changed.stderr);
}
