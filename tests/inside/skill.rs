//! The test of skill against the vectors of another implementation.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::support::{files_of, project, read_json, shared};
use crate::stats::skill::family::Allowance;
use crate::stats::skill::flips::FLIPS;
use crate::stats::skill::interval::{Bound, interval};
use crate::stats::skill::pass::{Pass, Statistic};
use crate::stats::skill::passive::{AssetReturns, CashReturns, Residual, left_out_means, residual};

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Numbers; absent ones are NaN.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-12 + 1e-9 * expected.abs()
}

#[track_caller]
fn check(what: &str, found: &[f64], expected: &Value) {
    let expected = numbers(expected);
    let agree = found.len() == expected.len() && found.iter().zip(&expected).all(|(a, b)| is_near(*a, *b));
    assert!(agree, "{what}: {found:?} instead of {expected:?}");
}

/// The keys of sessions, weeks and months.
fn keys(days: &[i64]) -> Vec<Vec<i64>> {
    let month = |day: &i64| {
        let date = NaiveDate::from_epoch_days(i32::try_from(*day).expect("a day")).expect("a date");
        i64::from(date.year()) * 12 + i64::from(date.month0())
    };
    vec![
        days.to_vec(),
        days.iter().map(|day| (day + 3).div_euclid(7)).collect(),
        days.iter().map(month).collect(),
    ]
}

/// The trials of a sweep that count, and their residuals.
fn residuals(trials: &Value, outer: &Value) -> Vec<(usize, Residual)> {
    let given = |name: &str| if trials[name].is_null() { &outer[name] } else { &trials[name] };
    let [cash, borrow, debit] = ["cash", "borrow", "debit"].map(|name| numbers(given(name)));
    let returns: Vec<Vec<f64>> = list(given("assets")).iter().map(numbers).collect();
    let assets: Vec<AssetReturns> =
        returns.iter().map(|returns| AssetReturns { returns, borrow: &borrow }).collect();
    let mut seen: Vec<Vec<f64>> = Vec::new();
    let mut found = Vec::new();
    for (trial, (returns, weights)) in
        list(&trials["returns"]).iter().zip(list(&trials["weights"])).enumerate()
    {
        let returns = numbers(returns);
        let is_ruined = returns
            .iter()
            .scan(1.0, |equity, x| {
                *equity *= 1.0 + x;
                Some(*equity)
            })
            .any(|equity| equity <= 0.0);
        if is_ruined || returns.iter().all(|x| *x == returns[0]) || seen.contains(&returns) {
            continue;
        }
        let weights: Vec<Vec<f64>> = list(weights).iter().map(numbers).collect();
        let weights: Vec<&[f64]> = weights.iter().map(Vec::as_slice).collect();
        found.push((
            trial,
            residual(&returns, &weights, &assets, CashReturns { earned: &cash, owed: &debit }),
        ));
        seen.push(returns);
    }
    found
}

/// The pass over a sweep, and the statistics of its trials.
fn passed(days: &[i64], residuals: &[(usize, Residual)]) -> (Pass, Vec<Vec<Statistic>>) {
    let mut pass = Pass::new(&keys(days)).expect("enough sessions");
    let statistics = residuals.iter().map(|(_, residual)| pass.add(&residual.residuals)).collect();
    (pass, statistics)
}

fn check_sweep(path: &Path) {
    let (vector, name) = (read_json(path), path.display().to_string());
    let expected = &vector["expected"];
    let days_of = |trials: &Value| -> Vec<i64> {
        let days = if trials["days"].is_null() { &vector["days"] } else { &trials["days"] };
        list(days).iter().map(|day| day.as_i64().expect("a day")).collect()
    };
    let found = residuals(&vector, &vector);
    let canonical: Vec<f64> = found.iter().map(|(trial, _)| *trial as f64).collect();
    check(&format!("{name}: canonical"), &canonical, &expected["canonical"]);
    let of = |take: fn(&Residual) -> f64| -> Vec<f64> {
        found.iter().map(|(_, residual)| take(residual)).collect()
    };
    check(&format!("{name}: edge"), &of(|residual| residual.edge), &expected["edge"]);
    check(&format!("{name}: passive"), &of(|residual| residual.passive), &expected["passive"]);
    let (mut pass, statistics) = passed(&days_of(&vector), &found);
    for (scale, name_of_scale) in ["session", "week", "month"].into_iter().take(pass.scales.len()).enumerate()
    {
        let u: Vec<f64> = statistics.iter().map(|statistics| statistics[scale].guarded).collect();
        check(&format!("{name}: u {name_of_scale}"), &u, &expected["u"][name_of_scale]);
    }
    let mut trials = found.len() as f64;
    for earlier in list(&vector["family"]) {
        let residuals = residuals(earlier, &vector);
        trials += residuals.len() as f64;
        let (other, _) = passed(&days_of(earlier), &residuals);
        for (scale, other) in pass.scales.iter_mut().zip(&other.scales) {
            scale.maxima.join(other.maxima.values());
        }
    }
    let arguments = &vector["arguments"];
    let number = |key: &str, otherwise: f64| arguments[key].as_f64().unwrap_or(otherwise);
    let allowance = Allowance { trials, uncounted: number("uncounted", 0.0), look: number("look", 1.0) };
    let p: Vec<f64> = statistics.iter().map(|statistics| allowance.allow(pass.p(statistics))).collect();
    check(&format!("{name}: p"), &p, &expected["p"]);
    check(
        &format!("{name}: critical rank"),
        &[allowance.critical_rank() as f64],
        &serde_json::json!([expected["critical_rank"]]),
    );
    let selected = found.iter().position(|(trial, _)| expected["selected"] == *trial).expect("it counts");
    let bounds: Vec<Bound> = pass
        .scales
        .iter()
        .zip(&statistics[selected])
        .filter_map(|(scale, statistic)| {
            Some(Bound { statistic: *statistic, critical: scale.maxima.largest(allowance.critical_rank())? })
        })
        .collect();
    let [low, high] = interval(&bounds).map(|end| end * vector["periods"].as_f64().expect("a number"));
    check(
        &format!("{name}: interval"),
        &[low, high],
        &serde_json::json!([expected["interval"]["low"], expected["interval"]["high"]]),
    );
    assert_eq!(low > 0.0, p[selected] <= 0.05, "{name}: interval and p");
}

fn check_folder(folder: &Path) {
    let sweeps =
        files_of(folder, &[".json"]).into_iter().filter(|path| read_json(path)["expected"].is_object());
    let count = sweeps.map(|path| check_sweep(&path)).count();
    assert!(count >= 5, "{count} sweeps");
}

#[test]
fn sweeps_that_ship() {
    check_folder(&project("tests/vectors/verdict-2"));
}

#[test]
fn sweeps_of_the_reference() {
    if let Some(shared) = shared("sweeps_of_the_reference") {
        check_folder(&shared.join("reference/verdict-2"));
    }
}

#[test]
fn parts_of_the_reference() {
    let parts = read_json(&project("tests/vectors/verdict-2/parts.json"));
    for part in list(&parts["left_out"]) {
        check("left_out", &left_out_means(&numbers(&part["weights"])), &part["mean"]);
    }
    for part in list(&parts["allow"]) {
        let number = |key: &str| part[key].as_f64().expect("a number");
        let allowance =
            Allowance { trials: number("trials"), uncounted: number("uncounted"), look: number("look") };
        assert!(is_near(allowance.allow(number("p")), number("result")), "{part}");
        assert_eq!(allowance.critical_rank() as f64, number("critical_rank"), "{part}");
    }
    assert_eq!(FLIPS, 4096);
}
