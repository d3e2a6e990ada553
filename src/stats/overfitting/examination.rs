//! One selected trial among many: what the tests are made of, and everything that they found, with the verdict.

use super::block_sums::BlockSums;
use super::evidence::Findings;
use super::panel::Panel;
use super::sharpe::TrialFigures;
use super::trials::TrialCounts;
use super::verdict::{Evidence, Verdict, decide};

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

/// Everything that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// Number of returns.
    pub periods: usize,
    /// What each test found.
    pub findings: Findings,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<String>,
}

/// Makes every test that the material allows.
pub fn examine(material: &Material, settings: &Settings) -> Examination {
    let mut missing = Vec::new();
    let findings = Findings::find(material, settings, &mut missing);
    let Findings { trials, track_record, deflated, cross_validation, superior_ability, .. } = &findings;
    let beside = superior_ability.as_ref().and_then(|found| found.beside.as_ref());
    let evidence = Evidence {
        periods: material.periods as f64,
        minimum_track_record: track_record.map_or(f64::NAN, |found| found.minimum),
        trades: material.trades,
        trials: trials.canonical,
        p_consistent: superior_ability.as_ref().map(|found| found.ability.test.p_consistent),
        cross_validation: cross_validation
            .as_ref()
            .map(|found| [found.splits.overfitting_probability, found.splits.loss_probability]),
        deflated: deflated.deflated,
        strikes: &findings.strikes(),
        benchmark: &material.benchmark,
        beside: beside.map(|(words, test)| (words.as_str(), test.p_consistent)),
    };
    let (verdict, mut reasons) = decide(&evidence);
    reasons.extend(missing);
    if trials.flat + trials.duplicate > 0 {
        reasons.push(format!(
            "of {} trials {} never moved and {} are equal to another: they do not count",
            trials.evaluated, trials.flat, trials.duplicate
        ));
    }
    Examination { periods: material.periods, findings, verdict, reasons }
}
