//! The verdict on sweeps of which the truth is known, and cross-validation of many trials, to be timed.

use std::time::Instant;

use crate::matrix::return_matrix::ReturnMatrix;
use crate::mixer::{fraction, hash};
use crate::stats::overfitting::block_sums::BlockSums;
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, cross_validation};
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};
use crate::stats::skill::decision::Verdict;
use crate::verdict::options::VerdictOptions;
use crate::verdict::verdict;

const VERDICTS: [Verdict; 5] = [
    Verdict::BetterThanCash,
    Verdict::LikelyArtefact,
    Verdict::NotBetterThanCash,
    Verdict::Inconclusive,
    Verdict::InsufficientData,
];

/// Prints for each kind of skill the share of each verdict in so many runs.
pub fn shares(runs: u64) {
    let options = VerdictOptions { resamples: 1, ..VerdictOptions::default() };
    for (kind, skilled, skill) in [
        ("no skill", 0, 0.0),
        ("20 skilled, 0.10", 20, 0.1),
        ("all skilled, 0.10", 200, 0.1),
        ("20 skilled, 0.06", 20, 0.06),
    ] {
        for correlation in CORRELATIONS {
            let mut counts = [0u64; VERDICTS.len()];
            for run in 0..runs {
                let columns = sweep(correlation, [1000, 200, skilled], skill, hash(run, skilled as u64));
                let names = (0..200).map(|trial| format!("trial {trial}")).collect();
                let matrix = ReturnMatrix { names, columns, ..ReturnMatrix::default() };
                let Ok(found) = verdict(&matrix, &options) else { continue };
                counts[VERDICTS.iter().position(|known| *known == found.verdict).unwrap_or(0)] += 1;
            }
            let shares = VERDICTS.iter().zip(counts).filter(|(_, count)| *count > 0);
            let shown: Vec<String> = shares
                .map(|(verdict, count)| format!("{verdict} {:.2}", count as f64 / runs as f64))
                .collect();
            println!("{kind:<18} {:<12} {}", format!("{correlation:?}"), shown.join(", "));
        }
    }
}

/// 100,000 trials, 16 blocks, all combinations.
pub fn many_trials() {
    let (trials, blocks) = (100_000u64, 16u64);
    let value = |trial: u64, block: u64| fraction(hash(trial, block)) - 0.5;
    let sums = (0..trials).flat_map(|trial| {
        let sums = (0..blocks).map(move |block| 0.1 * value(trial, block));
        sums.chain((0..blocks).map(move |block| 0.01 + 0.001 * value(trial, block + blocks)))
    });
    let sums = BlockSums { blocks: 16, length: 150, sums: sums.collect() };
    let started = Instant::now();
    let found = cross_validation(&sums, &combinations(16, 1), Criterion::Sharpe);
    println!(
        "{trials} trials, {} combinations: PBO {:.4} in {:.1} s",
        found.paths.len(),
        found.overfitting_probability,
        started.elapsed().as_secs_f64()
    );
}
