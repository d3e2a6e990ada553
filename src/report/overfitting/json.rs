//! The verdict as JSON: `sweep overfit --json`, and `verdict` in `summary.json`. All figures per period.

use serde::Serialize;

use crate::report::figure::Figure;
use crate::stats::overfitting::examination::Examination;

/// The verdict with its figures.
#[derive(Debug, Clone, Serialize)]
pub struct VerdictEntry {
    /// Number of returns of a trial.
    pub periods: usize,
    /// How many trials there are.
    pub trials: TrialsEntry,
    /// The selected trial; null without one.
    pub selected: Option<SelectedEntry>,
    /// Its Sharpe ratio against the best of so many without skill.
    pub deflated: DeflatedEntry,
    /// Cross-validation; null for one trial.
    pub pbo: Option<PboEntry>,
    /// Histories of choosing anew; null for one trial.
    pub rechosen: Option<RechosenEntry>,
    /// The test for superior ability; null where returns cannot be had.
    pub spa: Option<SpaEntry>,
    /// The same test against the strategy's benchmark; null without one. It decides nothing.
    pub spa_benchmark: Option<BesideEntry>,
    /// The Reality Check on the same resamples.
    pub reality_check: Option<RealityCheckEntry>,
    /// The verdict.
    pub verdict: String,
    /// Why.
    pub reasons: Vec<String>,
}

/// How many trials there are.
#[derive(Debug, Clone, Serialize)]
pub struct TrialsEntry {
    evaluated: u64,
    failed: u64,
    flat: u64,
    duplicate: u64,
    canonical: u64,
}

/// The selected trial.
#[derive(Debug, Clone, Serialize)]
pub struct SelectedEntry {
    trial: String,
    sharpe: f64,
    skew: f64,
    kurtosis: f64,
    psr: Figure,
    minimum_track_record: Figure,
}

/// The deflated Sharpe ratio.
#[derive(Debug, Clone, Serialize)]
pub struct DeflatedEntry {
    sharpe_variance: Figure,
    expected_maximum: Figure,
    threshold: Figure,
    dsr: Figure,
    break_even_trials: Figure,
}

/// The probability of overfitting.
#[derive(Debug, Clone, Serialize)]
pub struct PboEntry {
    blocks: usize,
    combinations: usize,
    pbo: f64,
    probability_of_loss: f64,
    slope: Figure,
    logit_mean: f64,
    out_of_sample_mean: Figure,
}

/// Histories of choosing anew.
#[derive(Debug, Clone, Serialize)]
pub struct RechosenEntry {
    splits: usize,
    histories: usize,
    sharpe_mean: f64,
    sharpe_low: f64,
    share_negative: f64,
}

/// The test for superior ability.
#[derive(Debug, Clone, Serialize)]
pub struct SpaEntry {
    statistic: f64,
    p_lower: f64,
    p_consistent: f64,
    p_upper: f64,
    resamples: usize,
    mean_block: f64,
    seed: u64,
}

/// The test for superior ability against something else.
#[derive(Debug, Clone, Serialize)]
pub struct BesideEntry {
    benchmark: String,
    statistic: f64,
    p_lower: f64,
    p_consistent: f64,
    p_upper: f64,
}

/// The Reality Check.
#[derive(Debug, Clone, Serialize)]
pub struct RealityCheckEntry {
    statistic: f64,
    p: f64,
}

/// The findings as JSON; `trial` names the selected one.
pub fn entry(found: &Examination, trial: &str) -> VerdictEntry {
    let counts = found.counts;
    let deflated = found.deflated;
    VerdictEntry {
        periods: found.periods,
        trials: TrialsEntry {
            evaluated: counts.evaluated,
            failed: counts.failed,
            flat: counts.flat,
            duplicate: counts.duplicate,
            canonical: counts.canonical,
        },
        selected: found.selected.map(|figures| SelectedEntry {
            trial: trial.to_owned(),
            sharpe: figures.sharpe,
            skew: figures.skew,
            kurtosis: figures.kurtosis,
            psr: found.probabilistic.into(),
            minimum_track_record: Figure(found.minimum_track_record),
        }),
        deflated: DeflatedEntry {
            sharpe_variance: Figure(deflated.sharpe_variance),
            expected_maximum: Figure(deflated.expected_maximum),
            threshold: Figure(deflated.threshold),
            dsr: deflated.deflated.into(),
            break_even_trials: deflated.break_even_trials.into(),
        },
        pbo: found.cross_validation.as_ref().map(|(blocks, found)| PboEntry {
            blocks: *blocks,
            combinations: found.paths.len(),
            pbo: found.overfitting_probability,
            probability_of_loss: found.loss_probability,
            slope: Figure(found.line[0]),
            logit_mean: found.logit_mean,
            out_of_sample_mean: Figure(found.out_of_sample_mean),
        }),
        rechosen: found.rechosen.as_ref().map(|found| RechosenEntry {
            splits: found.splits,
            histories: found.sharpes.len(),
            sharpe_mean: found.mean,
            sharpe_low: found.low,
            share_negative: found.negative,
        }),
        spa: found.bootstrapped.as_ref().map(|found| SpaEntry {
            statistic: found.ability.test.statistic,
            p_lower: found.ability.test.p_lower,
            p_consistent: found.ability.test.p_consistent,
            p_upper: found.ability.test.p_upper,
            resamples: found.bootstrap.resamples,
            mean_block: found.bootstrap.mean_block,
            seed: found.bootstrap.seed,
        }),
        spa_benchmark: found.beside.as_ref().map(|(benchmark, test)| BesideEntry {
            benchmark: benchmark.clone(),
            statistic: test.statistic,
            p_lower: test.p_lower,
            p_consistent: test.p_consistent,
            p_upper: test.p_upper,
        }),
        reality_check: found.bootstrapped.as_ref().map(|found| {
            let (statistic, p) = found.ability.reality_check;
            RealityCheckEntry { statistic, p }
        }),
        verdict: found.verdict.to_string(),
        reasons: found.reasons.clone(),
    }
}
