//! Which points there are, and that every point has a row.

use super::{Place, rows, table};

/// `status` and `reason` of every row.
fn outcomes(sweep: &str) -> Vec<(String, String)> {
    let place = Place::new(sweep);
    let rows = table(&place.sweep(&["--quiet"]));
    rows.into_iter().map(|row| (row["status"].clone(), row["reason"].clone())).collect()
}

fn ok() -> (String, String) {
    ("ok".to_owned(), String::new())
}

fn failed(reason: &str) -> (String, String) {
    ("failed".to_owned(), reason.to_owned())
}

#[test]
fn a_first_point_that_fails_is_a_row_like_any_other() {
    let refused = failed("expected a whole number from 1 to 1000000, found -5");
    assert_eq!(outcomes("[axes]\nn = [-5, 5]"), [refused.clone(), ok()]);
    assert_eq!(outcomes("[axes]\nn = [5, -5]"), [ok(), refused]);
}

#[test]
fn a_bad_parameter_does_not_spoil_points_that_share_its_other_keys() {
    // The last point alone is computed first, and its commission is met there first.
    let place = Place::new("[axes]\nn = [5, -5]\n\"costs.commission\" = [0.0, 0.001]");
    for task in ["1", "0"] {
        let task = ["run", "--params", "s.toml", "--task", task, "--tasks", "2", "--results", "r"];
        place.done(&task);
    }
    let reordered = Place::new("[axes]\nn = [-5, 5]\n\"costs.commission\" = [0.0, 0.001]");
    let statuses = |rows: Vec<std::collections::BTreeMap<String, String>>| {
        rows.into_iter().map(|row| (row["n"].clone(), row["status"].clone())).collect::<Vec<_>>()
    };
    let expect = |n: &str, status: &str| (n.to_owned(), status.to_owned());
    assert_eq!(
        statuses(table(&reordered.sweep(&["-j", "1"]))),
        [expect("-5", "failed"), expect("-5", "failed"), expect("5", "ok"), expect("5", "ok")]
    );
    assert_eq!(
        statuses(table(&place.sweep(&[]))),
        [expect("5", "ok"), expect("5", "ok"), expect("-5", "failed"), expect("-5", "failed")]
    );
}

#[test]
fn keys_that_do_not_go_together_are_failed_points() {
    let periods =
        "[axes]\n\"period.burn_in\" = [2020-01-10, 2020-01-20]\n\"period.end\" = [2020-01-31, 2020-01-15]";
    let place = Place::new(periods);
    let folder = place.sweep(&[]);
    let found = table(&folder);
    let statuses: Vec<&str> = found.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(statuses, ["ok", "ok", "ok", "failed"], "{found:?}");
    assert!(found[3]["reason"].contains("period.burn_in"), "{found:?}");
    // The plan is another file: no place in a file may stand in a row.
    let again = place.done(&["sweep", "run", folder.join("plan.toml").to_str().unwrap(), "--results", "q"]);
    assert_eq!(rows(&folder), rows(&place.path(again.stdout.trim_end())));
}

/// Values of an axis, row by row.
fn column(sweep: &str, name: &str) -> Vec<String> {
    let place = Place::new(sweep);
    place.write("points.csv", "n,rebalance.schedule\n3,daily\n 5 , end_of_month\n3,daily\n");
    table(&place.sweep(&[])).into_iter().map(|row| row[name].clone()).collect()
}

#[test]
fn every_form_of_an_axis_gives_its_values() {
    let check =
        |sweep: &str, name: &str, expected: &[&str]| assert_eq!(column(sweep, name), expected, "{sweep}");
    check("[axes]\nn = [5, 3, 4.0]", "n", &["5", "3", "4"]);
    check("[axes]\nn = { from = 2, to = 9, step = 3 }", "n", &["2", "5", "8"]);
    check("[axes]\npart = { from = 0.1, to = 0.3, step = 0.1 }", "part", &["0.1", "0.2", "0.3"]);
    check("[axes]\npart = { from = 0, to = 1, count = 3 }", "part", &["0.0", "0.5", "1.0"]);
    check("[axes]\nn = { from = 1, to = 16, count = 5, scale = \"log\" }", "n", &["1", "2", "4", "8", "16"]);
    check("points = \"points.csv\"", "n", &["3", "5", "3"]);
    check("points = \"points.csv\"", "rebalance.schedule", &["daily", "end_of_month", "daily"]);
    for method in ["sobol", "latin_hypercube", "random"] {
        let sample = format!(
            "[axes]\nn = {{ from = 2, to = 9 }}\npart = {{ from = 0.25, to = 0.75 }}\n[sample]\nmethod = \"{method}\"\npoints = 32"
        );
        let drawn: Vec<i64> = column(&sample, "n").iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(drawn.len(), 32);
        assert!(
            drawn.iter().all(|n| (2..=9).contains(n)) && drawn.iter().any(|n| *n != drawn[0]),
            "{drawn:?}"
        );
        let parts = column(&sample, "part");
        assert!(parts.iter().all(|part| (0.25..=0.75).contains(&part.parse::<f64>().unwrap())), "{parts:?}");
    }
}

#[test]
fn any_key_is_an_axis() {
    for axis in [
        "\"costs.commission\" = [0.0, 0.1]",
        "\"rebalance.schedule\" = [\"daily\", \"end_of_month\"]",
        "\"universe.assets\" = [[\"AAA\", \"BBB\"], [\"BBB\", \"AAA\", \"CCC\"]]",
        "\"alpha.weights\" = [\"equal(close)\", \"top(momentum(n), 1) * part\"]",
        "conventions = [\"qstrader\", \"sound\"]",
        "\"conventions.deviation\" = [\"population\", \"sample\"]",
        "\"period.start\" = [2020-01-01, 2020-01-07]",
        "\"period.burn_in\" = [2020-01-10, 2020-01-13]",
        "\"portfolio.long_only.cash_buffer\" = [0.0, 0.5]",
        "\"statistics.periods_per_year\" = [252, 12]",
        "\"data.adjust\" = [true, false]",
        "\"universe.entry.BBB\" = [2020-01-08, 2020-01-14]",
    ] {
        let place = Place::new(&format!("[axes]\n{axis}"));
        let prices = std::fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
        place.write("prices/CCC.csv", &prices.replace("2020-01-15,", "2020-01-15,9"));
        let rows = table(&place.sweep(&["--quiet"]));
        assert!(rows.len() == 2 && rows.iter().all(|row| row["status"] == "ok"), "{axis}: {rows:?}");
        for row in rows {
            let arguments =
                ["run", "--quiet", "--params", "s.toml", "--point", &row["point"], "--format", "json"];
            let json: serde_json::Value = serde_json::from_str(&place.done(&arguments).stdout).unwrap();
            let equity: f64 = row["final_equity"].parse().unwrap();
            assert_eq!(json["metrics"]["final_equity"].as_f64(), Some(equity), "{axis}");
            let vol: f64 = row["annualised_vol"].parse().unwrap();
            assert_eq!(json["metrics"]["annualised_vol"].as_f64(), Some(vol), "{axis}");
        }
    }
}

#[test]
fn keep_leaves_gaps_in_the_numbers() {
    let place = Place::new(
        "keep = \"n > 4 * part and n != 6\"\n[axes]\nn = { from = 1, to = 8, step = 1 }\npart = [0.25, 0.5, 1.0]",
    );
    let numbers: Vec<u64> = rows(&place.sweep(&["--shard-points", "2"])).into_keys().collect();
    let expected: Vec<u64> = (0..24)
        .filter(|point| {
            let (n, part) = (1 + point / 3, [0.25, 0.5, 1.0][*point as usize % 3]);
            n as f64 > 4.0 * part && n != 6
        })
        .collect();
    assert_eq!(numbers, expected);
    let absent = place.run(&["run", "--params", "s.toml", "--point", "0"]);
    assert_eq!(absent.code, Some(2), "{}", absent.stderr);
    assert!(absent.stderr.contains("'keep' is false there"), "{}", absent.stderr);
}

#[test]
fn points_that_fail_or_never_trade_are_rows() {
    let weights =
        "[axes]\n\"alpha.weights\" = [\"equal(close)\", \"0 * equal(close)\", \"0 - equal(close)\"]";
    let found = outcomes(weights);
    assert_eq!((&found[0], &found[1], found[2].0.as_str()), (&ok(), &ok(), "failed"));
    assert!(found[2].1.contains("negative weight -0.5 at 2020-01-10T21:00:00Z"), "{found:?}");
    // Three times the wealth at a commission of a half is more than there is.
    let place = Place::new(
        "[axes]\n\"costs.commission\" = [0.0, 0.9]\n\"conventions.ruin\" = [\"fail\", \"continue\"]\n",
    );
    let strategy = crate::sound_input::STRATEGY
        .replace("long_only = { cash_buffer = 0.01 }", "long_short = { gross_leverage = 3.0 }")
        .replace("name = 'case'", "name = 'case'\nconventions = 'sound'");
    place.write("case.toml", &strategy);
    let statuses: Vec<String> =
        table(&place.sweep(&[])).into_iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["ok", "ok", "failed", "ok"]);
}

#[test]
fn too_many_failures_stop_the_sweep() {
    let place = Place::new("[axes]\nn = { from = -9, to = 10, step = 1 }");
    let run = |most: &str| {
        place.run(&[
            "sweep",
            "run",
            "s.toml",
            "--results",
            most,
            "--max-failures",
            most,
            "--shard-points",
            "2",
        ])
    };
    let stopped = run("3");
    assert_eq!((stopped.code, stopped.stdout.as_str()), (Some(1), ""), "{}", stopped.stderr);
    assert!(
        stopped.stderr.contains("4 failed points of 4") && stopped.stderr.contains("found -"),
        "{}",
        stopped.stderr
    );
    let done = run("10");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("20 points in") && done.stderr.contains("10 failed"), "{}", done.stderr);
    let status = place.status(&place.path(done.stdout.trim_end()));
    assert_eq!((&status["done"], &status["failed"], &status["missing"]), (&20.into(), &10.into(), &0.into()));
}

#[test]
fn billions_of_points_cost_nothing() {
    let place = Place::new(
        "[axes]\nn = { from = 1, to = 50000, step = 1 }\npart = { from = 0.00002, to = 1.0, step = 0.00002 }",
    );
    let task = ["run", "--params", "s.toml", "--task", "999999", "--tasks", "1000000", "--results", "r"];
    let done = place.done(&task);
    let folder = place.path(done.stdout.trim_end());
    let status = place.status(&folder);
    assert_eq!((&status["points"], &status["done"]), (&2_500_000_000_u64.into(), &2500.into()));
    assert_eq!(rows(&folder).into_keys().next_back(), Some(2_499_999_999));
}
