//! `sweep overfit` on files as people have them: their index, their assets, and what are no returns.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::inside::support::program;
use crate::market::date::Date;
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};

/// Trials of noise.
fn noise(rows: usize, trials: usize) -> Vec<Vec<f64>> {
    sweep(CORRELATIONS[0], [rows, trials, 0], 0.0, 11)
}

/// Columns with names, the first of them of texts.
fn table(index: Option<(&str, Vec<String>)>, columns: &[Vec<f64>]) -> String {
    let mut heads: Vec<String> = (0..columns.len()).map(|trial| format!("t{trial}")).collect();
    let cells = index.map(|(name, cells)| {
        heads.insert(0, name.to_owned());
        cells
    });
    let mut text = heads.join(",") + "\n";
    for row in 0..columns[0].len() {
        let mut line: Vec<String> = cells.iter().map(|cells| cells[row].clone()).collect();
        line.extend(columns.iter().map(|column| column[row].to_string()));
        text += &(line.join(",") + "\n");
    }
    text
}

fn overfit(folder: &Path, text: &str, arguments: &[&str]) -> Output {
    fs::write(folder.join("returns.csv"), text).expect("it can be written");
    Command::new(program())
        .args(["sweep", "overfit", "returns.csv", "--resamples", "20"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command was built with the tests")
}

fn texts(output: &Output) -> [String; 2] {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned())
}

#[track_caller]
fn json(folder: &Path, text: &str, arguments: &[&str]) -> Value {
    let output = overfit(folder, text, &[&["--json"], arguments].concat());
    let [stdout, stderr] = texts(&output);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_str(&stdout).expect("JSON")
}

#[track_caller]
fn refused(folder: &Path, text: &str, arguments: &[&str], code: i32, message: &str) {
    let output = overfit(folder, text, arguments);
    let [_, stderr] = texts(&output);
    assert!(output.status.code() == Some(code) && stderr.contains(message), "{:?}: {stderr}", output.status);
}

/// Weekdays from 2012-01-02, a Monday.
fn weekdays(rows: usize) -> Vec<Date> {
    (0..).map(|day| Date(15_341 + day)).filter(|date| date.weekday() < 5).take(rows).collect()
}

#[test]
fn an_index_in_any_form_is_no_trial_and_its_dates_are_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let columns = noise(400, 3);
    let days = weekdays(400);
    let plain = json(folder.path(), &table(None, &columns), &[]);
    assert_eq!(plain["scales"]["rows_5"]["blocks"], 80);
    let seconds = |unit: i64| move |date: &Date| (i64::from(date.0) * 86_400 * unit).to_string();
    let american = |date: &Date| {
        let (year, month, day) = date.ymd();
        format!("{month}/{day}/{year}")
    };
    type Form<'f> = &'f dyn Fn(&Date) -> String;
    let forms: [(&str, Form); 9] = [
        ("date", &|date| date.to_string()),
        ("when", &|date| date.to_string().replace('-', "")),
        ("Timestamp", &|date| format!("{date} 16:00:00+00:00")),
        ("", &american),
        ("t", &seconds(1)),
        ("t", &seconds(1_000)),
        ("t", &seconds(1_000_000)),
        ("epoch", &seconds(1_000_000_000)),
        ("Unnamed: 0", &|date| format!("{date}T00:00:00.000Z")),
    ];
    let mut of_dates = None;
    for (name, form) in forms {
        let text = table(Some((name, days.iter().map(form).collect())), &columns);
        let found = json(folder.path(), &text, &[]);
        assert_eq!(
            (&found["trials"]["evaluated"], &found["scales"]["week"]["blocks"]),
            (&3.into(), &80.into()),
            "{name}"
        );
        assert_eq!(&found, of_dates.get_or_insert_with(|| found.clone()), "{name}");
        let [_, note] = texts(&overfit(folder.path(), &text, &[]));
        assert!(note.contains("is the index and no trial: dates from 2012-01-02 to 2013-07-12"), "{note}");
    }
    for (name, start) in [("Unnamed: 0", 0), ("n", 7)] {
        let text = table(Some((name, (start..start + 400).map(|row| row.to_string()).collect())), &columns);
        assert_eq!(json(folder.path(), &text, &[]), plain, "{name}");
        let [_, note] = texts(&overfit(folder.path(), &text, &[]));
        assert!(note.contains("no dates"), "{note}");
    }
}

#[test]
fn an_index_behind_the_first_column_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let columns = noise(80, 2);
    let behind = |name: &str, cell: &dyn Fn(usize) -> String| {
        let text = table(None, &columns);
        let mut lines = text.lines().enumerate().map(|(line, text)| match line {
            0 => format!("{text},{name}\n"),
            line => format!("{text},{}\n", cell(line)),
        });
        lines.by_ref().collect::<String>()
    };
    let days = weekdays(81);
    for (name, cell) in [
        ("last", &(|line: usize| days[line].to_string()) as &dyn Fn(usize) -> String),
        ("last", &|line| days[line].to_string().replace('-', "")),
        ("last", &|line| line.to_string()),
        ("last", &|line| (1_500_000_000_000i64 + 86_400_000 * line as i64).to_string()),
        ("Date", &|_| "0.01".to_owned()),
        ("index", &|line| format!("0.0{line}")),
    ] {
        refused(folder.path(), &behind(name, cell), &[], 65, &format!("column '{name}'"));
    }
    refused(folder.path(), &behind("", &|line| format!("0.0{line}")), &[], 65, "has no name");
    let named = behind("index", &|line| format!("0.0{line}"));
    assert!(overfit(folder.path(), &named, &["--benchmark", "index"]).status.success());
}

#[test]
fn what_are_no_returns_is_refused_or_converted() {
    let folder = tempfile::tempdir().expect("a folder");
    let columns = noise(120, 2);
    let scaled = |by: f64| -> Vec<Vec<f64>> {
        columns.iter().map(|column| column.iter().map(|x| x * by).collect()).collect()
    };
    let percent = table(None, &scaled(100.0));
    refused(folder.path(), &percent, &[], 65, "per cent? --percent");
    let curve = |column: &Vec<f64>| -> Vec<f64> {
        let mut equity = 100.0;
        let grown = column.iter().map(|x| {
            equity *= 1.0 + x;
            equity
        });
        std::iter::once(100.0).chain(grown).collect()
    };
    let curves = table(None, &columns.iter().map(curve).collect::<Vec<_>>());
    refused(
        folder.path(),
        &curves,
        &[],
        65,
        "column 't0', row 1: 100 and more like it: an equity curve? --equity",
    );
    let plain = json(folder.path(), &table(None, &columns), &[]);
    for (text, option) in [(&percent, "--percent"), (&curves, "--equity")] {
        let found = json(folder.path(), text, &[option]);
        assert_eq!(
            (&found["periods"], &found["p"], &found["verdict"]),
            (&plain["periods"], &plain["p"], &plain["verdict"])
        );
    }
    let mut odd = columns.clone();
    odd[1][70] = -1.2;
    refused(folder.path(), &table(None, &odd), &[], 65, "column 't1', row 71: -1.2 is a return below -1");
    odd[1][70] = 11.0;
    refused(folder.path(), &table(None, &odd), &[], 65, "column 't1', row 71: 11 is a return above 10");
    odd[1][70] = f64::INFINITY;
    assert_eq!(json(folder.path(), &table(None, &odd), &[])["trials"]["failed"], 1);
    refused(folder.path(), &percent, &["--percent", "--equity"], 2, "cannot be used with");
}

#[test]
fn assets_from_columns_and_from_a_file_are_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let columns = noise(300, 5);
    let days: Vec<String> = weekdays(310).iter().map(Date::to_string).collect();
    let whole = table(Some(("date", days[5..305].to_vec())), &columns);
    let of_columns = json(folder.path(), &whole, &["--asset", "t3", "--asset", "t4"]);
    // The file begins earlier and ends later.
    let longer = |column: &Vec<f64>| [&[0.5; 5], &column[..], &[-0.5; 5]].concat();
    let assets = table(Some(("date", days.clone())), &[longer(&columns[3]), longer(&columns[4])]);
    fs::write(folder.path().join("assets.csv"), assets.replace("t0,t1", "t3,t4")).expect("it can be written");
    let trials = table(Some(("date", days[5..305].to_vec())), &columns[..3]);
    let of_file = json(folder.path(), &trials, &["--assets", "assets.csv"]);
    assert_eq!(of_columns, of_file);
    assert_eq!(of_file["trials"]["evaluated"], 3);
    assert!(
        of_file["positions"]["t3"].is_number() && of_file["residual"]["inflation"].is_number(),
        "{of_file}"
    );
    let words =
        ["no edge shown beyond holding the same assets", "inconclusive", "likely an artefact of selection"];
    assert!(words.contains(&of_file["verdict"].as_str().expect("a word")), "{}", of_file["verdict"]);
    refused(folder.path(), &whole, &["--asset", "t9"], 2, "--asset: there is no column 't9'");
    let missing = trials.replace(&days[9], "2012-01-14");
    refused(folder.path(), &missing, &["--assets", "assets.csv"], 65, "assets.csv: there is");
    refused(
        folder.path(),
        &table(None, &columns[..3]),
        &["--assets", "assets.csv"],
        65,
        "310 rows, and 300 of the trials",
    );
    refused(folder.path(), &whole, &["--assets", "none.csv"], 66, "no such file");
}

#[test]
fn without_assets_nobody_speaks_of_an_edge() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = "A position in an asset that rose is better than cash; give the assets to ask for skill.";
    let skilled = sweep(CORRELATIONS[0], [600, 4, 4], 0.2, 3);
    for (columns, arguments, word) in [
        (noise(600, 4), &[][..], "cash"),
        (noise(600, 4), &["--benchmark", "t3"], "benchmark"),
        (skilled, &[], "better than cash"),
        (noise(40, 4), &[], "insufficient data"),
    ] {
        let text = table(None, &columns);
        let found = json(folder.path(), &text, arguments);
        assert_eq!(found["reasons"][0], first);
        let verdict = found["verdict"].as_str().expect("a word");
        let is_open = ["likely an artefact of selection", "inconclusive"].contains(&verdict);
        assert!(verdict.contains(word) || (is_open && !word.contains(' ')), "{verdict}");
        let [stdout, stderr] = texts(&overfit(folder.path(), &text, arguments));
        assert!(!stdout.to_lowercase().contains("edge") && stderr.is_empty(), "{stdout}{stderr}");
        assert!(stdout.replace('\n', " ").contains(first), "{stdout}");
    }
}

#[test]
fn json_has_figures_of_returns_and_of_residuals() {
    let folder = tempfile::tempdir().expect("a folder");
    let found = json(folder.path(), &table(None, &noise(300, 4)), &["--benchmark", "t3"]);
    for place in [
        "/selected/psr",
        "/selected/minimum_track_record",
        "/deflated/dsr",
        "/pbo/pbo",
        "/spa/p_consistent",
        "/reality_check/p",
        "/residual/psr",
        "/residual/dsr",
        "/residual/inflation",
        "/residual/pbo",
        "/p",
        "/p_alone",
        "/p_selected",
        "/best/p",
        "/interval/low",
        "/interval/high",
        "/interval/estimate",
        "/detectable/ratio",
        "/detectable/edge_year",
        "/scales/row/p",
        "/scales/rows_5/blocks",
    ] {
        assert!(
            found.pointer(place).is_some_and(|value| value.is_number() || value == "Infinity"),
            "{place}: {found}"
        );
    }
    let short = json(folder.path(), &table(None, &noise(40, 1)), &[]);
    for key in ["p", "p_alone", "interval", "detectable", "scales"] {
        assert!(short[key].is_null(), "{key}: {short}");
    }
}
