//! One check a file of vectors.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::stats::overfitting::block_length::block_length;
use crate::stats::overfitting::block_sums::{self, BlockSums};
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, cross_validation};
use crate::stats::overfitting::deflated::{break_even_trials, expected_maximum, sharpe_variance, threshold};
use crate::stats::overfitting::haircut::{Adjustment, adjusted, haircut_sharpe, p_value};
use crate::stats::overfitting::panel::Matrix;
use crate::stats::overfitting::purged_splits::{paths, purged_splits};
use crate::stats::overfitting::resamples::Run;
use crate::stats::overfitting::sharpe::TrialFigures;
use crate::stats::overfitting::superior_ability::{
    Bootstrap, Scale, excesses, superior_ability, superior_ability_over,
};
use crate::stats::overfitting::trials::{TrialOutcome, canonical};
use crate::stats::overfitting::walk_forward::{Fold, Windows, efficiency};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::on_vectors;
use crate::inside::support::read_json;

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("inf") => f64::INFINITY,
        Some("-inf") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or(f64::NAN),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

/// The columns of a CSV file, which may be packed.
fn columns(folder: &Path, name: &Value, header: bool) -> Vec<Vec<f64>> {
    let path = folder.join(name.as_str().expect("a file name"));
    let mut text = String::new();
    match File::open(&path) {
        Ok(mut file) => file.read_to_string(&mut text).expect("the vectors have it"),
        Err(_) => {
            let packed = File::open(path.with_added_extension("gz")).expect("a matrix");
            GzDecoder::new(packed).read_to_string(&mut text).expect("the vectors have it")
        }
    };
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(usize::from(header))
        .map(|line| line.split(',').map(|cell| cell.parse().expect("the vectors have it")).collect())
        .collect();
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

fn chosen(all: &[Vec<f64>], places: &Value) -> Vec<Vec<f64>> {
    match places.as_array() {
        Some(places) => places
            .iter()
            .map(|place| all[place.as_u64().expect("the vectors have it") as usize].clone())
            .collect(),
        None => all.to_vec(),
    }
}

fn matrix(columns: &[Vec<f64>]) -> Matrix {
    Matrix { periods: columns[0].len(), returns: columns.concat() }
}

/// How near a figure must be.
struct Tolerance {
    relative: f64,
    absolute: f64,
}

impl Tolerance {
    fn of(vectors: &Value, relative: &str) -> Tolerance {
        let tolerance = &vectors["tolerance"];
        Tolerance {
            relative: tolerance[relative].as_f64().expect("a tolerance"),
            absolute: tolerance["abs"].as_f64().unwrap_or(0.0),
        }
    }

    #[track_caller]
    fn check(&self, what: &str, got: f64, expected: &Value) {
        let expected = number(expected);
        let near = (got - expected).abs() <= self.absolute + self.relative * expected.abs();
        assert!(
            near || got == expected || (got.is_nan() && expected.is_nan()),
            "{what}: {got} for {expected}"
        );
    }
}

fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

fn check_scalars(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("sharpe_scalar.json"));
    let near = Tolerance::of(&vectors, "rel");
    let near_break_even = Tolerance::of(&vectors, "breakeven_trials_rel");
    let cases = vectors["cases"].as_array().expect("the vectors have it");
    for case in cases {
        let input = |name: &str| number(&case["input"][name]);
        let figures = TrialFigures {
            sharpe: input("sr"),
            skew: input("skew"),
            kurtosis: input("kurt"),
            periods: input("T"),
        };
        let zero = threshold(input("var_trials"), input("n"));
        let z = figures.distance(zero);
        let got = [
            ("expected_max_z", expected_maximum(input("n"))),
            ("sr0", zero),
            ("psr_0", or_nan(figures.probabilistic(0.0))),
            ("z", or_nan(z)),
            ("z_0", or_nan(figures.distance(0.0))),
            ("dsr", or_nan(figures.probabilistic(zero))),
            ("one_minus_dsr", or_nan(z.map(|z| crate::stats::normal::cumulative(-z)))),
            ("min_trl_0", figures.minimum_track_record(0.0, 0.05)),
            ("min_trl_sr0", figures.minimum_track_record(zero, 0.05)),
            ("psr_null", or_nan(figures.probabilistic_at_null(zero, 0.0))),
        ];
        let name = case["name"].as_str().expect("the vectors have it");
        for (what, value) in got {
            near.check(&format!("{name}: {what}"), value, &case["expect"][what]);
        }
        let break_even = or_nan(break_even_trials(&figures, input("var_trials")));
        near_break_even.check(name, break_even, &case["expect"]["breakeven_trials"]);
        if let Some(published) = case.get("published") {
            let near = Tolerance { relative: 0.0, absolute: number(&case["published_tol"]) };
            for (what, value) in got {
                if let Some(published) = published.get(what) {
                    near.check(&format!("{name}: {what} as published"), value, published);
                }
            }
        }
    }
    for case in vectors["min_trl_published"].as_array().expect("the vectors have it") {
        let of = |name: &str| number(&case[name]);
        let root = of("periods_per_year").sqrt();
        let figures = TrialFigures {
            sharpe: of("annual_sr") / root,
            skew: of("skew"),
            kurtosis: of("kurt"),
            periods: 100.0,
        };
        let periods = figures.minimum_track_record(of("annual_sr_star") / root, of("alpha"));
        near.check("a published track record", periods / of("periods_per_year"), &case["years"]);
    }
    for case in vectors["expected_max"].as_array().expect("the vectors have it") {
        near.check("expected maximum", expected_maximum(number(&case["n"])), &case["formula"]);
    }
    cases.len()
}

#[test]
fn figures_of_one_trial_equal_the_vectors() {
    on_vectors("Sharpe", |folder| check_scalars(folder));
}

fn check_matrices(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("sharpe_matrix.json"));
    let near = Tolerance::of(&vectors, "rel");
    let matrices = vectors["matrices"].as_object().expect("the vectors have it");
    for (name, case) in matrices {
        let all = columns(folder, &case["file"], true);
        let figures: Vec<Option<TrialFigures>> = all.iter().map(|column| TrialFigures::new(column)).collect();
        for (place, figures) in figures.iter().enumerate() {
            let what = format!("{name}, column {place}");
            let sharpe = figures.map_or(if all[place][0] == 0.0 { 0.0 } else { f64::NAN }, |f| f.sharpe);
            near.check(&what, sharpe, &case["sharpes"][place]);
            near.check(&what, or_nan(figures.map(|f| f.skew)), &case["skew"][place]);
            near.check(&what, or_nan(figures.map(|f| f.kurtosis)), &case["kurt"][place]);
            near.check(&what, or_nan(figures.and_then(|f| f.probabilistic(0.0))), &case["psr_0"][place]);
        }
        let mut marks: Vec<Vec<u64>> = Vec::new();
        let mark = |column: &Vec<f64>| column.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        let columns = all.iter().zip(&figures).map(|(column, figures)| {
            let mark = mark(column);
            let known = marks.iter().position(|known| *known == mark);
            let number = known.unwrap_or(marks.len());
            marks.push(mark);
            if figures.is_some() { TrialOutcome::Moving(number as u64) } else { TrialOutcome::Flat }
        });
        let (counts, places) = canonical(columns);
        let mut trials: Vec<usize> = Vec::new();
        for (column, place) in places.iter().enumerate() {
            if *place == Some(trials.len()) {
                trials.push(column);
            }
        }
        let expected: Vec<usize> = numbers(&case["canonical"]).iter().map(|place| *place as usize).collect();
        assert_eq!(trials, expected, "{name}");
        let sharpes: Vec<f64> =
            trials.iter().map(|&trial| figures[trial].expect("the vectors have it").sharpe).collect();
        let sweep = &case["sweep"];
        let variance = sharpe_variance(&sharpes);
        let best = trials[(0..sharpes.len())
            .rev()
            .max_by(|a, b| sharpes[*a].total_cmp(&sharpes[*b]))
            .expect("the vectors have it")];
        assert_eq!(sweep["best"], best);
        assert_eq!(sweep["n"], counts.canonical);
        let selected = figures[best].expect("the vectors have it");
        let zero = threshold(variance, sharpes.len() as f64);
        for (what, got) in [
            ("sr", selected.sharpe),
            ("skew", selected.skew),
            ("kurtosis", selected.kurtosis),
            ("var_trials", variance),
            ("sr0", zero),
            ("psr0", or_nan(selected.probabilistic(0.0))),
            ("z", or_nan(selected.distance(zero))),
            ("dsr", or_nan(selected.probabilistic(zero))),
            ("min_trl_0", selected.minimum_track_record(0.0, 0.05)),
            ("min_trl_sr0", selected.minimum_track_record(zero, 0.05)),
        ] {
            let expected = if what == "kurtosis" { &sweep["kurt"] } else { &sweep[what] };
            near.check(&format!("{name}: {what}"), got, expected);
        }
        for (count, dsr) in case["dsr_by_n"].as_object().expect("the vectors have it") {
            let zero = threshold(variance, count.parse().expect("the vectors have it"));
            near.check(&format!("{name}: {count}"), or_nan(selected.probabilistic(zero)), dsr);
        }
    }
    matrices.len()
}

#[test]
fn figures_of_matrices_equal_the_vectors() {
    on_vectors("matrix", |folder| check_matrices(folder));
}

fn block_sums_of(columns: &[Vec<f64>], blocks: usize) -> BlockSums {
    let length = block_sums::block_length(columns[0].len(), blocks).expect("the vectors have it");
    let mut sums = BlockSums { blocks, length, sums: Vec::new() };
    columns.iter().for_each(|column| sums.push(column));
    sums
}

fn check_cross_validation(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("pbo.json"));
    let near = Tolerance::of(&vectors, "rel");
    let cases = vectors["cases"].as_array().expect("the vectors have it");
    for case in cases {
        let blocks = case["S"].as_u64().expect("the vectors have it") as usize;
        let name = format!("{} in {blocks}, {} of {}", case["matrix"], case["metric"], case["columns"]);
        let sums = block_sums_of(&chosen(&columns(folder, &case["file"], true), &case["columns"]), blocks);
        assert_eq!(case["rows_used"], blocks * sums.length, "{name}");
        let metric = if case["metric"] == "mean" { Criterion::Mean } else { Criterion::Sharpe };
        let found = cross_validation(&sums, &combinations(blocks, 1), metric);
        let expect = &case["expect"];
        assert_eq!(expect["n_combinations"], found.paths.len(), "{name}");
        assert_eq!(number(&expect["pbo"]), found.overfitting_probability, "{name}");
        assert_eq!(expect["most_selected"], found.most_selected.0, "{name}");
        assert_eq!(expect["distinct_selected"], found.distinct, "{name}");
        let logits: Vec<f64> = found.paths.iter().map(|path| path.logit).collect();
        let [_, _, median, _, _] = crate::stats::quantiles::five_numbers(&logits);
        let spread = logits.iter().map(|logit| (logit - found.logit_mean) * (logit - found.logit_mean));
        let spread = (spread.sum::<f64>() / (logits.len() - 1) as f64).sqrt();
        for (what, got) in [
            ("prob_loss", found.loss_probability),
            ("slope", found.line[0]),
            ("intercept", found.line[1]),
            ("r2", found.line[2]),
            ("logit_mean", found.logit_mean),
            ("logit_median", median),
            ("logit_std", spread),
            ("is_mean", found.in_sample_mean),
            ("oos_mean", found.out_of_sample_mean),
            ("oos_all_mean", found.all_mean),
            ("most_selected_share", found.most_selected.1),
        ] {
            near.check(&format!("{name}: {what}"), got, &expect[what]);
        }
        let first = case["first_paths"].as_array().map_or(&[][..], Vec::as_slice);
        for (path, expected) in found.paths.iter().zip(first) {
            assert_eq!(expected["selected"], path.selected, "{name}");
            for (what, got) in [
                ("is_", path.in_sample),
                ("oos", path.out_of_sample),
                ("rank", path.rank),
                ("logit", path.logit),
            ] {
                near.check(&format!("{name}: {what}"), got, &expected[what]);
            }
        }
    }
    cases.len()
}

#[test]
fn cross_validation_equals_the_vectors() {
    on_vectors("cross-validation", |folder| check_cross_validation(folder));
}

/// The runs of a resample that is given as periods.
fn runs_of(periods: &[u32]) -> Vec<Run> {
    let runs = periods.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| Run { start: run[0], end: run[run.len() - 1] + 1 }).collect()
}

fn check_given_resamples(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("bootstrap_exact.json"));
    let near = Tolerance::of(&vectors, "rel");
    let panel = matrix(&columns(folder, &vectors["returns"], true));
    let resamples: Vec<Vec<u32>> = {
        let columns = columns(folder, &vectors["indices"], false);
        (0..columns[0].len()).map(|row| columns.iter().map(|column| column[row] as u32).collect()).collect()
    };
    let runs: Vec<Vec<Run>> = resamples.iter().map(|periods| runs_of(periods)).collect();
    let batches = || runs.chunks(50).map(<[Vec<Run>]>::to_vec);
    let excesses = excesses(&panel, number(&vectors["mean_block"]));
    for (trial, excess) in excesses.iter().enumerate() {
        near.check("omega", excess.deviation, &vectors["omega"][trial]);
        let mean = resamples[0].iter().map(|&t| panel.trial(trial)[t as usize]).sum::<f64>() / 120.0;
        near.check("mean of the first resample", mean, &vectors["bootstrap_means_first_row"][trial]);
    }
    let cases = vectors["cases"].as_array().expect("the vectors have it");
    for case in cases {
        let scale = if case["studentised"] == true { Scale::Studentised } else { Scale::Bare };
        let found = superior_ability_over(&panel, &excesses, batches(), scale);
        let expect = &case["test"];
        near.check("statistic", found.test.statistic, &expect["stat"]);
        near.check("p_lower", found.test.p_lower, &expect["p_lower"]);
        near.check("p_consistent", found.test.p_consistent, &expect["p_consistent"]);
        near.check("p_upper", found.test.p_upper, &expect["p_upper"]);
        for (trial, p) in found.stepwise.iter().enumerate() {
            near.check(&format!("step-down of {trial}"), *p, &case["romano_wolf_p"][trial]);
        }
        if scale == Scale::Bare {
            assert_eq!(found.reality_check, (found.test.statistic, found.test.p_upper));
        }
    }
    cases.len()
}

#[test]
fn tests_on_given_resamples_equal_the_vectors() {
    on_vectors("bootstrap", |folder| check_given_resamples(folder));
}

/// Trials less their benchmark.
fn differences(folder: &Path, case: &Value) -> Matrix {
    let all = columns(folder, &case["file"], true);
    let trials = chosen(&all, &case["columns"]);
    match case["benchmark"].as_str().expect("the vectors have it").strip_prefix("column s") {
        Some(place) => {
            let benchmark = &all[place.parse::<usize>().expect("the vectors have it")];
            let less = |trial: &Vec<f64>| trial.iter().zip(benchmark).map(|(a, b)| a - b).collect();
            matrix(&trials.iter().map(less).collect::<Vec<Vec<f64>>>())
        }
        None => matrix(&trials),
    }
}

fn check_random_resamples(folder: &Path) -> usize {
    const RESAMPLES: usize = 2000;
    let vectors = read_json(&folder.join("spa.json"));
    let [omega, statistic] = ["omega_rel", "stat_rel"].map(|name| Tolerance::of(&vectors, name));
    let bootstrap =
        |case: &Value| Bootstrap { resamples: RESAMPLES, mean_block: number(&case["mean_block"]), seed: 1 };
    let cases = vectors["cases"].as_array().expect("the vectors have it");
    for case in cases {
        let panel = differences(folder, case);
        let bootstrap = bootstrap(case);
        let excesses = excesses(&panel, bootstrap.mean_block);
        for (trial, excess) in excesses.iter().enumerate() {
            omega.check("omega", excess.deviation, &case["omega"][trial]);
        }
        let scale = if case["studentised"] == true { Scale::Studentised } else { Scale::Bare };
        let found = superior_ability(&panel, &excesses, &bootstrap, scale).test;
        statistic.check("statistic", found.statistic, &case["stat"]);
        for (name, got) in
            [("lower", found.p_lower), ("consistent", found.p_consistent), ("upper", found.p_upper)]
        {
            let p = number(&case["p"][name]);
            let error = p * (1.0 - p) * (1.0 / RESAMPLES as f64 + 1.0 / number(&case["resamples"]));
            let band = 4.0 * error.sqrt() + 1.0 / RESAMPLES as f64;
            assert!((got - p).abs() <= band, "{} {name}: {got} for {p}", case["matrix"]);
        }
    }
    for case in vectors["stepdown"].as_array().expect("the vectors have it") {
        let panel = differences(folder, case);
        let bootstrap = bootstrap(case);
        let excesses = excesses(&panel, bootstrap.mean_block);
        let found = superior_ability(&panel, &excesses, &bootstrap, Scale::Studentised);
        let places = numbers(&case["columns"]);
        let rejected = numbers(&case["rejected_5pct"]);
        for (trial, p) in numbers(&case["p_adjusted"]).into_iter().enumerate() {
            if !(0.035..=0.065).contains(&p) {
                assert_eq!(found.stepwise[trial] <= 0.05, rejected.contains(&places[trial]), "{trial}");
            }
        }
    }
    cases.len()
}

#[test]
fn tests_on_random_resamples_equal_the_vectors() {
    on_vectors("SPA", |folder| check_random_resamples(folder));
}

fn check_block_lengths(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("block_length.json"));
    let near = Tolerance::of(&vectors, "rel");
    let series = vectors["series"].as_array().expect("the vectors have it");
    for case in series {
        let found = block_length(&numbers(&case["x"]));
        let what = format!("{} values with {}", case["n"], case["ar"]);
        near.check(&what, found.stationary, &case["stationary"]);
        near.check(&what, found.circular, &case["circular"]);
    }
    for (name, case) in vectors["matrices"].as_object().expect("the vectors have it") {
        for (place, column) in
            chosen(&columns(folder, &case["file"], true), &case["columns"]).iter().enumerate()
        {
            let found = block_length(column);
            near.check(&format!("{name} {place}"), found.stationary, &case["stationary"][place]);
            near.check(&format!("{name} {place}"), found.circular, &case["circular"][place]);
        }
    }
    series.len()
}

#[test]
fn block_lengths_equal_the_vectors() {
    on_vectors("block length", |folder| check_block_lengths(folder));
}

const ADJUSTMENTS: [(&str, Adjustment); 4] = [
    ("bonferroni", Adjustment::Bonferroni),
    ("sidak", Adjustment::Sidak),
    ("holm", Adjustment::Holm),
    ("bhy", Adjustment::BenjaminiHochbergYekutieli),
];

fn check_haircuts(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("haircut.json"));
    let near = Tolerance::of(&vectors, "rel");
    let families = vectors["families"].as_array().expect("the vectors have it");
    for case in families {
        for (name, adjustment) in ADJUSTMENTS {
            for (place, p) in adjusted(&numbers(&case["p"]), adjustment).into_iter().enumerate() {
                near.check(&format!("{} {name}", case["name"]), p, &case["expect"][name][place]);
            }
        }
    }
    for case in vectors["single"].as_array().expect("the vectors have it") {
        let of = |name: &str| number(&case[name]);
        let (root, periods) = (of("periods_per_year").sqrt(), of("T"));
        let p = p_value(of("annual_sharpe") / root, periods);
        near.check("p", p, &case["p_single"]);
        for (name, adjustment) in &ADJUSTMENTS[..2] {
            let p = adjusted(&vec![p; of("n_tests") as usize], *adjustment)[0];
            let annual = haircut_sharpe(p, periods) * root;
            near.check(name, p, &case["expect"][name]["p_adjusted"]);
            near.check(name, annual, &case["expect"][name]["annual_sharpe"]);
            near.check(name, 1.0 - annual / of("annual_sharpe"), &case["expect"][name]["haircut"]);
        }
    }
    for case in vectors["matrices"].as_array().expect("the vectors have it") {
        let figures: Vec<TrialFigures> = columns(folder, &case["file"], true)
            .iter()
            .filter_map(|column| TrialFigures::new(column))
            .collect();
        let mut sharpes: Vec<f64> = figures.iter().map(|figures| figures.sharpe).collect();
        // The first of equals alone counts.
        let mut seen = std::collections::BTreeSet::new();
        sharpes.retain(|sharpe| seen.insert(sharpe.to_bits()));
        assert_eq!(case["n_trials"], sharpes.len());
        let p: Vec<f64> = sharpes.iter().map(|sharpe| p_value(*sharpe, figures[0].periods)).collect();
        let best =
            (0..p.len()).max_by(|a, b| sharpes[*a].total_cmp(&sharpes[*b])).expect("the vectors have it");
        near.check("p", p[best], &case["p_single"]);
        for (name, adjustment) in ADJUSTMENTS {
            let p = adjusted(&p, adjustment)[best];
            near.check(name, p, &case["p_adjusted"][name]);
            near.check(name, haircut_sharpe(p, figures[0].periods), &case["haircut_sharpe"][name]);
        }
    }
    families.len()
}

#[test]
fn haircuts_equal_the_vectors() {
    on_vectors("haircut", |folder| check_haircuts(folder));
}

fn check_splits(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("splits.json"));
    let near = Tolerance::of(&vectors, "rel");
    let cases = vectors["walk_forward"].as_array().expect("the vectors have it");
    for case in cases {
        let of = |name: &str| case[name].as_u64().expect("the vectors have it") as usize;
        let windows = Windows {
            train: of("train"),
            test: of("test"),
            step: of("test"),
            anchored: case["anchored"] == true,
        };
        let folds = windows.folds(of("T"), of("purge"), case["reduce_test"] == true);
        let expected = case["expect"].as_array().expect("the vectors have it");
        assert_eq!(folds.len(), expected.len());
        for (fold, expected) in folds.iter().zip(expected) {
            let Fold { train, test } = fold;
            assert_eq!(*expected, serde_json::json!([train.start, train.end, test.start, test.end]));
        }
    }
    for case in vectors["cpcv"].as_array().expect("the vectors have it") {
        let of = |name: &str| case[name].as_u64().expect("the vectors have it") as usize;
        let splits = purged_splits(of("T"), of("groups"), of("test_groups"), of("purge"), of("embargo"));
        let paths = paths(&splits, of("groups"));
        assert_eq!((splits.len(), paths.len()), (of("n_splits"), of("n_paths")));
        for (number, (split, expected)) in
            splits.iter().zip(case["splits"].as_array().expect("the vectors have it")).enumerate()
        {
            let train: Vec<[usize; 2]> = split.train.iter().map(|range| [range.start, range.end]).collect();
            assert_eq!(serde_json::json!(split.test_groups), expected["test_groups"]);
            assert_eq!(serde_json::json!(train), expected["train_ranges"]);
            let path_of = |group: &usize| paths.iter().position(|path| path[*group] == number);
            let ids: Vec<Option<usize>> = split.test_groups.iter().map(path_of).collect();
            assert_eq!(serde_json::json!(ids), case["path_ids"][number]);
        }
    }
    for case in vectors["efficiency"].as_array().expect("the vectors have it") {
        let got = efficiency(&numbers(&case["is_annual"]), &numbers(&case["oos_annual"]));
        near.check("efficiency", or_nan(got), &case["expect"]);
    }
    cases.len()
}

#[test]
fn windows_equal_the_vectors() {
    on_vectors("walk-forward", |folder| check_splits(folder));
}

fn check_edge_cases(folder: &Path) -> usize {
    let vectors = read_json(&folder.join("edge_cases.json"));
    let near = Tolerance::of(&vectors, "rel");
    let cases = vectors["cases"].as_array().expect("the vectors have it");
    for case in cases {
        let (name, input, expect) =
            (case["name"].as_str().expect("the vectors have it"), &case["input"], &case["expect"]);
        let of = |name: &str| number(&input[name]);
        let figures = || TrialFigures {
            sharpe: of("sr"),
            skew: of("skew"),
            kurtosis: of("kurt"),
            periods: input["T"].as_f64().unwrap_or(100.0),
        };
        match name {
            "flat trial" | "constant non-zero" | "one observation" => {
                assert_eq!(TrialFigures::new(&numbers(&input["returns"])), None, "{name}");
            }
            "two observations" => {
                let figures = TrialFigures::new(&numbers(&input["returns"])).expect("the vectors have it");
                near.check(name, figures.sharpe, &expect["sharpe"]);
                near.check(name, or_nan(figures.probabilistic(0.0)), &expect["psr_0"]);
            }
            "single trial" | "identical trials" => {
                let zero = threshold(of("var_trials"), of("n"));
                near.check(name, zero, &expect["sr0"]);
                near.check(name, or_nan(figures().probabilistic(zero)), &expect["dsr"]);
            }
            "benchmark above observed" => {
                near.check(name, figures().minimum_track_record(of("sr_star"), 0.05), &expect["min_trl"]);
            }
            "inconsistent moments" => {
                near.check(name, or_nan(figures().probabilistic(0.0)), &expect["psr_0"]);
            }
            "duplicated columns and a flat column in CSCV" => {
                let rows: Vec<Vec<f64>> =
                    input["returns"].as_array().expect("the vectors have it").iter().map(numbers).collect();
                let columns: Vec<Vec<f64>> =
                    (0..4).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
                let found =
                    cross_validation(&block_sums_of(&columns, 4), &combinations(4, 1), Criterion::Sharpe);
                for (place, path) in found.paths.iter().enumerate() {
                    assert_eq!(expect["selected"][place], path.selected);
                    near.check(name, path.rank, &expect["rank"][place]);
                    near.check(name, path.logit, &expect["logit"][place]);
                }
                near.check(name, found.overfitting_probability, &expect["pbo"]);
            }
            "odd S" | "too few rows" => {
                assert!(block_sums::block_length(of("T") as usize, of("S") as usize).is_err(), "{name}");
            }
            "no trial beats the benchmark" => {
                let panel = Matrix { periods: 4, returns: vec![-0.01, 0.005, -0.02, 0.001] };
                let bootstrap = Bootstrap { resamples: 50, mean_block: 2.0, seed: 1 };
                let excesses = excesses(&panel, 2.0);
                let found = superior_ability(&panel, &excesses, &bootstrap, Scale::Studentised).test;
                assert_eq!(
                    [found.statistic, found.p_lower, found.p_consistent, found.p_upper],
                    [0.0, 1.0, 1.0, 1.0]
                );
            }
            // The command refuses such a column: see the tests of the command line.
            "NaN inside a column" => {}
            other => panic!("'{other}' is unknown"),
        }
    }
    cases.len()
}

#[test]
fn edge_cases_are_as_written() {
    on_vectors("edge case", |folder| check_edge_cases(folder));
}
