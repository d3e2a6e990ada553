//! The verdict on sweeps of which the truth is known, and cross-validation of many trials, to be timed.

use std::time::Instant;

use crate::mixer::{fraction, hash};
use crate::stats::overfitting::block_sums::BlockSums;
use crate::stats::overfitting::combinations::combinations;
use crate::stats::overfitting::cross_validation::{Criterion, cross_validation};
use crate::stats::overfitting::examination::Examination;
use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::examine_columns;
use crate::stats::overfitting::simulated::{CORRELATIONS, sweep};
use crate::stats::overfitting::verdict::{Evidence, Verdict, decide};

const SETTINGS: Settings = Settings { resamples: 1000, mean_block: None, seed: 1 };
const VERDICTS: [Verdict; 5] = [
    Verdict::LikelyReal,
    Verdict::ChoiceArbitrary,
    Verdict::LikelyArtefact,
    Verdict::Inconclusive,
    Verdict::InsufficientData,
];

/// Prints for each kind of skill the share of each verdict in so many runs, and behind the bar what the tests alone would say.
pub fn shares(runs: u64) {
    for (kind, skilled, skill) in [
        ("no skill", 0, 0.0),
        ("20 skilled, 0.10", 20, 0.1),
        ("all skilled, 0.10", 200, 0.1),
        ("20 skilled, 0.06", 20, 0.06),
    ] {
        for correlation in CORRELATIONS {
            let mut counts = [[0u64; VERDICTS.len()]; 2];
            for run in 0..runs {
                let columns = sweep(correlation, [1000, 200, skilled], skill, hash(run, skilled as u64));
                let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
                let Ok((found, _)) = examine_columns(&columns, None, None, &SETTINGS) else { continue };
                for (counts, verdict) in counts.iter_mut().zip([found.verdict, by_tests_alone(&found)]) {
                    counts[VERDICTS.iter().position(|known| *known == verdict).unwrap_or(0)] += 1;
                }
            }
            let shown = counts.map(|counts| {
                let shares = VERDICTS.iter().zip(counts).filter(|(_, count)| *count > 0);
                let shares =
                    shares.map(|(verdict, count)| format!("{verdict} {:.2}", count as f64 / runs as f64));
                shares.collect::<Vec<_>>().join(", ")
            });
            println!("{kind:<18} {:<12} {} | {}", format!("{correlation:?}"), shown[0], shown[1]);
        }
    }
}

/// The verdict as if there were data enough.
fn by_tests_alone(found: &Examination) -> Verdict {
    let findings = &found.findings;
    let evidence = Evidence {
        periods: found.periods as f64,
        minimum_track_record: 0.0,
        trades: None,
        trials: findings.trials.canonical,
        p_consistent: findings.superior_ability.as_ref().map(|found| found.ability.test.p_consistent),
        cross_validation: findings
            .cross_validation
            .as_ref()
            .map(|found| [found.splits.overfitting_probability, found.splits.loss_probability]),
        deflated: findings.deflated.deflated,
        strikes: &[],
        benchmark: "zero",
        beside: None,
    };
    decide(&evidence).0
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
