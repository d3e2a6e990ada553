//! `sweep overfit` on random matrices, figure by figure against the slow verdict.
//!
//! `BACKTEST_CASES` sets how many matrices are drawn, `BACKTEST_SEED` the first of their seeds.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::backtest_overfitting::splits;
use super::decide::{Evidence, decide};
use super::family::{critical, critical_rank};
use super::figures::{
    deflated, detectable_edge, detectable_ratio, inflation, is_nothing, mean, minimum_track_record,
    population_deviation, probabilistic, ratio,
};
use super::flips::{Flips, Scale, date, flips, maxima, scales_of_dates, scales_of_rows, share_at_least};
use super::rows::{beyond_assets, overlap_guard};
use super::vectors::is_near;
use crate::draw::Draw;
use crate::support::{number, program};

/// A matrix, and how it is asked for.
struct Matrix {
    days: Option<Vec<i64>>,
    trials: Vec<Vec<f64>>,
    assets: Vec<Vec<f64>>,
    benchmark: Option<Vec<f64>>,
}

fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Noise with a slope, alone or as sums over neighbouring rows.
fn draw_column(draw: &mut Draw, rows: usize) -> Vec<f64> {
    let slope = draw.pick(&[0.0, 0.0, 0.001, 0.003]);
    let width = draw.pick(&[1, 1, 1, 3, 20]);
    let alone: Vec<f64> = (0..rows + width).map(|_| 0.01 * (draw.swing() + draw.swing()) + slope).collect();
    (0..rows).map(|row| rounded(alone[row..row + width].iter().sum())).collect()
}

fn draw_matrix(seed: u64) -> Matrix {
    let draw = &mut Draw::seeded(seed);
    let rows = draw.pick(&[40, 60, 61, 75, 130, 299, 310, 420]);
    let mut assets: Vec<Vec<f64>> = (0..draw.pick(&[0, 0, 1, 3])).map(|_| draw_column(draw, rows)).collect();
    if assets.len() == 3 && draw.percent(50) {
        assets[2] = assets[0].iter().map(|value| 2.0 * value).collect();
    }
    let mut trials: Vec<Vec<f64>> = Vec::new();
    for trial in 0..draw.index(1, 6) {
        let mut column = draw_column(draw, rows);
        if !assets.is_empty() && draw.percent(60) {
            let share = draw.swing();
            column = column.iter().zip(&assets[0]).map(|(own, asset)| rounded(own + share * asset)).collect();
        }
        match draw.index(0, 12) {
            0 => column = vec![0.0; rows],
            1 if trial > 0 => column = trials[trial - 1].clone(),
            2 if !assets.is_empty() => column = assets[0].iter().map(|value| 0.5 * value).collect(),
            3 => column[draw.index(0, rows - 1)] = f64::NAN,
            _ => {}
        }
        trials.push(column);
    }
    let gap = draw.pick(&[1, 2, 10]);
    let days = draw.percent(60).then(|| {
        let mut day = 14_000;
        let step = |_| {
            day += draw.between(1, 2 * gap - 1) as i64;
            day
        };
        (0..rows).map(step).collect()
    });
    let benchmark = (days.is_some() == draw.percent(50)).then(|| draw_column(draw, rows));
    Matrix { days, trials, assets, benchmark }
}

fn write(matrix: &Matrix) -> String {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    if let Some(days) = &matrix.days {
        columns.push(("when".to_owned(), days.iter().map(|day| date(*day).to_string()).collect()));
    }
    let mut add = |name: String, values: &Vec<f64>| {
        columns.push((name, values.iter().map(f64::to_string).collect()));
    };
    matrix.trials.iter().enumerate().for_each(|(place, trial)| add(format!("t{place}"), trial));
    matrix.assets.iter().enumerate().for_each(|(place, asset)| add(format!("a{place}"), asset));
    matrix.benchmark.iter().for_each(|benchmark| add("b".to_owned(), benchmark));
    let heads: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = heads.join(",") + "\n";
    for row in 0..matrix.trials[0].len() {
        let cells: Vec<&str> = columns.iter().map(|(_, cells)| cells[row].as_str()).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

fn ask(matrix: &Matrix) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("returns.csv"), write(matrix)).expect("it can be written");
    let mut command = Command::new(program());
    command.current_dir(folder.path()).args([
        "--quiet",
        "sweep",
        "overfit",
        "returns.csv",
        "--json",
        "--resamples",
        "1",
    ]);
    command.args(["--periods-per-year", "252"]);
    (0..matrix.assets.len()).for_each(|asset| {
        command.args(["--asset", &format!("a{asset}")]);
    });
    if matrix.benchmark.is_some() {
        command.args(["--benchmark", "b"]);
    }
    let output = command.output().expect("the command was built with the tests");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What a trial earned beyond the null; nothing where it hardly moves beside its returns.
fn residual(matrix: &Matrix, returns: &[f64]) -> Vec<f64> {
    let residual = match &matrix.benchmark {
        _ if !matrix.assets.is_empty() => beyond_assets(returns, &matrix.assets),
        Some(benchmark) => returns.iter().zip(benchmark).map(|(own, other)| own - other).collect(),
        None => returns.to_vec(),
    };
    if population_deviation(&residual) < 1e-4 * population_deviation(returns) {
        return vec![0.0; returns.len()];
    }
    residual
}

/// Finite, moving, and equal to none before.
fn canonical(trials: &[Vec<f64>]) -> Vec<usize> {
    let mut canonical: Vec<usize> = Vec::new();
    for trial in 0..trials.len() {
        let column = &trials[trial];
        let moves = column.iter().any(|value| *value != column[0]);
        let is_new = canonical.iter().all(|known| trials[*known] != *column);
        if column.iter().all(|value| value.is_finite()) && moves && is_new {
            canonical.push(trial);
        }
    }
    canonical
}

/// One scale with everything that the trials have in it.
struct Tested {
    scale: Scale,
    flips: Vec<Flips>,
    guards: Vec<f64>,
    maxima: Vec<f64>,
}

impl Tested {
    fn new(scale: Scale, residuals: &[Vec<f64>]) -> Tested {
        let all: Vec<Flips> = residuals.iter().map(|residual| flips(residual, &scale)).collect();
        let guards = residuals.iter().map(|residual| overlap_guard(residual, &scale)).collect();
        Tested { maxima: maxima(&all), flips: all, guards, scale }
    }

    fn u(&self, trial: usize) -> f64 {
        self.flips[trial].observed * self.guards[trial]
    }

    fn p(&self, trial: usize) -> f64 {
        share_at_least(&self.maxima, self.u(trial))
    }

    fn alone(&self, trial: usize) -> f64 {
        share_at_least(&maxima([&self.flips[trial]]), self.u(trial))
    }

    /// Both ends of the interval of the mean. Rows that hang together know it less well.
    fn ends(&self, trial: usize, critical: f64) -> [f64; 2] {
        let unit = self.flips[trial].unit / self.guards[trial];
        [(self.u(trial) - critical) * unit, (self.flips[trial].u[0] * self.guards[trial] + critical) * unit]
    }

    fn name(&self) -> String {
        match self.scale.name.as_str() {
            "rows 1" => "row".to_owned(),
            name => name.replace(' ', "_"),
        }
    }
}

/// Compares figures of one matrix.
struct Judge<'j> {
    seed: u64,
    found: &'j Value,
}

impl Judge<'_> {
    #[track_caller]
    fn number(&self, place: &str, expected: Option<f64>) {
        let found = self.found.pointer(place).unwrap_or(&Value::Null);
        let found_number = if found == "Infinity" { Some(f64::INFINITY) } else { found.as_f64() };
        let agrees = match (found_number, expected) {
            (Some(found), Some(expected)) => found == expected || is_near(found, expected),
            (found, expected) => found.is_none() && expected.is_none(),
        };
        assert!(agrees, "seed {}: {place}: {found} instead of {expected:?}", self.seed);
    }
}

fn largest(shares: impl Iterator<Item = f64>) -> f64 {
    shares.fold(0.0, f64::max)
}

fn check_tested(judge: &Judge, tested: &[Tested], residuals: &[Vec<f64>], selected: usize) -> [f64; 3] {
    let p: Vec<f64> =
        (0..residuals.len()).map(|trial| largest(tested.iter().map(|tested| tested.p(trial)))).collect();
    let p_best = p.iter().copied().fold(1.0, f64::min);
    let p_alone = largest(tested.iter().map(|tested| tested.alone(selected)));
    judge.number("/p", Some(p_best));
    judge.number("/p_selected", Some(p[selected]));
    judge.number("/p_alone", Some(p_alone));
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let rank = critical_rank(1, residuals.len() as u64, 0);
    for tested in tested {
        let smallest = (0..residuals.len()).map(|trial| tested.p(trial)).fold(1.0, f64::min);
        judge.number(&format!("/scales/{}/p", tested.name()), Some(smallest));
        judge.number(&format!("/scales/{}/blocks", tested.name()), Some(tested.scale.blocks() as f64));
        let ends = tested.ends(selected, critical(&tested.maxima, rank).expect("a rank"));
        (low, high) = (low.min(ends[0]), high.max(ends[1]));
    }
    judge.number("/interval/low", Some(low * 252.0));
    judge.number("/interval/high", Some(high * 252.0));
    let (critical, guard) = (critical(&tested[0].maxima, rank).expect("a rank"), tested[0].guards[selected]);
    let rows = residuals[0].len();
    judge.number("/detectable/ratio", Some(detectable_ratio(critical, rows, 252.0) / guard));
    let edge = detectable_edge(critical, &residuals[selected], 252.0).map(|edge| edge / guard);
    judge.number("/detectable/edge_year", edge);
    [p_best, p[selected], p_alone]
}

fn check(seed: u64) -> Option<String> {
    let matrix = draw_matrix(seed);
    let found = ask(&matrix);
    let judge = Judge { seed, found: &found };
    let canonical = canonical(&matrix.trials);
    judge.number("/trials/canonical", Some(canonical.len() as f64));
    if canonical.is_empty() {
        assert_eq!(found["verdict"], "insufficient data", "seed {seed}");
        return None;
    }
    let residuals: Vec<Vec<f64>> =
        canonical.iter().map(|trial| residual(&matrix, &matrix.trials[*trial])).collect();
    let mut selected = 0;
    for place in 0..canonical.len() {
        let of = |place: usize| ratio(&matrix.trials[canonical[place]]);
        if of(place) > of(selected) {
            selected = place;
        }
    }
    assert_eq!(found["selected"]["trial"], format!("t{}", canonical[selected]), "seed {seed}");
    let rows = residuals[0].len();
    let scales = match &matrix.days {
        Some(_) if rows < 60 => Vec::new(),
        Some(days) => scales_of_dates(days),
        None => scales_of_rows(rows),
    };
    let tested: Vec<Tested> = scales.into_iter().map(|scale| Tested::new(scale, &residuals)).collect();
    let [p_best, p_selected, p_alone] = if tested.is_empty() {
        assert!(found["scales"].is_null() && found["p"].is_null(), "seed {seed}");
        [1.0; 3]
    } else {
        assert_eq!(found["scales"].as_object().map(|scales| scales.len()), Some(tested.len()), "seed {seed}");
        check_tested(&judge, &tested, &residuals, selected)
    };
    let ratios: Vec<f64> = residuals.iter().map(|residual| ratio(residual)).collect();
    let own = &residuals[selected];
    judge.number("/residual/psr", probabilistic(own, 0.0));
    judge.number("/residual/dsr", deflated(own, &ratios));
    judge.number("/residual/inflation", Some(inflation(own)));
    judge.number("/residual/minimum_track_record", minimum_track_record(own));
    let splits = splits(&residuals);
    judge.number("/residual/pbo", splits.as_ref().map(|splits| splits.probability));
    assert!(is_nothing(own) || mean(own).is_finite(), "seed {seed}");
    let pbo = splits.map(|splits| splits.probability);
    let evidence = Evidence {
        sessions: rows,
        changes: 30,
        p_best,
        p_selected,
        p_alone,
        pbo,
        look: 1,
        holdout: None,
        placebo: None,
        walk_forward_lost: false,
    };
    let word = in_words(&matrix, decide(&evidence));
    assert_eq!(found["verdict"], word, "seed {seed}");
    Some(word)
}

/// "In these two cases 2 and 3 read `better than ...`, 6 `not better than ...`."
fn in_words(matrix: &Matrix, word: &str) -> String {
    let than = if matrix.benchmark.is_some() { "the benchmark" } else { "cash" };
    match word {
        word if !matrix.assets.is_empty() => word.to_owned(),
        "likely real" | "edge real, choice arbitrary" => format!("better than {than}"),
        "no edge shown beyond holding the same assets" => format!("not better than {than}"),
        word => word.to_owned(),
    }
}

#[test]
fn random_matrices_are_judged_as_the_slow_verdict_judges_them() {
    let first = number("BACKTEST_SEED", 1);
    let count = number("BACKTEST_CASES", 60);
    let words: BTreeSet<String> = (first..first + count).filter_map(check).collect();
    println!("{words:?}");
    assert!(count < 60 || words.len() >= 7, "{words:?}");
}
