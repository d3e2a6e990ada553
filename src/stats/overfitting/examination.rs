//! All tests of one selected trial among many, with everything that went into them, and the verdict.

use rayon::prelude::*;

use super::block_length::block_length as best_block;
use super::block_sums::BlockSums;
use super::combinations::combinations;
use super::cross_validation::{CrossValidation, Metric, cross_validation};
use super::deflated::{break_even_trials, expected_maximum, threshold};
use super::haircut::{Adjustment, adjusted, haircut_sharpe, p_value};
use super::panel::{Against, Panel, in_tiles};
use super::rechosen::{Rechosen, rechosen};
use super::sharpe::TrialFigures;
use super::superior_ability::{Bootstrap, Scale, SuperiorAbility, Test, excesses, superior_ability};
use super::trials::TrialCounts;
use super::verdict::{Evidence, Verdict, decide};
use crate::mixer::hash;

/// The median block length is taken over at most so many trials.
const BLOCK_LENGTH_TRIALS: usize = 2000;
/// Other block lengths are tried for up to so many trials.
const SENSITIVITY_TRIALS: usize = 1000;
/// Resamples of a comparison that decides nothing.
const RESAMPLES_BESIDE: usize = 1000;
/// A Sharpe ratio is told from 0 with this chance of error.
const ALPHA: f64 = 0.05;
/// Up to this p-value the step-down names a trial.
const STEP_DOWN_LEVEL: f64 = 0.05;

/// What random tests are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Resamples of the bootstrap.
    pub resamples: usize,
    /// Mean length of its blocks; `None` for what suits the returns.
    pub mean_block: Option<f64>,
    /// Which random numbers.
    pub seed: u64,
}

/// The trials, and what is known of them.
pub struct Material<'m> {
    /// How many there are.
    pub counts: TrialCounts,
    /// How many were tried on these data in all, other sweeps included.
    pub tried: f64,
    /// Number of returns of each.
    pub periods: usize,
    /// Figures of the selected trial; `None` if there is no trial.
    pub selected: Option<TrialFigures>,
    /// Its round trips, if known.
    pub trades: Option<f64>,
    /// Sharpe ratios of all canonical trials.
    pub sharpes: &'m [f64],
    /// Sums over blocks of canonical trials, or why there are none.
    pub block_sums: Result<&'m BlockSums, String>,
    /// Differences of their returns to the benchmark, and the place of the selected trial among them; or why there are none.
    pub differences: Result<(&'m dyn Panel, usize), String>,
    /// Words for the benchmark.
    pub benchmark: String,
    /// What the trials are compared with besides, which decides nothing: words, and its returns.
    pub beside: Option<(String, Vec<f64>)>,
    /// Mean return of a walk forward, if there was one.
    pub walk_forward_mean: Option<f64>,
}

/// What the deflated Sharpe ratio rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deflated {
    /// Number of trials allowed for.
    pub tried: f64,
    /// Variance of the Sharpe ratios of the canonical trials.
    pub sharpe_variance: f64,
    /// Expected maximum of so many standard normal values.
    pub expected_maximum: f64,
    /// Sharpe ratio to be expected of the best without skill.
    pub threshold: f64,
    /// Probability that the true ratio exceeds it.
    pub deflated: Option<f64>,
    /// Trials up to which it would be accepted.
    pub break_even_trials: Option<f64>,
}

/// The bootstrap's findings with what they rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrapped {
    /// What the resamples say.
    pub ability: SuperiorAbility,
    /// Their number, length and seed.
    pub bootstrap: Bootstrap,
    /// Trials that beat the benchmark one by one.
    pub beating: usize,
    /// Trials that took part.
    pub trials: usize,
    /// The consistent p-value with blocks half and twice as long; `None` for many trials.
    pub sensitivity: Option<[f64; 2]>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// Number of returns.
    pub periods: usize,
    /// How many trials there are.
    pub counts: TrialCounts,
    /// Figures of the selected trial.
    pub selected: Option<TrialFigures>,
    /// Its probability of a true Sharpe ratio above 0.
    pub probabilistic: Option<f64>,
    /// Periods after which that is 95 %; NaN without a Sharpe ratio.
    pub minimum_track_record: f64,
    /// The deflated Sharpe ratio.
    pub deflated: Deflated,
    /// Number of blocks and what cross-validation over them says.
    pub cross_validation: Option<(usize, CrossValidation)>,
    /// Histories of choosing anew on the same blocks.
    pub rechosen: Option<Rechosen>,
    /// What the bootstrap says.
    pub bootstrapped: Option<Bootstrapped>,
    /// What the bootstrap says against something else: words for it, and the test.
    pub beside: Option<(String, Test)>,
    /// The Sharpe ratio after the haircut of Benjamini, Hochberg and Yekutieli.
    pub haircut_sharpe: Option<f64>,
    /// What the trials are compared with.
    pub benchmark: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<String>,
}

/// Makes every test that the material allows.
pub fn examine(material: Material, settings: &Settings) -> Examination {
    let Material { counts, tried, periods, selected, trades, sharpes, benchmark, .. } = material;
    let mut missing = Vec::new();
    let minimum_track_record =
        selected.map_or(f64::NAN, |selected| selected.minimum_track_record(0.0, ALPHA));
    let deflated = deflate(selected.as_ref(), sharpes, tried);
    let rechosen = material.block_sums.as_ref().ok().and_then(|sums| rechosen(sums));
    let cross_validation = match material.block_sums {
        Ok(sums) if sums.trials() >= 2 => {
            let sets = combinations(sums.blocks, settings.seed);
            Some((sums.blocks, cross_validation(sums, &sets, Metric::Sharpe)))
        }
        Ok(_) => None,
        Err(reason) => {
            missing.push(format!("no cross-validation: {reason}"));
            None
        }
    };
    let mut beside = None;
    let bootstrapped = match material.differences {
        Ok((panel, place)) if panel.trials() > 0 => {
            beside = material.beside.map(|(words, benchmark)| {
                let panel = Against { panel, benchmark };
                (words, tested(&panel, &bootstrap(&panel, place, settings, RESAMPLES_BESIDE)))
            });
            Some(bootstrapped(panel, place, settings))
        }
        Ok(_) => None,
        Err(reason) => {
            missing.push(format!("no test for superior ability: {reason}"));
            None
        }
    };
    let haircut_sharpe = selected.map(|selected| cut(&selected, sharpes));
    let evidence = Evidence {
        periods: periods as f64,
        minimum_track_record,
        trades,
        trials: counts.canonical,
        p_consistent: bootstrapped.as_ref().map(|found| found.ability.test.p_consistent),
        cross_validation: cross_validation
            .as_ref()
            .map(|(_, found)| [found.overfitting_probability, found.loss_probability]),
        deflated: deflated.deflated,
        walk_forward_mean: material.walk_forward_mean,
        benchmark: &benchmark,
        beside: beside.as_ref().map(|(words, test)| (words.as_str(), test.p_consistent)),
    };
    let (verdict, mut reasons) = decide(&evidence);
    reasons.extend(missing);
    if counts.flat + counts.duplicate > 0 {
        reasons.push(format!(
            "of {} trials {} never moved and {} are equal to another: they do not count",
            counts.evaluated, counts.flat, counts.duplicate
        ));
    }
    Examination {
        periods,
        counts,
        selected,
        probabilistic: selected.and_then(|selected| selected.probabilistic(0.0)),
        minimum_track_record,
        deflated,
        cross_validation,
        rechosen,
        bootstrapped,
        haircut_sharpe,
        benchmark,
        beside,
        verdict,
        reasons,
    }
}

fn deflate(selected: Option<&TrialFigures>, sharpes: &[f64], tried: f64) -> Deflated {
    let sharpe_variance = super::deflated::sharpe_variance(sharpes);
    let threshold = threshold(sharpe_variance, tried);
    Deflated {
        tried,
        sharpe_variance,
        expected_maximum: expected_maximum(tried),
        threshold,
        deflated: selected.and_then(|selected| selected.probabilistic(threshold)),
        break_even_trials: selected.and_then(|selected| break_even_trials(selected, sharpe_variance)),
    }
}

/// The selected Sharpe ratio after its haircut in the family of all trials.
fn cut(selected: &TrialFigures, sharpes: &[f64]) -> f64 {
    let p = |sharpe: f64| p_value(sharpe, selected.periods);
    let mut family: Vec<f64> = sharpes.par_iter().map(|sharpe| p(*sharpe)).collect();
    let known = sharpes.iter().position(|sharpe| *sharpe == selected.sharpe);
    let place = known.unwrap_or_else(|| {
        family.push(p(selected.sharpe));
        family.len() - 1
    });
    let adjusted = adjusted(&family, Adjustment::BenjaminiHochbergYekutieli);
    haircut_sharpe(adjusted[place], selected.periods).copysign(selected.sharpe)
}

fn bootstrapped(panel: &dyn Panel, selected: usize, settings: &Settings) -> Bootstrapped {
    let bootstrap = bootstrap(panel, selected, settings, settings.resamples);
    let means = excesses(panel, bootstrap.mean_block);
    let ability = superior_ability(panel, &means, &bootstrap, Scale::Studentised);
    let beating = ability.stepwise.iter().filter(|p| **p <= STEP_DOWN_LEVEL).count();
    let sensitivity = (panel.trials() <= SENSITIVITY_TRIALS).then(|| {
        [bootstrap.mean_block / 2.0, bootstrap.mean_block * 2.0].map(|mean_block| {
            let mean_block = mean_block.max(1.0);
            let bootstrap = Bootstrap { mean_block, resamples: bootstrap.resamples.min(2000), ..bootstrap };
            tested(panel, &bootstrap).p_consistent
        })
    });
    Bootstrapped { ability, bootstrap, beating, trials: panel.trials(), sensitivity }
}

/// The bootstrap that suits a panel, of at most so many resamples.
fn bootstrap(panel: &dyn Panel, selected: usize, settings: &Settings, most: usize) -> Bootstrap {
    let mean_block = settings.mean_block.unwrap_or_else(|| mean_block(panel, selected, settings.seed));
    Bootstrap { resamples: settings.resamples.min(most), mean_block, seed: settings.seed }
}

fn tested(panel: &dyn Panel, bootstrap: &Bootstrap) -> Test {
    let means = excesses(panel, bootstrap.mean_block);
    superior_ability(panel, &means, bootstrap, Scale::Studentised).test
}

/// The larger of the block length that suits the selected trial and the median over the trials, at least 1.
fn mean_block(panel: &dyn Panel, selected: usize, seed: u64) -> f64 {
    let mut some: Vec<usize> = (0..panel.trials()).collect();
    if some.len() > BLOCK_LENGTH_TRIALS {
        some.sort_by_key(|&trial| hash(seed, trial as u64));
        some.truncate(BLOCK_LENGTH_TRIALS);
    }
    some.insert(0, selected);
    let mut lengths = Vec::with_capacity(some.len());
    in_tiles(panel, &some, |_, returns| {
        let series = returns.par_chunks(panel.periods());
        lengths.extend(series.map(|series| best_block(series).stationary).collect::<Vec<f64>>());
    });
    let own = lengths.remove(0);
    lengths.sort_by(f64::total_cmp);
    let middle = lengths.len() / 2;
    let median = match lengths.len() % 2 {
        1 => lengths[middle],
        _ => 0.5 * (lengths[middle - 1] + lengths[middle]),
    };
    own.max(median).max(1.0)
}
