//! Parts of the verdict, each alone, against another implementation.

use serde_json::Value;

use super::decide::{Evidence, decide};
use super::family::{allow, critical_rank};
use super::figures::{inflation, probabilistic};
use super::flips::{bucket, month, week};
use super::input::{days, list, numbers, whole};
use super::passive::left_out_means;
use super::rows::{beyond_assets, is_index, test_rows};
use super::sketch::{are_alike, sketches};
use super::vectors::{Differences, is_near};
use super::worlds::order;
use crate::support::{project, read_json, shared};

fn compare(name: &str, got: &[f64], expected: &Value, differences: &mut Differences) {
    let expected_numbers = numbers(expected);
    let mut agrees = got.len() == expected_numbers.len();
    for (got, expected) in got.iter().zip(expected_numbers) {
        agrees &= is_near(*got, expected);
    }
    differences.judge(name, agrees, &got, expected);
}

fn judge_buckets(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let day = case["day"].as_i64().expect("a day");
        let got = [bucket(0, day), bucket(1, week(day)), bucket(2, month(day))];
        for (name, got) in ["session", "week", "month"].into_iter().zip(got) {
            differences.judge(&format!("bucket {day}"), case[name] == got, &got, &case[name]);
        }
    }
}

fn judge_left_out(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        compare("left_out", &left_out_means(&numbers(&case["weights"])), &case["mean"], differences);
    }
}

fn judge_worlds(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let is_alive = |alive: &Value| alive.as_bool().expect("whether an asset is there");
        let alive: Vec<Vec<bool>> =
            list(&case["alive"]).iter().map(|asset| list(asset).iter().map(is_alive).collect()).collect();
        let block = case["block"].as_u64().map(|block| block as usize);
        let returns = numbers(&case["mean_returns"]);
        let got = order(&alive, &returns, block, whole(&case["seed"]), whole(&case["world"]));
        let expected: Vec<usize> = list(&case["order"]).iter().map(|place| whole(place) as usize).collect();
        differences.judge("order", got == expected, &got, &case["order"]);
    }
}

/// "`inflation` and PSR of x + 0.05."
fn judge_inflation(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let values = numbers(&case["x"]);
        let raised: Vec<f64> = values.iter().map(|value| value + 0.05).collect();
        differences.number("inflation", Some(inflation(&values)), &case["inflation"]);
        differences.number("psr", probabilistic(&raised, 0.0), &case["psr"]);
    }
}

fn judge_index(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let cells: Vec<&str> =
            list(&case["cells"]).iter().map(|cell| cell.as_str().expect("a text")).collect();
        let name = case["name"].as_str().expect("a name");
        let got = is_index(name, &cells);
        differences.judge(&format!("index {name} {cells:?}"), case["index"] == got, &got, &case["index"]);
    }
}

fn judge_rows(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let returns: Vec<Vec<f64>> = list(&case["returns"]).iter().map(numbers).collect();
        let tested = test_rows(&returns);
        let keys = case.as_object().expect("scales").len() - 1;
        differences.judge("scales of rows", tested.len() == keys, &tested.len(), &keys.into());
        for scale in tested {
            let expected = &case[&scale.name];
            compare(&scale.name, &scale.u, &expected["u"], differences);
            differences.judge(&scale.name, expected["p"] == scale.p, &scale.p, &expected["p"]);
        }
    }
}

fn judge_regression(part: &Value, differences: &mut Differences) {
    let assets: Vec<Vec<f64>> = list(&part["assets"]).iter().map(numbers).collect();
    for (returns, residual) in list(&part["returns"]).iter().zip(list(&part["residuals"])) {
        compare("regression", &beyond_assets(&numbers(returns), &assets), residual, differences);
    }
}

fn judge_decisions(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let number = |name: &str| case[name].as_f64().expect("a number");
        let got = decide(&Evidence {
            sessions: whole(&case["T"]) as usize,
            changes: whole(&case["changes"]),
            p_best: number("p_best"),
            p_selected: number("p_selected"),
            p_alone: number("p_alone"),
            pbo: case["pbo"].as_f64(),
            look: whole(&case["look"]),
            holdout: case["holdout"].as_str().map(str::to_owned),
            placebo: case["placebo"].as_f64(),
            walk_forward_lost: case["walk_forward_lost"] == true,
        });
        differences.judge(&case.to_string(), case["verdict"] == got, &got, &case["verdict"]);
    }
}

fn judge_allow(part: &Value, differences: &mut Differences) {
    for case in list(part) {
        let [look, trials, uncounted] = ["look", "trials", "uncounted"].map(|name| whole(&case[name]));
        let share = case["p"].as_f64().expect("a p");
        differences.number("allow", Some(allow(share, look, trials, uncounted)), &case["result"]);
        let rank = critical_rank(look, trials, uncounted);
        differences.judge("critical_rank", case["critical_rank"] == rank, &rank, &case["critical_rank"]);
    }
}

/// Sketches of series, and which of them are alike.
fn judge_sketches(part: &Value, differences: &mut Differences) {
    let mut all = Vec::new();
    for case in list(&part["sketches"]) {
        let got = sketches(&days(&case["days"]), &numbers(&case["returns"]));
        let as_value = |(number, year): (&i32, &super::sketch::Year)| {
            let values = serde_json::json!([year.first, year.last, year.returns, year.hexadecimal()]);
            (number.to_string(), values)
        };
        let written: Value = Value::Object(got.iter().map(as_value).collect());
        differences.judge("sketches", written == case["sketches"], &written, &case["sketches"]);
        all.push(got);
    }
    for one in 0..all.len() {
        for other in 0..all.len() {
            let got = are_alike(&all[one], &all[other]);
            let expected = &part["alike"][one][other];
            differences.judge(&format!("alike {one} {other}"), *expected == got, &got, expected);
        }
    }
}

/// Everything but the sketches.
fn judge_parts(parts: &Value, differences: &mut Differences) {
    judge_buckets(&parts["buckets"], differences);
    judge_left_out(&parts["left_out"], differences);
    judge_worlds(&parts["worlds"], differences);
    judge_inflation(&parts["inflation"], differences);
    judge_index(&parts["index"], differences);
    judge_rows(&parts["rows"], differences);
    judge_regression(&parts["regression"], differences);
    judge_decisions(&parts["decisions"], differences);
    judge_allow(&parts["allow"], differences);
}

/// No difference among at least so many values.
fn check(differences: &Differences, least: usize) {
    println!("{} values", differences.compared);
    assert!(differences.found.is_empty(), "{}", differences.found.join("\n"));
    assert!(differences.compared >= least, "{} values", differences.compared);
}

#[test]
fn parts_are_those_of_the_vectors() {
    let Some(shared) = shared("parts of the slow verdict over all vectors") else { return };
    let parts = read_json(&shared.join("reference/verdict-2/parts.json"));
    let mut differences = Differences::new("parts.json");
    judge_parts(&parts, &mut differences);
    judge_sketches(&parts, &mut differences);
    check(&differences, 160);
}

#[test]
fn parts_are_those_of_the_vectors_that_ship() {
    let folder = project("tests/vectors/verdict-2");
    let mut differences = Differences::new("tests/vectors/verdict-2");
    judge_parts(&read_json(&folder.join("parts.json")), &mut differences);
    judge_sketches(&read_json(&folder.join("sketches.json")), &mut differences);
    check(&differences, 130);
}
