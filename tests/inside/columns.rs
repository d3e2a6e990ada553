//! Returns of other people against the vectors of another implementation, and on matrices of which the truth is known.

use serde_json::Value;

use super::support::{project, read_json};
use crate::matrix::index::is_index;
use crate::matrix::return_matrix::ReturnMatrix;
use crate::mixer::hash;
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};
use crate::stats::skill::columns::{Against, Columns, examine_columns};
use crate::stats::skill::decision::Verdict;
use crate::stats::skill::overlap::overlap_guards;
use crate::stats::skill::pass::Pass;
use crate::stats::skill::regression::Regression;
use crate::stats::skill::scales::{Buckets, of_rows};
use crate::verdict::options::VerdictOptions;
use crate::verdict::verdict;

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    list(value).iter().map(numbers).collect()
}

#[track_caller]
fn check_near(found: &[f64], expected: &[f64]) {
    let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 + 1e-9 * b.abs();
    let agree = found.len() == expected.len() && found.iter().zip(expected).all(is_near);
    assert!(agree, "{found:?} instead of {expected:?}");
}

fn parts() -> Value {
    read_json(&project("tests/vectors/verdict-2/parts.json"))
}

#[test]
fn an_index_is_that_of_the_reference() {
    let parts = parts();
    assert!(list(&parts["index"]).len() >= 12);
    for part in list(&parts["index"]) {
        let cells: Vec<&str> = list(&part["cells"]).iter().map(|cell| cell.as_str().expect("text")).collect();
        assert_eq!(part["index"], is_index(part["name"].as_str().expect("text"), &cells), "{part}");
    }
}

#[test]
fn residuals_of_assets_are_those_of_the_reference() {
    let part = &parts()["regression"];
    let assets = matrix(&part["assets"]);
    let columns: Vec<&[f64]> = assets.iter().map(Vec::as_slice).collect();
    let regression = Regression::new(&columns);
    let (returns, expected) = (matrix(&part["returns"]), matrix(&part["residuals"]));
    assert!(!returns.is_empty() && returns.len() == expected.len());
    for (returns, expected) in returns.iter().zip(&expected) {
        check_near(&regression.explain(returns).residuals, expected);
    }
}

#[test]
fn rows_are_those_of_the_reference() {
    let parts = parts();
    for part in list(&parts["rows"]) {
        let trials = matrix(&part["returns"]);
        let columns: Vec<&[f64]> = trials.iter().map(Vec::as_slice).collect();
        let scales = of_rows(columns[0].len());
        let buckets = Buckets::of_rows(&scales, columns[0].len());
        let found = examine_columns(&Columns {
            trials: &columns,
            selected: Some(0),
            against: &Against::Cash,
            days: None,
            blocks: None,
            periods: 252.0,
        });
        let tested = found.examination.tested.expect("rows enough");
        for (scale, tested) in tested.scales.iter().enumerate() {
            let name = tested.used.scale.name.replace("row", "rows").replace("rowss_", "rows ");
            let expected = &part[if name == "rows" { "rows 1" } else { &name }];
            assert_eq!(expected["p"], tested.p, "{name}");
            let u = |column: &&[f64]| {
                let statistic = Pass::new(scales.len()).add(column, &buckets, |_, _| {})[scale];
                statistic.guarded * overlap_guards(column, &buckets)[scale]
            };
            check_near(&columns.iter().map(u).collect::<Vec<_>>(), &numbers(&expected["u"]));
        }
        assert_eq!(tested.scales.len() + 1, part.as_object().expect("scales").len());
    }
}

fn verdict_of(columns: Vec<Vec<f64>>) -> Verdict {
    let names = (0..columns.len()).map(|trial| format!("trial {trial}")).collect();
    let options = VerdictOptions { resamples: 1, ..VerdictOptions::default() };
    let matrix = ReturnMatrix { names, columns, ..ReturnMatrix::default() };
    verdict(&matrix, &options).expect("it can be judged").verdict
}

/// Returns over 20 rows, one beginning with every row: each counts twenty times.
fn overlapping(rows: usize, seed: u64) -> Vec<Vec<f64>> {
    let columns = sweep(CORRELATIONS[0], [rows + 19, 20, 0], 0.0, seed);
    columns.iter().map(|column| column.windows(20).map(|window| window.iter().sum()).collect()).collect()
}

#[test]
fn returns_that_overlap_are_seldom_better_than_cash() {
    let better = |rows: usize| {
        let found = (0..20).map(|seed| verdict_of(overlapping(rows, hash(seed, 20))));
        found.filter(|found| *found == Verdict::BetterThanCash).count()
    };
    let counts = [500, 1500].map(better);
    println!("{counts:?} of 20 each are called better");
    assert!(counts[0] <= 2 && counts[1] <= 5, "{counts:?}");
}

/// What the share of rows that hang together would be without the guard.
#[test]
fn without_the_guard_returns_that_overlap_would_pass() {
    let passes = |seed: u64| {
        let columns = overlapping(500, hash(seed, 20));
        let scales = of_rows(500);
        let buckets = Buckets::of_rows(&scales, 500);
        let mut pass = Pass::new(scales.len());
        let looked: Vec<_> = columns.iter().map(|column| pass.add(column, &buckets, |_, _| {})).collect();
        let ranked: Vec<_> = pass.maxima.iter().map(|maxima| maxima.ranked()).collect();
        looked.iter().any(|found| {
            let shares = found.iter().zip(&ranked).map(|(statistic, ranked)| ranked.p(statistic.guarded));
            shares.fold(0.0, f64::max) <= 0.05
        })
    };
    assert!((0..20).filter(|seed| passes(*seed)).count() >= 15);
}

#[test]
fn neither_threads_nor_repetition_change_a_bit() {
    let columns = sweep(CORRELATIONS[1], [300, 150, 0], 0.0, 3);
    let assets = Regression::new(&[&columns[0], &columns[1]]);
    let trials: Vec<&[f64]> = columns[2..].iter().map(Vec::as_slice).collect();
    let question = Columns {
        trials: &trials,
        selected: Some(7),
        against: &Against::Assets(assets),
        days: None,
        blocks: Some([10, 30]),
        periods: 252.0,
    };
    let found = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| examine_columns(&question))
    });
    assert!(found.array_windows().all(|[a, b]| a == b));
}

/// A trial that is half the asset and half money at a fixed rate shows nothing; one that knows the asset's next row does.
#[test]
fn only_moving_in_and_out_is_skill() {
    let noise = sweep(CORRELATIONS[0], [600, 2, 0], 0.0, 8);
    let asset: Vec<f64> = noise[0].iter().map(|x| x + 0.003).collect();
    let half: Vec<f64> = asset.iter().map(|x| 0.5 * x + 0.0001).collect();
    let knows: Vec<f64> = asset.iter().map(|x| if *x > 0.0 { *x } else { 0.0 }).collect();
    let judge = |trial: &[f64], asset_columns: &[&str]| {
        let matrix = ReturnMatrix {
            names: ["asset", "trial"].map(str::to_owned).into(),
            columns: vec![asset.clone(), trial.to_vec()],
            ..ReturnMatrix::default()
        };
        let asset_columns = asset_columns.iter().map(|name| (*name).to_owned()).collect();
        let options = VerdictOptions { asset_columns, resamples: 1, ..VerdictOptions::default() };
        verdict(&matrix, &options).expect("it can be judged").verdict
    };
    assert_eq!(judge(&half, &["asset"]), Verdict::NoEdge);
    assert_eq!(judge(&half, &[]), Verdict::BetterThanCash);
    assert_eq!(judge(&knows, &["asset"]), Verdict::LikelyReal);
}
