//! `sweep overfit` and the verdict of `sweep aggregate`, from outside.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::inside::support::{program, project, read_json};
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};

/// The command, run at the project's root: prices of a plan are seen from there.
fn run(arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(project(""))
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the command was built with the tests")
}

#[track_caller]
fn output(arguments: &[&str]) -> String {
    let output = run(arguments);
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("the command wrote it"));
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    stdout
}

#[track_caller]
fn failure(arguments: &[&str], code: i32, message: &str) {
    let output = run(arguments);
    let stderr = String::from_utf8(output.stderr).expect("the command wrote it");
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
}

fn write(folder: &Path, names: &[&str], columns: &[Vec<f64>]) -> String {
    let mut text = names.join(",") + "\n";
    for row in 0..columns[0].len() {
        let cells = columns.iter().map(|column| format!("{}", column[row]));
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    let path = folder.join("returns.csv");
    fs::write(&path, text).expect("the command wrote it");
    path.to_str().expect("the command wrote it").to_owned()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(arguments)).expect("the command wrote it")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[test]
fn a_matrix_gets_its_verdict() {
    let folder = tempfile::tempdir().expect("the command wrote it");
    let mut columns = sweep(CORRELATIONS[0], [400, 6, 0], 0.0, 5);
    columns[2] = columns[1].clone();
    columns[3] = vec![0.0; 400];
    let path = write(folder.path(), &NAMES, &columns);
    let found = json(&["sweep", "overfit", &path, "--json", "--resamples", "200", "--mean-block", "4"]);
    for (place, expected) in [
        (&found["trials"], &["canonical", "duplicate", "evaluated", "failed", "flat"][..]),
        (&found["selected"], &["kurtosis", "minimum_track_record", "psr", "sharpe", "skew", "trial"]),
        (
            &found["deflated"],
            &["break_even_trials", "dsr", "expected_maximum", "sharpe_variance", "threshold"],
        ),
        (
            &found["pbo"],
            &[
                "blocks",
                "combinations",
                "logit_mean",
                "out_of_sample_mean",
                "pbo",
                "probability_of_loss",
                "slope",
            ],
        ),
        (
            &found["spa"],
            &["mean_block", "p_consistent", "p_lower", "p_upper", "resamples", "seed", "statistic"],
        ),
        (&found["reality_check"], &["p", "statistic"]),
    ] {
        let mut found = keys(place);
        found.sort_unstable();
        assert_eq!(found, expected);
    }
    assert_eq!(found["periods"], 400);
    assert_eq!(found["trials"]["canonical"], 4);
    assert_eq!((&found["trials"]["flat"], &found["trials"]["duplicate"]), (&1.into(), &1.into()));
    assert_eq!((&found["pbo"]["blocks"], &found["pbo"]["combinations"]), (&10.into(), &252.into()));
    assert_eq!((&found["spa"]["resamples"], &found["spa"]["mean_block"]), (&200.into(), &4.0.into()));
    let text = output(&["sweep", "overfit", &path, "--resamples", "200"]);
    let verdict = found["verdict"].as_str().expect("the command wrote it");
    assert!(text.starts_with(&format!("Verdict: {verdict}.")), "{text}");
}

#[test]
fn columns_with_gaps_are_failed_trials() {
    let folder = tempfile::tempdir().expect("the command wrote it");
    let mut columns = sweep(CORRELATIONS[0], [200, 3, 0], 0.0, 5);
    columns[1][17] = f64::NAN;
    columns[2][3] = f64::INFINITY;
    let path = write(folder.path(), &NAMES[..3], &columns);
    let found = json(&["--quiet", "sweep", "overfit", &path, "--json"]);
    assert_eq!((&found["trials"]["failed"], &found["pbo"]), (&2.into(), &Value::Null));
    let noted = String::from_utf8(run(&["sweep", "overfit", &path]).stderr).expect("the command wrote it");
    assert!(noted.contains("'b' is left out: its return in row 18 is no number"), "{noted}");
}

#[test]
fn a_benchmark_is_no_trial() {
    let folder = tempfile::tempdir().expect("the command wrote it");
    let columns = sweep(CORRELATIONS[1], [300, 4, 0], 0.0, 5);
    let path = write(folder.path(), &NAMES[..4], &columns);
    let found = json(&["sweep", "overfit", &path, "--json", "--benchmark", "b", "--resamples", "100"]);
    assert_eq!(found["trials"]["evaluated"], 3);
    failure(&["sweep", "overfit", &path, "--benchmark", "g"], 2, "there is no column 'g'");
}

#[test]
fn wrong_matrices_are_refused_with_their_place() {
    let folder = tempfile::tempdir().expect("the command wrote it");
    let path = folder.path().join("r.csv");
    let name = path.to_str().expect("the command wrote it");
    for (text, message) in [
        ("date,a,b\n2020-01-02,0.1,0.2\n2020-01-03,0.1,up\n", "r.csv:3:16: 'up' is no return"),
        ("a,b\n0.1,0.2\n0.1\n", "r.csv:3:5: 1 cells"),
        ("", "r.csv:1:1: the file is empty"),
    ] {
        fs::write(&path, text).expect("the command wrote it");
        failure(&["sweep", "overfit", name], 65, message);
    }
    failure(&["sweep", "overfit", "no-such-file.csv"], 66, "no such file");
    let path = write(folder.path(), &NAMES[..2], &sweep(CORRELATIONS[0], [100, 2, 0], 0.0, 5));
    failure(&["sweep", "overfit", &path, "--blocks", "5"], 2, "even number");
    failure(&["sweep", "overfit", &path, "--blocks", "64"], 2, "even number");
    failure(&["sweep", "overfit", &path, "--mean-block", "0.5"], 2, "from 1 on");
}

const SWEEP: &str = r#"
name = "verdict"
strategy = "STRATEGY"
[axes]
lookback = [21, 63, 126, 252]
top_n = [1, 2]
"costs.tax" = [0.0, 0.001]
"#;

/// Runs a small sweep on the prices that ship; gives the folder of its results.
fn small_sweep(results: &Path, text: &str) -> String {
    let file = results.join("verdict.toml");
    let strategy = project("strategies/momentum.toml");
    fs::write(&file, text.replace("STRATEGY", strategy.to_str().expect("the command wrote it")))
        .expect("the command wrote it");
    let arguments = [
        "sweep",
        "run",
        file.to_str().expect("the command wrote it"),
        "--results",
        results.to_str().expect("the command wrote it"),
    ];
    output(&arguments).trim().to_owned()
}

/// What a reader sees is the same everywhere.
#[test]
fn terminal_page_and_summary_say_the_same_paragraph() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let results = small_sweep(folder.path(), SWEEP);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = words(&output(&["--quiet", "sweep", "aggregate", &results]));
    let aggregate = Path::new(&results).join("aggregate");
    let verdict = &read_json(&aggregate.join("summary.json"))["verdict"];
    let text = verdict["text"].as_str().expect("a text");
    assert!(told.contains(text), "{told}");
    let page = words(&fs::read_to_string(aggregate.join("report.html")).expect("a page"));
    let sentences: Vec<&str> =
        text.split(". ").skip(1).filter(|sentence| !sentence.contains(['<', '&', '"'])).collect();
    assert!(sentences.len() > 5 && sentences.iter().all(|sentence| page.contains(sentence)), "{text}");
    assert!(
        text.contains("Holding what it held on average, ") && text.contains("In 99 placebo worlds"),
        "{text}"
    );
    assert!(!text.contains("beat cash and") || !text.to_lowercase().contains("edge real"), "{text}");
}

#[test]
fn without_prices_nothing_is_judged_and_the_reason_is_given() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let results = small_sweep(folder.path(), SWEEP);
    let plan = Path::new(&results).join("plan.toml");
    let text = fs::read_to_string(&plan).expect("a plan");
    let text = text.replace("data/prices", "nowhere");
    fs::write(&plan, text).expect("ours");
    output(&["--quiet", "sweep", "aggregate", &results]);
    let verdict = &read_json(&Path::new(&results).join("aggregate/summary.json"))["verdict"];
    assert_eq!(verdict["verdict"], "insufficient data");
    assert_eq!((&verdict["selected"], &verdict["pbo"]), (&Value::Null, &Value::Null));
    for told in [&verdict["reasons"].to_string(), &verdict["text"].to_string()] {
        assert!(told.contains("he returns cannot be made again: ") && told.contains("nowhere"), "{told}");
    }
    assert!(!folder.path().join("ledger").exists(), "nothing is known of what it tried");
    output(&["--quiet", "sweep", "aggregate", &results, "--no-verdict"]);
    let summary = read_json(&Path::new(&results).join("aggregate/summary.json"));
    assert_eq!(summary["verdict"], Value::Null);
}

#[test]
fn a_walk_forward_lives_with_its_choices() {
    let folder = tempfile::tempdir().expect("the command wrote it");
    let plain = small_sweep(folder.path(), SWEEP);
    let text = format!("{SWEEP}\n[walk_forward]\ntrain = 750\ntest = 250\n");
    let results = small_sweep(folder.path(), &text);
    assert_eq!(plain, results, "windows change no point, so nothing is computed again");
    let text = output(&["--quiet", "sweep", "aggregate", &results]);
    assert!(text.contains("\nWalk forward: in "), "{text}");
    let aggregate = Path::new(&results).join("aggregate");
    let found = &read_json(&aggregate.join("summary.json"))["walk_forward"];
    let windows = found["windows"].as_array().expect("the command wrote it");
    let curve = fs::read_to_string(aggregate.join("walk_forward.csv")).expect("the command wrote it");
    let rows: Vec<Vec<&str>> = curve.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 250 * windows.len());
    assert_eq!(found["periods"], rows.len());
    for (window, rows) in windows.iter().zip(rows.chunks(250)) {
        assert_eq!(window["test"], serde_json::json!([rows[0][0], rows[249][0]]));
        assert!(rows.iter().all(|row| row[1].parse().ok() == window["point"].as_u64()));
    }
}

/// The first window's choice is that of somebody who runs every point until the window's end and ranks what came out.
#[test]
fn a_window_is_chosen_by_the_rule_that_ranks_the_sweep() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let windows = "[walk_forward]\ntrain = 750\ntest = 250\n";
    let first_window = |rank: &str| {
        let results = small_sweep(folder.path(), &format!("{SWEEP}\n{rank}{windows}"));
        output(&["--quiet", "sweep", "aggregate", &results]);
        let summary = read_json(&Path::new(&results).join("aggregate/summary.json"));
        summary["walk_forward"]["windows"][0].clone()
    };
    let chosen = first_window("[rank]\nmetric = \"turnover\"\nrequire = [\"fills < 60\"]\n");
    let end = format!("period.end={}", chosen["train"][1].as_str().expect("a date"));
    let mut candidates = Vec::new();
    for lookback in [21, 63, 126, 252] {
        for top in [1, 2] {
            for tax in ["0.0", "0.001"] {
                let mut arguments =
                    ["--quiet", "run", "strategies/momentum.toml", "--format", "json"].to_vec();
                let set =
                    [format!("lookback={lookback}"), format!("top_n={top}"), format!("costs.tax={tax}")];
                set.iter().chain([&end]).for_each(|set| arguments.extend(["--params", set]));
                let metrics = json(&arguments)["metrics"].clone();
                let number = |name: &str| metrics[name].as_f64().expect("a number");
                candidates.push([number("turnover"), number("fills"), number("sharpe")]);
            }
        }
    }
    let best = |of: fn(&[f64; 3]) -> f64| {
        (0..candidates.len()).min_by(|a, b| of(&candidates[*a]).total_cmp(&of(&candidates[*b])))
    };
    let by_rule = best(|[turnover, fills, _]| if *fills < 60.0 { *turnover } else { f64::INFINITY });
    assert_eq!(chosen["point"].as_u64(), by_rule.map(|point| point as u64), "{candidates:?}");
    let others = [best(|[turnover, ..]| *turnover), best(|[_, _, sharpe]| -sharpe)];
    assert!(!others.contains(&by_rule), "neither turnover alone nor the Sharpe ratio chooses it");
    assert_eq!(first_window("")["point"].as_u64(), others[1].map(|point| point as u64));
}

/// The same frame of pandas, with dates as its index, written by `to_csv` and by `to_parquet`.
fn of_pandas(ending: &str) -> String {
    project(&format!("tests/vectors/pandas/returns.{ending}")).display().to_string()
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_of_pandas_says_what_its_csv_says() {
    let [csv, parquet] = ["csv", "parquet"].map(of_pandas);
    for more in [&[][..], &["--benchmark", "fast=90"]] {
        let of =
            |path: &str| json(&[&["sweep", "overfit", path, "--json", "--resamples", "200"], more].concat());
        assert_eq!(of(&csv), of(&parquet));
        assert_eq!(of(&csv)["trials"]["canonical"], 6 - more.len() / 2);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn damaged_parquet_is_bad_data() {
    let bytes = fs::read(of_pandas("parquet")).expect("it ships");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("returns.parquet");
    let name = path.to_str().expect("it is text");
    let last = bytes.len() - 1;
    for end in [5, 100, bytes.len() / 2, last] {
        fs::write(&path, &bytes[..end]).expect("it can be written");
        failure(&["sweep", "overfit", name], 65, "returns.parquet: ");
    }
    // A damaged byte may change numbers, or be an error; never anything else.
    for place in (4..bytes.len()).step_by(157).chain([last - 3, last - 5, last - 8, last - 20]) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        fs::write(&path, damaged).expect("it can be written");
        let output = run(&["sweep", "overfit", name, "--resamples", "10"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 65)), "byte {place}: {stderr}");
        assert!(!stderr.contains("panicked"), "byte {place}: {stderr}");
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_it_says_so() {
    failure(&["sweep", "overfit", &of_pandas("parquet")], 65, "give it as CSV");
}

/// So many trials that the tests look at some of them only.
#[test]
fn of_very_many_trials_every_one_is_looked_at() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let prices = project("data/prices").display().to_string();
    let strategy = format!(
        "name = \"many\"\nuniverse.assets = [\"AAPL\"]\nalpha.weights = \"share(momentum(2) > 0)\"\n\
         rebalance.schedule = \"daily\"\nportfolio = {{ initial_cash = 1e6, long_only = {{ cash_buffer = 0.01 }} }}\n\
         period = {{ start = 2012-01-02, end = 2012-05-31 }}\ndata.prices = \"{prices}\"\n"
    );
    fs::write(folder.path().join("many.toml"), strategy).expect("it can be written");
    let sweep = "name = \"many\"\nstrategy = \"many.toml\"\n[axes]\n\"costs.commission\" = { from = 0.0, to = 0.01, count = 21000 }\n";
    let file = folder.path().join("many_sweep.toml");
    fs::write(&file, sweep).expect("it can be written");
    let [file, results] = [file.as_path(), folder.path()].map(|path| path.to_str().expect("it is text"));
    let results = output(&["--quiet", "sweep", "run", file, "--results", results]).trim().to_owned();
    output(&["--quiet", "sweep", "aggregate", &results]);
    let verdict = &read_json(&Path::new(&results).join("aggregate/summary.json"))["verdict"];
    assert!(verdict["trials"]["canonical"].as_u64() > Some(20_000), "{verdict}");
    assert_eq!(verdict["family"]["trials"], verdict["trials"]["canonical"]);
    assert!(verdict["best"]["p"].is_number() && verdict["pbo"]["pbo"].is_number());
    assert_eq!((&verdict["equals"]["compared"], &verdict["placebo"]), (&5000.into(), &Value::Null));
}
