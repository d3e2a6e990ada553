//! The verdict of `sweep aggregate` against this implementation, from what the program says of each point alone: its equity,
//! its fills, and the price files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use chrono::NaiveDate;
use serde_json::Value;

use super::examination::{Examination, examine};
use super::input::{Sweep, Trials};
use super::passive::mean_weights;
use super::vectors::is_near;
use crate::support::{project, read_json};

/// Point 0 is the first value of both axes; the last axis moves first.
const LOOKBACKS: [u32; 3] = [21, 63, 126];
const TOPS: [u32; 2] = [1, 2];
const ASSETS: [&str; 4] = ["AAPL", "GOOG", "IBM", "MSFT"];

fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_backtest"))
        .args(arguments)
        .current_dir(project(""))
        .output()
        .expect("the command was built with the tests");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("the command writes UTF-8")
}

/// The rows of a CSV file by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text}: a number"))
}

/// Days since 1970-01-01.
fn day(text: &str) -> i64 {
    let date = NaiveDate::parse_from_str(&text[..10], "%Y-%m-%d").expect("a date");
    (date - NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date")).num_days()
}

/// The adjusted close of an asset on each of some days: the last one known; `None` before the first.
fn closes(asset: &str, days: &[i64]) -> Vec<Option<f64>> {
    let file = project(&format!("data/prices/{asset}.csv"));
    let known: BTreeMap<i64, f64> =
        rows(&file).iter().map(|row| (day(&row["Date"]), number(&row["Adj Close"]))).collect();
    days.iter().map(|day| known.range(..=day).next_back().map(|(_, close)| *close)).collect()
}

/// What one point held and earned.
struct Point {
    days: Vec<i64>,
    returns: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

fn point(folder: &Path, lookback: u32, top: u32) -> Point {
    let [equity, fills] = ["equity.csv", "fills.csv"].map(|name| folder.join(name));
    let [set_lookback, set_top] = [format!("lookback={lookback}"), format!("top_n={top}")];
    let [equity_file, fills_file] = [&equity, &fills].map(|path| path.to_str().expect("text"));
    run(&[
        "run",
        "strategies/momentum.toml",
        "--quiet",
        "--params",
        &set_lookback,
        "--params",
        &set_top,
        "--equity",
        equity_file,
        "--fills",
        fills_file,
    ]);
    let curve = rows(&equity);
    let days: Vec<i64> = curve.iter().map(|row| day(&row["date"])).collect();
    let equity: Vec<f64> = curve.iter().map(|row| number(&row["equity"])).collect();
    let mut weights = Vec::new();
    for asset in ASSETS {
        let closes = closes(asset, &days);
        let fills: Vec<(i64, f64)> = rows(&fills)
            .iter()
            .filter(|row| row["asset"] == asset)
            .map(|row| (day(&row["time"]), number(&row["quantity"])))
            .collect();
        let mut of_asset = Vec::new();
        for session in 0..days.len() - 1 {
            let held: f64 =
                fills.iter().filter(|(on, _)| *on <= days[session]).map(|(_, shares)| shares).sum();
            of_asset.push(held * closes[session].unwrap_or(0.0) / equity[session]);
        }
        weights.push(of_asset);
    }
    let returns = (1..equity.len()).map(|point| equity[point] / equity[point - 1] - 1.0).collect();
    Point { days, returns, weights }
}

/// The return of an asset on each session: absent up to and with that of its first close.
fn asset_returns(asset: &str, days: &[i64]) -> Vec<Option<f64>> {
    let closes = closes(asset, days);
    (1..days.len()).map(|session| Some(closes[session]? / closes[session - 1]? - 1.0)).collect()
}

fn slow(folder: &Path) -> Sweep {
    let mut points = Vec::new();
    for lookback in LOOKBACKS {
        for top in TOPS {
            points.push(point(folder, lookback, top));
        }
    }
    let days = points[0].days.clone();
    let trials = Trials {
        assets: ASSETS.iter().map(|asset| asset_returns(asset, &days)).collect(),
        days: days[1..].to_vec(),
        weights: points.iter().map(|point| point.weights.clone()).collect(),
        returns: points.iter().map(|point| point.returns.clone()).collect(),
        cash: None,
        borrow: None,
        debit: None,
    };
    Sweep {
        trials,
        family: Vec::new(),
        folder: Vec::new(),
        periods: 252.0,
        selected: None,
        look: 1,
        uncounted: 0,
        holdout: None,
    }
}

#[track_caller]
fn near(what: &str, got: &Value, expected: Option<f64>) {
    let agrees = match (got.as_f64(), expected) {
        (Some(got), Some(expected)) => is_near(got, expected),
        (got, expected) => got.is_none() && expected.is_none(),
    };
    assert!(agrees, "{what}: {got} instead of {expected:?}");
}

fn compare(verdict: &Value, sweep: &Sweep, slow: &Examination) {
    let selected = &verdict["selected"];
    let place = slow.canonical.iter().position(|trial| *trial == slow.selected).expect("it counts");
    assert_eq!(selected["point"], slow.selected);
    near("edge", &selected["edge"], Some(slow.edge[place]));
    near("passive", &selected["passive"], Some(slow.passive[place]));
    let weights = mean_weights(&sweep.trials, slow.selected);
    for (asset, weight) in ASSETS.iter().chain(&["cash"]).zip(weights) {
        let shown = selected["weights"][asset].as_f64().unwrap_or(0.0);
        assert!(is_near(shown, weight), "{asset}: {shown} instead of {weight}");
    }
    let tested = slow.tested.as_ref().expect("enough sessions");
    near("p", &selected["p"], Some(tested.p_selected));
    near("p_alone", &selected["p_alone"], Some(tested.p_alone));
    near("p_best", &verdict["best"]["p"], Some(tested.p_best));
    assert_eq!(verdict["best"]["point"], tested.best);
    let interval = tested.interval.as_ref();
    near("low", &selected["interval"]["low"], interval.map(|interval| interval.low));
    near("high", &selected["interval"]["high"], interval.map(|interval| interval.high));
    near("estimate", &selected["interval"]["estimate"], interval.and_then(|interval| interval.estimate));
    near("ratio", &verdict["detectable"]["ratio"], tested.detectable_ratio);
    near("pbo", &verdict["pbo"]["pbo"], slow.splits.as_ref().map(|splits| splits.probability));
    near("psr", &selected["psr"], slow.psr);
    near("dsr", &selected["dsr"], slow.dsr);
    near("inflation", &selected["inflation"], Some(slow.inflation));
    near("psr of returns", &selected["against_cash"]["psr"], slow.psr_returns);
    for (name, scale) in &tested.scales {
        assert_eq!(verdict["scales"][name]["blocks"], scale.blocks, "{name}");
    }
}

#[test]
fn an_aggregate_says_what_its_curves_and_fills_say() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("sweep.toml");
    let strategy = project("strategies/momentum.toml");
    let text = format!(
        "name = \"s\"\nstrategy = {strategy:?}\n[axes]\nlookback = {LOOKBACKS:?}\ntop_n = {TOPS:?}\n"
    );
    fs::write(&file, text).expect("ours");
    let results = folder.path().join("results");
    let [file, results] = [&file, &results].map(|path| path.to_str().expect("text"));
    let found = run(&["sweep", "run", file, "--results", results, "--quiet"]);
    let found = Path::new(found.trim_end());
    run(&["sweep", "aggregate", found.to_str().expect("text"), "--quiet"]);
    let verdict = &read_json(&found.join("aggregate/summary.json"))["verdict"];
    let mut sweep = slow(folder.path());
    sweep.selected = verdict["selected"]["point"].as_u64().map(|point| point as usize);
    compare(verdict, &sweep, &examine(&sweep));
}
