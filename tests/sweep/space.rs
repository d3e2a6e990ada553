//! Which points there are, and that every point has a row.

use super::{Place, points_csv, rows, table};

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
    let periods = "[axes]\n\"period.burn_in\" = [2020-01-10, 2020-01-20]\n\"period.end\" = [2020-01-31, 2020-01-15]";
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
