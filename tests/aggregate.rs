//! What `sweep aggregate` makes of shards, judged from outside.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{files_of, project};

pub fn backtest(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backtest"))
        .args(arguments)
        .current_dir(project(""))
        .output()
        .expect("the command was built with the tests")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A sweep over the shipped prices in a folder of its own; gives that folder and the folder of its results.
pub fn swept(name: &str, sweep: &str, more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a result of the command");
    let strategy = project("strategies/momentum.toml");
    let file = folder.path().join("sweep.toml");
    fs::write(&file, format!("name = {name:?}\nstrategy = {strategy:?}\n{sweep}"))
        .expect("a result of the command");
    let results = folder.path().join("results");
    let mut arguments =
        vec!["sweep", "run", file.to_str().expect("a result of the command"), "--quiet", "--results"];
    arguments.push(results.to_str().expect("a result of the command"));
    arguments.extend(more);
    let output = backtest(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let results = PathBuf::from(text(&output.stdout).trim());
    (folder, results)
}

const GRID: &str =
    "[axes]\nlookback = [21, 63, 126]\ntop_n = [1, 2, 3]\n\"costs.commission\" = [0.0, 0.05, 0.1]\n";

pub fn aggregate(results: &Path, more: &[&str]) -> Output {
    backtest(&[&["sweep", "aggregate", results.to_str().expect("a result of the command")], more].concat())
}

fn json(results: &Path) -> Value {
    let output = aggregate(results, &["--json", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a result of the command")
}

/// Rows by the names of their columns.
fn rows(path: &Path) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a result of the command");
    let names: Vec<String> =
        reader.headers().expect("a result of the command").iter().map(str::to_owned).collect();
    let row =
        |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a result of the command"))).collect()
}

#[test]
fn points_are_the_rows_of_all_shards_in_order() {
    let (_folder, few) = swept("few", GRID, &["-j", "1", "--shard-points", "4"]);
    let (_other, many) = swept("few", GRID, &["-j", "4"]);
    for results in [&few, &many] {
        assert_eq!(aggregate(results, &["--quiet"]).status.code(), Some(0));
    }
    let points = |results: &Path| fs::read(results.join("aggregate/points.csv")).unwrap();
    assert!(points(&few) == points(&many), "the same bytes for any split");
    let rows = rows(&few.join("aggregate/points.csv"));
    let numbers: Vec<usize> = rows.iter().map(|row| row["point"].parse().unwrap()).collect();
    assert_eq!(numbers, (0..27).collect::<Vec<_>>());
    assert_eq!(rows[26]["costs.commission"], "0.1");
}

#[test]
fn the_leaderboard_ranks_what_qualifies_above_the_rest() {
    let rank = "[rank]\nmetric = \"max_drawdown\"\nrequire = [\"cagr > 0.1\", \"fills > 200\"]\n";
    let (_folder, results) = swept("ranked", &format!("{GRID}{rank}"), &[]);
    let summary = json(&results);
    let rows = rows(&results.join("aggregate/leaderboard.csv"));
    let number = |row: &HashMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    let qualifies = |row: &&HashMap<String, String>| row["qualifies"] == "true";
    let count = rows.iter().filter(qualifies).count();
    assert!(0 < count && count < rows.len());
    assert!(rows[..count].iter().all(|row| number(row, "cagr") > 0.1 && number(row, "fills") > 200.0));
    assert!(rows[count..].iter().all(|row| number(row, "cagr") <= 0.1 || number(row, "fills") <= 200.0));
    assert!(rows[..count].is_sorted_by_key(|row| number(row, "max_drawdown")), "less drawdown is better");
    assert!(rows[count..].is_sorted_by_key(|row| number(row, "max_drawdown")));
    assert_eq!(summary["rank"]["goal"], "min");
    assert_eq!(summary["best"]["point"].to_string(), rows[0]["point"]);
    assert_eq!(summary["rank"]["qualify"], count);
    let centre = rows.iter().find(|row| row["plateau_rank"] == "1").unwrap();
    assert_eq!(summary["plateau_best"]["point"].to_string(), centre["point"]);
}

#[test]
fn the_break_even_lies_between_a_gain_and_a_loss() {
    let (_folder, results) = swept("costs", GRID, &[]);
    json(&results);
    let rows = rows(&results.join("aggregate/leaderboard.csv"));
    let mut crossings = 0;
    for row in &rows {
        let line: Vec<&HashMap<String, String>> = rows
            .iter()
            .filter(|other| ["lookback", "top_n"].iter().all(|axis| other[*axis] == row[*axis]))
            .collect();
        let Ok(break_even) = row["break_even"].parse::<f64>() else {
            assert!(line.iter().all(|point| point["total_return"].parse::<f64>().unwrap() > 0.0));
            continue;
        };
        for point in line {
            let cost: f64 = point["costs.commission"].parse().unwrap();
            assert_eq!(point["total_return"].parse::<f64>().unwrap() > 0.0, cost < break_even);
        }
        crossings += 1;
    }
    assert!(crossings > 3, "the costs of this grid ruin most of it");
}

#[test]
fn another_figure_can_be_asked_for() {
    let (_folder, results) = swept("metric", GRID, &[]);
    let output = aggregate(&results, &["--metric", "cagr", "--top", "2", "--quiet"]);
    let shown = text(&output.stdout);
    assert!(shown.contains("ranked by cagr"), "{shown}");
    let wrong = aggregate(&results, &["--metric", "cgar"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("did you mean 'cagr'?"), "{}", text(&wrong.stderr));
}

#[test]
fn missing_points_are_said_and_strict_ends_with_3() {
    let (_folder, results) = swept("part", GRID, &["--shard-points", "9"]);
    let shards = files_of(&results.join("shards"), &[".csv"]);
    fs::remove_file(&shards[1]).unwrap();
    let output = aggregate(&results, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("warning: INCOMPLETE: 9 of 27 points"), "{}", text(&output.stderr));
    let summary = json(&results);
    assert_eq!(summary["points"]["missing"], 9);
    assert_eq!(summary["points"]["missing_ranges"][0], serde_json::json!([9, 17]));
    assert_eq!(aggregate(&results, &["--strict", "--quiet"]).status.code(), Some(3));
}

#[test]
fn every_sweep_of_a_folder_is_taken() {
    let (folder, results) = swept("first", GRID, &[]);
    let above = results.parent().unwrap();
    let other = folder.path().join("sweep.toml");
    let text_of = fs::read_to_string(&other).unwrap().replace("first", "second");
    fs::write(&other, text_of).unwrap();
    let arguments =
        ["sweep", "run", other.to_str().unwrap(), "--quiet", "--results", above.to_str().unwrap()];
    assert_eq!(backtest(&arguments).status.code(), Some(0));
    fs::create_dir(above.join("notes")).unwrap();
    let summaries = json(above);
    let names: Vec<&str> =
        summaries.as_array().unwrap().iter().map(|summary| summary["sweep"].as_str().unwrap()).collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(json(&results)["sweep"], "first", "a sweep's own folder gives an object");
}

#[test]
fn every_pair_of_axes_has_its_maps() {
    let (_folder, results) = swept("maps", GRID, &[]);
    json(&results);
    let maps: Vec<String> = files_of(&results.join("aggregate"), &[".svg"])
        .iter()
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        maps,
        [
            "heatmap-costs.commission-lookback-mean.svg",
            "heatmap-costs.commission-lookback.svg",
            "heatmap-costs.commission-top_n-mean.svg",
            "heatmap-costs.commission-top_n.svg",
            "heatmap-top_n-lookback-mean.svg",
            "heatmap-top_n-lookback.svg",
        ]
    );
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_the_same_figures() {
    use polars::prelude::{ParquetReader, SerReader};
    let (_folder, results) = swept("parquet", GRID, &[]);
    json(&results);
    let file = fs::File::open(results.join("aggregate/points.parquet")).unwrap();
    let frame = ParquetReader::new(file).finish().unwrap();
    let rows = rows(&results.join("aggregate/points.csv"));
    assert_eq!(frame.height(), rows.len());
    let sharpe = frame.column("sharpe").unwrap().f64().unwrap();
    for (row, sharpe) in rows.iter().zip(sharpe.iter()) {
        assert_eq!(row["sharpe"].parse::<f64>().ok(), sharpe, "bit for bit");
    }
    assert_eq!(frame.column("lookback").unwrap().i64().unwrap().get(26), Some(126));
}

#[test]
fn where_no_trial_moves_there_is_nothing_to_walk() {
    let sweep = "[axes]\n\"alpha.weights\" = [\"0 * close\", \"0 * open\"]\n[walk_forward]\ntrain = 756\ntest = 252\n";
    let (_folder, results) = swept("still", sweep, &[]);
    let output = aggregate(&results, &["--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // The verdict is wrapped to the width of the terminal.
    let words = text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("No walk forward: no trial moves."), "{words}");
}

#[test]
fn a_sweep_that_cannot_be_read_keeps_none_before_it_from_its_report() {
    let (folder, first) = swept("first", GRID, &["--shard-points", "9"]);
    let file = folder.path().join("sweep.toml");
    let sweep = fs::read_to_string(&file).unwrap().replace("\"first\"", "\"second\"");
    fs::write(&file, sweep).unwrap();
    let results = first.parent().unwrap();
    let [file, results] = [file.as_path(), results].map(|path| path.to_str().unwrap());
    let output = backtest(&["sweep", "run", file, "--quiet", "--results", results, "--shard-points", "9"]);
    let second = PathBuf::from(text(&output.stdout).trim());
    // Both stand in the ledger then.
    assert_eq!(aggregate(Path::new(results), &["--quiet"]).status.code(), Some(0));
    fs::remove_dir_all(first.join("aggregate")).unwrap();
    let sums = files_of(&second.join("shards"), &[".blocks"]).swap_remove(0);
    fs::remove_file(&sums).unwrap();
    fs::create_dir(&sums).unwrap();
    let output = aggregate(Path::new(results), &["--quiet"]);
    assert_eq!(output.status.code(), Some(74), "{}", text(&output.stderr));
    assert!(first.join("aggregate/report.html").is_file() && !text(&output.stdout).is_empty());
}

#[test]
fn missing_points_are_told_whatever_the_jobs_settings_are() {
    let (_folder, results) = swept("told", GRID, &["--shard-points", "9"]);
    for file in files_of(&results.join("shards"), &["000000008.csv", "000000008.blocks"]) {
        fs::remove_file(file).unwrap();
    }
    let plan = results.join("plan.toml");
    let sealed = fs::read_to_string(&plan).unwrap();
    fs::write(&plan, format!("{sealed}\n[slurm]\ntasks = 0\n")).unwrap();
    let output = aggregate(&results, &[]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("INCOMPLETE: 9 of 27 points are missing") && said.contains("tasks"), "{said}");
}

#[test]
fn ruined_points_stand_last_and_win_nothing() {
    let strategy = project("strategies/long_short.toml");
    // Without a rule the second, which is ruined at once, would have the highest return. The third is ruined in 2003.
    let sweep = format!(
        "name = \"levered\"\nstrategy = {strategy:?}\n[axes]\n\"portfolio.long_short.gross_leverage\" = [0.5, 20.0, 7.0, 5.0]\n\
         [rank]\nmetric = \"total_return\"\nrequire = [\"max_drawdown < 0.5\"]\n\
         [walk_forward]\ntrain = 250\ntest = 250\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("levered.toml");
    fs::write(&file, sweep).unwrap();
    let above = folder.path().join("results");
    let [file, above] = [&file, &above].map(|path| path.to_str().unwrap());
    let output = backtest(&["sweep", "run", file, "--quiet", "--results", above]);
    let results = PathBuf::from(text(&output.stdout).trim());
    let summary = json(&results);
    let written = rows(&results.join("aggregate/leaderboard.csv"));
    let column = |name: &str| written.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
    assert_eq!(column("point"), ["0", "3", "1", "2"]);
    assert_eq!(column("qualifies"), ["true", "false", "false", "false"]);
    assert_eq!(column("ruined_on"), ["", "", "2001-04-17", "2003-05-27"]);
    assert_eq!((&summary["points"]["ruined"], &summary["worst"]["point"]), (&2.into(), &3.into()));
    assert!(summary["best"]["metrics"]["ruined_on"].is_null());
    let chosen = summary["walk_forward"]["windows"].as_array().unwrap();
    assert!(chosen.iter().all(|window| window["point"] != 1), "it is ruined in the first window");
    let shown = text(&aggregate(&results, &["--quiet"]).stdout);
    // The verdict is wrapped to the width of the terminal.
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("4 of 4 points, 2 ruined") && words.contains("2 points were ruined"), "{shown}");
    let page = fs::read_to_string(results.join("aggregate/report.html")).unwrap();
    assert!(page.contains("2 of them ruined") && page.contains("2 points were ruined"));
    let refused = aggregate(&results, &["--metric", "ruined_on"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("'ruined_on' is a date"), "{}", text(&refused.stderr));
}
