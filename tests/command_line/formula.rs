//! `backtest formula`: values by hand on small prices, forms of output, dates, errors.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{PROGRAM, backtest, result, seen, shell, sound_folder, text};
use crate::support::{self, names_below, project, read_json};

/// Two assets, of which B enters on the third session.
const SMALL: &str = "name = 'small'
conventions = { preset = 'sound' }

[parameters]
n = 1

[universe]
assets = ['B', 'A']
entry = { B = 2020-01-06 }

[alpha]
weights = 'equal(close > lag(close, n))'

[rebalance]
schedule = 'end_of_month'

[portfolio]
initial_cash = 1000.0
long_only = { cash_buffer = 0.0 }

[period]
start = 2020-01-02
end = 2020-01-07

[data]
prices = 'prices'
adjust = false
";

/// A folder with the small strategy. X and Y are no members: X begins on the second session, Y has bars on days without others.
fn small_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    support::write(folder.path(), "small.toml", SMALL.as_bytes());
    let closes = [
        ("A", "02 10,03 11,06 12,07 9"),
        ("B", "02 20,03 20,06 21,07 22.5"),
        ("X", "03 3,06 4,07 5"),
        ("Y", "02 5,03 6,04 7,05 7.5,06 8"),
    ];
    for (asset, closes) in closes {
        let row = |close: &str| {
            let (day, close) = close.split_once(' ').expect("a day and a close");
            format!("2020-01-{day},{close},{close}\n")
        };
        let rows: String = closes.split(',').map(row).collect();
        support::write(
            folder.path(),
            &format!("prices/{asset}.csv"),
            format!("Date,Open,Close\n{rows}").as_bytes(),
        );
    }
    folder
}

/// The lines of the csv without its dates, which are those of the four sessions.
fn values(folder: &Path, arguments: &[&str]) -> String {
    let csv = result(folder, &[&["formula", "small.toml"], arguments].concat());
    let dates = ["Date", "2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"];
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), dates.len(), "{csv}");
    let value = |(line, date): (&&str, &str)| {
        line.strip_prefix(date).and_then(|rest| rest.strip_prefix(',')).expect("a date").to_owned()
    };
    lines.iter().zip(dates).map(value).collect::<Vec<_>>().join(" ")
}

#[test]
fn values_are_those_of_the_formula_member_or_not() {
    let folder = small_folder();
    let is = |formula: &str, expected: &str| {
        assert_eq!(values(folder.path(), &[formula]), expected, "{formula}");
    };
    // Its own series reach back to the first price; across assets there is nothing before the entry.
    is("close - lag(close, 1)", "B,A , 0,1 1,1 1.5,-3");
    is("equal(close)", "B,A ,1 ,1 0.5,0.5 0.5,0.5");
    is("close > 11", "B,A 1,0 1,0 1,1 1,0");
    is("2", "B,A 2,2 2,2 2,2 2,2");
    is(
        "-close / 3e7",
        "B,A -6.666666666666667e-7,-3.3333333333333335e-7 -6.666666666666667e-7,-3.6666666666666667e-7 \
        -7e-7,-4e-7 -7.5e-7,-3e-7",
    );
    // Without a formula: that of the weights; its condition is absent on the first session.
    assert_eq!(values(folder.path(), &[]), "B,A ,0 ,1 0.5,0.5 1,0");
    // Windows that begin with the entry.
    let since_entry = ["--params", "conventions.history=since_entry"];
    let value = |formula| values(folder.path(), &[&[formula], &since_entry[..]].concat());
    assert_eq!(value("close - lag(close, 1)"), "B,A , ,1 ,1 1.5,-3");
    assert_eq!(value("not close > 11"), "B,A ,1 ,1 0,0 0,1", "no day before the first");
    assert_eq!(value("2"), "B,A ,2 ,2 2,2 2,2");
}

#[test]
fn assets_that_the_formula_alone_names_are_read_and_add_no_day() {
    let folder = small_folder();
    let is = |formula: &str, expected: &str| {
        assert_eq!(values(folder.path(), &[formula]), expected, "{formula}");
    };
    is("fixed(X = 0.75, A = 0.25)", "B,A,X ,0.25,0.75 ,0.25,0.75 ,0.25,0.75 ,0.25,0.75");
    is("fixed(X = 1) * close", "B,A,X ,, ,,3 ,,4 ,,5");
    // The days of the weekend are none, and lag counts none: 8 follows 6.
    is("of('Y', close - lag(close, 1))", "B,A , 1,1 2,2 0,0");
    is("fixed(Y = 1) * close", "B,A,Y ,,5 ,,6 ,,8 ,,8");
    let named = SMALL.replace("equal(close > lag(close, n))", "fixed(Y = n)");
    support::write(folder.path(), "small.toml", named.as_bytes());
    let csv = result(folder.path(), &["formula", "small.toml", "close", "--quiet"]);
    let saturday = csv.lines().nth(3);
    assert_eq!(saturday, Some("2020-01-04,20,11"), "a day of the strategy as it stands: {csv}");
}

#[test]
fn without_a_formula_they_are_the_weights_of_a_run() {
    let folder = sound_folder();
    result(folder.path(), &["run", "case.toml", "--output", "result.json"]);
    let recorded = read_json(&folder.path().join("result.json"));
    let csv = result(folder.path(), &["formula", "case.toml", "--from", "2020-01-10", "--quiet"]);
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["Date", "AAA", "BBB"]);
    let series = recorded["strategy"]["target_allocations"].as_array().expect("a list");
    assert_eq!(series.len(), 2);
    for series in series {
        let column = rows[0].iter().position(|name| series["name"] == **name).expect("a column");
        let data = series["data"].as_array().expect("a list");
        assert_eq!(data.len(), rows.len() - 1);
        for (point, row) in data.iter().zip(&rows[1..]) {
            assert_eq!(point[1], Value::from(row[column].parse::<f64>().expect("a number")), "{row:?}");
        }
    }
}

#[test]
fn the_gate_is_named_and_not_applied() {
    let folder = sound_folder();
    let output = backtest(folder.path(), &["formula", "case.toml", "sma(n)", "--to", "2020-01-01"]);
    let note = "note: under days_since_start weights count from the close of 2020-01-07 on (formula depth 5); the values before \
                are shown too\n";
    assert_eq!(seen(&output), (Some(0), "Date,AAA,BBB\n2020-01-01,103,\n", note));
    let output = backtest(folder.path(), &["formula", "case.toml", "sma(24)", "--to", "2020-01-01"]);
    let never = "note: under days_since_start no weight counts: the formula depth is 24, and the period has 23 closes\n";
    assert!(text(&output.stderr).ends_with(never), "{}", text(&output.stderr));
    let params = ["--params", "conventions.signal_readiness=full_windows"];
    result(folder.path(), &[&["formula", "case.toml", "sma(n)"], &params[..]].concat());
}

#[test]
fn json_is_one_object_and_a_table_is_for_people() {
    let folder = small_folder();
    let formula = ["formula", "small.toml", "close / lag(close, n) - 1"];
    let json = result(folder.path(), &[&formula[..], &["--format", "json", "--from", "2020-01-06"]].concat());
    let expected = "{\"formula\":\"close / lag(close, n) - 1\",\"dates\":[\"2020-01-06\",\"2020-01-07\"],\
                    \"values\":{\"B\":[0.050000000000000044,0.0714285714285714],\"A\":[0.09090909090909083,-0.25]}}\n";
    assert_eq!(json, expected);
    let table = result(folder.path(), &[&formula[..], &["--format", "table"]].concat());
    let expected = "\
Date                B          A
2020-01-02          -          -
2020-01-03          0        0.1
2020-01-06       0.05  0.0909091
2020-01-07  0.0714286      -0.25
";
    assert_eq!(table, expected);
    let json = result(folder.path(), &["formula", "small.toml", "--format", "json", "--to", "2020-01-02"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["values"], serde_json::json!({ "B": [null], "A": [0.0] }));
    assert_eq!(json["formula"], "equal(close > lag(close, n))");

    let folder = sound_folder();
    let full = ["--params", "conventions.signal_readiness=full_windows"];
    let output = backtest(
        folder.path(),
        &[&["formula", "case.toml", "close", "--format", "table"], &full[..]].concat(),
    );
    let (code, table, note) = seen(&output);
    assert_eq!((code, note), (Some(0), "note: the last 20 of 23 days; --format csv prints all of them\n"));
    assert_eq!((table.lines().count(), table.lines().nth(1)), (21, Some("2020-01-06  102    -")));
}

#[test]
fn days_are_chosen_by_date() {
    let folder = small_folder();
    let days = |arguments: &[&str]| {
        let csv = result(folder.path(), &[&["formula", "small.toml", "close"], arguments].concat());
        csv.lines().skip(1).map(|line| line[8..10].to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(days(&["--from", "2020-01-03", "--to", "2020-01-03"]), "03");
    assert_eq!(days(&["--from", "2020-01-04"]), "06 07", "from the first day at or after it");
    assert_eq!(days(&["--to", "2020-01-05"]), "02 03");
    assert_eq!(days(&["--from", "1999-01-01", "--to", "2099-01-01"]), "02 03 06 07");
    let refused = |arguments: &[&str], says: &str| {
        let output = backtest(folder.path(), &[&["formula", "small.toml", "close"], arguments].concat());
        let (code, stdout, stderr) = seen(&output);
        assert_eq!((code, stdout), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains(says), "{stderr}");
    };
    refused(
        &["--from", "2020-01-04", "--to", "2020-01-05"],
        "error: the strategy has no day from 2020-01-04 to 2020-01-05; those around are 2020-01-03 and 2020-01-06\n",
    );
    refused(&["--from", "2020-01-08"], "no day from 2020-01-08 on; the last one is 2020-01-07\n");
    refused(&["--to", "2020-01-01"], "no day up to 2020-01-01; the first one is 2020-01-02\n");
    refused(&["--from", "2020-01-07", "--to", "2020-01-06"], "--from 2020-01-07 is after --to 2020-01-06\n");
    refused(
        &["--from", "2020-02-30"],
        "'2020-02-30' for '--from <DATE>': expected a date such as 2020-01-31",
    );
    refused(&["--form", "2020-01-02"], "unexpected argument '--form'");
    refused(&["--format", "yaml"], "csv, json, table");
    refused(&["--params", "n"], "--params n: expected NAME=VALUE");
}

#[test]
fn parameters_are_those_of_the_strategy_and_new_ones() {
    let folder = small_folder();
    assert_eq!(values(folder.path(), &["close - lag(close, n)", "--params", "n=2"]), "B,A , , 1,2 2.5,-2");
    let added = ["--params", "parameters.half=0.5"];
    assert_eq!(
        values(folder.path(), &[&["half"], &added[..]].concat()),
        "B,A 0.5,0.5 0.5,0.5 0.5,0.5 0.5,0.5"
    );
    let output = backtest(folder.path(), &[&["formula", "small.toml", "close"], &added[..]].concat());
    let message = "error: --params parameters.half=0.5: the formula names no parameter 'half'; the formula names none\n";
    assert_eq!(seen(&output), (Some(78), "", message));
}

#[test]
fn a_signal_is_one_operation_however_often_it_is_named() {
    let folder = small_folder();
    // Each is twice the one before: as text the last would have the words of the first 2 ^ 60 times.
    let doubles: String = (1..=60).map(|n| format!("s{n} = 's{} + s{}'\n", n - 1, n - 1)).collect();
    let strategy = |first: &str| format!("{SMALL}\n[signals]\ns0 = '{first}'\n{doubles}");
    support::write(folder.path(), "small.toml", strategy("close").as_bytes());
    assert_eq!(values(folder.path(), &["s60 / 2 ^ 60"]), "B,A 20,10 20,11 21,12 22.5,9");
    support::write(folder.path(), "small.toml", strategy("age() + 0 * entry(close)").as_bytes());
    assert_eq!(
        values(folder.path(), &["hold(close > 0, s60 > 2 ^ 60, s60 / 2 ^ 60)"]),
        "B,A 0,0 1,1 0,0 0,0"
    );
}

/// The small strategy with signals of which each is made from the one before, and a sweep over two points of it.
fn chain_of_signals(folder: &Path, count: usize, next: impl Fn(String) -> String) {
    let name = |n: usize| format!("s{n}");
    let signals: String =
        (1..=count).rev().map(|n| format!("{} = '{}'\n", name(n), next(name(n - 1)))).collect();
    let weights = SMALL.replace("equal(close > lag(close, n))", &format!("equal({} > n)", name(count)));
    support::write(folder, "small.toml", format!("{weights}\n[signals]\n{signals}s0 = 'close'\n").as_bytes());
    support::write(folder, "s.toml", b"name = 's'\nstrategy = 'small.toml'\n[axes]\nn = [1, 2]\n");
}

#[test]
fn signals_may_stand_as_deep_as_the_limit_on_any_thread() {
    let folder = small_folder();
    for (count, next) in [
        (790, Box::new(|x| format!("lag({x}, 1)")) as Box<dyn Fn(String) -> String>),
        (395, Box::new(|x| format!("zscore_across(lag({x}, 1))"))),
        (395, Box::new(|x| format!("monthly(daily({x}))"))),
        (395, Box::new(|x| format!("hold({x}, {x} < 0)"))),
        (263, Box::new(|x| format!("top(lag({x} + 1, 1), 1, 2)"))),
        (790, Box::new(|x| format!("risk_parity({x}, 2)"))),
    ] {
        chain_of_signals(folder.path(), count, &next);
        let run = backtest(folder.path(), &["sweep", "run", "s.toml", "--results", "results", "--quiet"]);
        assert_eq!(run.status.code(), Some(0), "{}: {}", next("x".to_owned()), text(&run.stderr));
    }
}

#[test]
fn signals_that_stand_deeper_are_refused() {
    let folder = small_folder();
    let ones = " + 1".repeat(200);
    let minus = "-".repeat(60);
    for (count, next) in [
        (900, Box::new(|x| format!("lag({x}, 1)")) as Box<dyn Fn(String) -> String>),
        (400, Box::new(|x| format!("{x}{ones}"))),
        (900, Box::new(|x| format!("{minus}{x}"))),
    ] {
        chain_of_signals(folder.path(), count, next);
        let check = backtest(folder.path(), &["check", "small.toml"]);
        let said = text(&check.stderr);
        assert_eq!(check.status.code(), Some(78), "{said}");
        assert!(said.contains("with its signals this formula is more than 800 operations deep"), "{said}");
    }
}

#[test]
fn a_group_is_a_universe_of_its_own() {
    let folder = small_folder();
    let within = |formula: &str| values(folder.path(), &[formula]);
    // B is a member from the third day on.
    assert_eq!(within("within(close, demean(close))"), "B,A ,0 ,0 0,0 0,0");
    assert_eq!(within("within(close > 5, demean(close))"), "B,A ,0 ,0 4.5,-4.5 6.75,-6.75");
    assert_eq!(within("within(close, top(close, 1, 2))"), "B,A ,1 ,1 1,1 1,1");
    assert_eq!(within("within(close > 5, top(close, 1, 2))"), "B,A ,1 ,1 0,1 0,1");
    // On the fourth day A leaves the group in which it held the place.
    assert_eq!(within("within(close > 11.5, top(-close, 1, 2))"), "B,A ,1 ,1 0,1 1,1");
}

#[test]
fn doubtful_weights_are_told() {
    let folder = small_folder();
    let shown = backtest(folder.path(), &["formula", "small.toml", "min_variance(1, 2)"]);
    let said = text(&shown.stderr);
    assert!(said.contains("min_variance over 2 days of 2 assets"), "{said}");
}

#[test]
fn a_formula_may_begin_with_minus_in_every_order_of_arguments() {
    let folder = small_folder();
    for (formula, day) in
        [("-close", "-20,-10"), ("-close + 1", "-19,-9"), ("--close", "20,10"), ("-1", "-1,-1")]
    {
        let expected = format!("Date,B,A\n2020-01-02,{day}\n");
        for arguments in [
            ["small.toml", formula, "--to", "2020-01-02", "--format=csv"],
            ["small.toml", "--to", "2020-01-02", formula, "--format=csv"],
            ["small.toml", "--to", "2020-01-02", "--format=csv", formula],
            ["--to", "2020-01-02", "small.toml", formula, "--format=csv"],
            ["--to", "2020-01-02", "--format=csv", "small.toml", formula],
        ] {
            let csv = result(folder.path(), &[&["formula"], &arguments[..]].concat());
            assert_eq!(csv, expected, "{arguments:?}");
        }
    }
    for arguments in [["small.toml", "-", "--to=2020-01-02"], ["small.toml", "--to=2020-01-02", "-"]] {
        let output = with_input(folder.path(), &[&["formula"], &arguments[..]].concat(), b"-close");
        assert_eq!(seen(&output), (Some(0), "Date,B,A\n2020-01-02,-20,-10\n", ""), "{arguments:?}");
    }
}

#[test]
fn an_option_with_a_wrong_name_is_no_formula() {
    let folder = small_folder();
    for (option, says) in [
        ("--form", "unknown name 'form'; the names are: open"),
        ("--form=2020-01-02", "equality is written =="),
    ] {
        let output = backtest(folder.path(), &["formula", "small.toml", option]);
        let (code, stdout, stderr) = seen(&output);
        assert_eq!((code, stdout), (Some(2), ""), "{option}");
        let begins =
            format!("error: there is no option '{option}', and as a formula it is wrong: FORMULA:1:");
        assert!(stderr.starts_with(&begins) && stderr.contains(says), "{stderr}");
    }
    let output = backtest(folder.path(), &["formula", "nowhere.toml", "--close"]);
    assert_eq!(seen(&output), (Some(66), "", "error: nowhere.toml: no such file\n"));
}

/// Runs the command with a text on its standard input.
fn with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).stdin(Stdio::piped());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built with the tests");
    child.stdin.take().expect("a pipe").write_all(input).expect("it reads all");
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_formula_from_standard_input_may_have_lines() {
    let folder = small_folder();
    let arguments = ["formula", "small.toml", "-", "--to", "2020-01-02"];
    let output = with_input(folder.path(), &arguments, b"close\n  + 1\n");
    assert_eq!(seen(&output), (Some(0), "Date,B,A\n2020-01-02,21,11\n", ""));
    let output = with_input(folder.path(), &arguments, b"close\n  + smaa(n)\n");
    let message = "error: standard input:2:5: unknown operator 'smaa'; did you mean 'sma'?\n  |   + smaa(n)\n  |     ^^^^\n";
    assert_eq!(seen(&output), (Some(78), "", message));
    let output = with_input(folder.path(), &arguments, b"close \xff\n");
    assert_eq!(output.status.code(), Some(78));
    assert!(text(&output.stderr).starts_with("error: standard input:1:7: the byte 0xff"), "{output:?}");
}

#[test]
fn errors_point_into_the_formula() {
    let folder = small_folder();
    let refused = |formula: &str, code: i32, message: &str| {
        let output = backtest(folder.path(), &["formula", "small.toml", formula]);
        assert_eq!(seen(&output), (Some(code), "", message), "{formula}");
    };
    refused(
        "close > smaa(n)",
        78,
        "error: FORMULA:1:9: unknown operator 'smaa'; did you mean 'sma'?\n  | close > smaa(n)\n  |         ^^^^\n",
    );
    refused(
        "-clse",
        78,
        "error: FORMULA:1:2: unknown name 'clse'; did you mean 'close'?\n  | -clse\n  |  ^^^^\n",
    );
    refused(
        "sma(n / 2)",
        78,
        "error: FORMULA:1:5: expected a whole number from 1 to 1000000, found 0.5\n  | sma(n / 2)\n  |     ^^^^^\n",
    );
    refused(
        "",
        78,
        "error: FORMULA:1:1: expected a number, a name or '(', found the end of the formula\n  | \n  | ^\n",
    );
    refused("of('Z', close)", 66, "error: prices/Z.csv: no price file for asset 'Z'; did you mean 'A'?\n");
    fs::write(folder.path().join("prices/Y.csv"), "Date,Open,Close\n2020-01-02,5,five\n").expect("a file");
    let output = backtest(folder.path(), &["formula", "small.toml", "of('Y', close)"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(65), ""));
    assert!(text(&output.stderr).starts_with("error: prices/Y.csv:2: "), "{output:?}");
    let output = backtest(folder.path(), &["formula", "nowhere.toml", "close"]);
    assert_eq!(seen(&output), (Some(66), "", "error: nowhere.toml: no such file\n"));
    support::write(folder.path(), "small.toml", SMALL.replace("equal(", "equall(").as_bytes());
    let output = backtest(folder.path(), &["formula", "small.toml", "close"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(
        text(&output.stderr).starts_with("error: small.toml:12:12: unknown operator 'equall'"),
        "{output:?}"
    );
}

#[test]
fn notes_about_prices_are_given_and_none_about_trades() {
    let folder = small_folder();
    let strategy = SMALL.replace("end_of_month", "yearly").replace("2020-01-06", "2020-01-02");
    support::write(folder.path(), "small.toml", strategy.as_bytes());
    support::write(folder.path(), "prices/B.csv", b"Date,Open,Close\n2020-01-06,1,2\n2020-01-07,1,3\n");
    let output = backtest(folder.path(), &["formula", "small.toml", "close", "--from", "2020-01-07"]);
    let note = "note: asset 'B' joins the universe with its first bar on 2020-01-06, not at its entry 2020-01-02T00:00:00Z\n";
    assert_eq!(seen(&output), (Some(0), "Date,B,A\n2020-01-07,3,9\n", note));
}

#[test]
fn blocks_join_without_a_seam_and_nothing_is_written() {
    let folder = small_folder();
    // Seventy years of weekdays of two assets are more values than one block has.
    let strategy = SMALL.replace("2020-01-02", "1950-01-10").replace("entry = { B = 2020-01-06 }", "");
    support::write(folder.path(), "small.toml", strategy.as_bytes());
    let row = |(year, month, day)| format!("{year}-{month:02}-{day:02},1,{year}{month:02}.{day:02}\n");
    let days = (1950..=2020)
        .flat_map(|year| (1..=12).flat_map(move |month| (10..=12).map(move |day| (year, month, day))));
    let rows: String = days.map(row).collect();
    for asset in ["A", "B"] {
        support::write(
            folder.path(),
            &format!("prices/{asset}.csv"),
            format!("Date,Open,Close\n{rows}").as_bytes(),
        );
    }
    let before = names_below(folder.path());
    let of = |formula: &str, format: &str| {
        let options = ["--params", "conventions.calendar=weekdays", "--quiet", "--format", format];
        result(folder.path(), &[&["formula", "small.toml", formula], &options[..]].concat())
    };
    let cells = |csv: &str| -> Vec<String> {
        csv.lines().skip(1).map(|line| line.split(',').nth(2).expect("A").to_owned()).collect()
    };
    let (closes, lagged) = (cells(&of("close", "csv")), cells(&of("lag(close, 1)", "csv")));
    assert!(closes.len() * 2 > 32_768, "{} days", closes.len());
    assert_eq!(lagged[1..], closes[..closes.len() - 1]);
    let json: Value = serde_json::from_str(&of("close", "json")).expect("JSON");
    let column = json["values"]["A"].as_array().expect("a list");
    let closes: Vec<Value> =
        closes.iter().map(|cell| cell.parse::<f64>().expect("a number").into()).collect();
    assert_eq!((column, json["dates"][0].as_str()), (&closes, Some("1950-01-10")));
    assert_eq!(names_below(folder.path()), before);
}

#[test]
fn the_example_in_the_docs_is_what_it_prints() {
    let docs = fs::read_to_string(project("docs/formula.md")).expect("the document is there");
    let (_, example) = docs.split_once("$ backtest formula ").expect("an example");
    let (line, rest) = example.split_once('\n').expect("a line");
    let (printed, _) = rest.split_once("```").expect("an end");
    let output = shell(&project(""), &format!("\"$0\" formula {line}"));
    let (code, stdout, stderr) = seen(&output);
    assert_eq!((code, format!("{stderr}{stdout}").as_str()), (Some(0), printed));
}
