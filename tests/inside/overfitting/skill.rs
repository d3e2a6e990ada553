//! What the verdict says of sweeps of which we know the truth. `cargo bench --bench verdict` does the same with many more.

use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::examine_columns;
use crate::stats::overfitting::verdict::Verdict;

use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};

const SETTINGS: Settings = Settings { resamples: 400, mean_block: None, seed: 1 };

fn verdicts(shape: [usize; 3], skill: f64, runs: u64) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for correlation in CORRELATIONS {
        for run in 0..runs {
            let columns = sweep(correlation, shape, skill, 1000 + run);
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let (found, _) = examine_columns(&columns, Some(10), None, &SETTINGS).expect("ten blocks fit");
            verdicts.push(found.verdict);
        }
    }
    verdicts
}

fn share(verdicts: &[Verdict], wanted: Verdict) -> f64 {
    verdicts.iter().filter(|verdict| **verdict == wanted).count() as f64 / verdicts.len() as f64
}

#[test]
fn without_skill_nothing_is_called_real() {
    let verdicts = verdicts([1000, 60, 0], 0.0, 10);
    assert!(share(&verdicts, Verdict::LikelyReal) <= 0.05, "{verdicts:?}");
    // Where trials move together even the best of them may not be told from 0.
    let refused =
        [Verdict::LikelyArtefact, Verdict::InsufficientData].map(|verdict| share(&verdicts, verdict));
    assert!(refused[0] + refused[1] >= 0.7, "{verdicts:?}");
}

#[test]
fn skill_is_found() {
    let verdicts = verdicts([1000, 60, 6], 0.12, 5);
    assert!(share(&verdicts, Verdict::LikelyReal) >= 0.6, "{verdicts:?}");
}

#[test]
fn equal_skill_leaves_the_choice_open() {
    let verdicts = verdicts([1000, 60, 60], 0.12, 5);
    assert!(share(&verdicts, Verdict::ChoiceArbitrary) >= 0.6, "{verdicts:?}");
}

#[test]
fn neither_threads_nor_repetition_change_a_bit() {
    let columns = sweep(CORRELATIONS[1], [300, 150, 0], 0.0, 3);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let found = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| examine_columns(&columns, None, None, &SETTINGS).unwrap())
    });
    assert!(found.array_windows().all(|[a, b]| a == b));
}
