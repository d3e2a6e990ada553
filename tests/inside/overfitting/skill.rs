//! What the verdict on returns says of sweeps of which we know the truth. `cargo bench --bench verdict` does the same with many more.

use crate::matrix::return_matrix::ReturnMatrix;
use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::find_in_columns;
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};
use crate::stats::skill::decision::Verdict;
use crate::verdict::options::VerdictOptions;
use crate::verdict::verdict;

/// The verdicts, and whether the best trial is said to be the one.
fn verdicts(shape: [usize; 3], skill: f64, runs: u64) -> Vec<(Verdict, bool)> {
    let options = VerdictOptions { blocks: Some(10), resamples: 1, ..VerdictOptions::default() };
    let mut verdicts = Vec::new();
    for correlation in CORRELATIONS {
        for run in 0..runs {
            let columns = sweep(correlation, shape, skill, 1000 + run);
            let names = (0..columns.len()).map(|trial| format!("trial {trial}")).collect();
            let matrix = ReturnMatrix { names, columns, ..ReturnMatrix::default() };
            let found = verdict(&matrix, &options).expect("ten blocks fit");
            let is_open = found.reasons.iter().any(|reason| reason.contains("it need not be this one"));
            verdicts.push((found.verdict, is_open));
        }
    }
    verdicts
}

fn share(verdicts: &[(Verdict, bool)], wanted: impl Fn(&(Verdict, bool)) -> bool) -> f64 {
    verdicts.iter().filter(|found| wanted(found)).count() as f64 / verdicts.len() as f64
}

#[test]
fn without_skill_nothing_is_better_than_cash() {
    let verdicts = verdicts([1000, 60, 0], 0.0, 10);
    assert!(share(&verdicts, |(word, _)| *word == Verdict::BetterThanCash) <= 0.1, "{verdicts:?}");
    let refused =
        |(word, _): &(Verdict, bool)| matches!(word, Verdict::LikelyArtefact | Verdict::NotBetterThanCash);
    assert!(share(&verdicts, refused) >= 0.7, "{verdicts:?}");
}

#[test]
fn skill_is_found() {
    let verdicts = verdicts([1000, 60, 6], 0.12, 5);
    assert!(share(&verdicts, |(word, _)| *word == Verdict::BetterThanCash) >= 0.6, "{verdicts:?}");
}

#[test]
fn equal_skill_leaves_the_choice_open() {
    let verdicts = verdicts([1000, 60, 60], 0.12, 5);
    let is_open = |(word, is_open): &(Verdict, bool)| *word == Verdict::BetterThanCash && *is_open;
    assert!(share(&verdicts, is_open) >= 0.6, "{verdicts:?}");
}

#[test]
fn neither_threads_nor_repetition_change_a_bit() {
    let columns = sweep(CORRELATIONS[1], [300, 150, 0], 0.0, 3);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let settings = Settings { resamples: 400, mean_block: None, seed: 1 };
    let found = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| find_in_columns(&columns, None, None, &settings).unwrap())
    });
    assert!(found.array_windows().all(|[a, b]| a == b));
}
