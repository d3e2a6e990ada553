//! All tests of the selected trial among many, and the verdict.

use super::evidence::Findings;
use super::material::{Material, Settings};
use super::verdict::{Evidence, Verdict, decide};

/// The results of all tests, and the verdict.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Examination {
    /// Number of returns.
    pub periods: usize,
    /// The result of each test.
    pub findings: Findings,
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons for the verdict, and what else a reader must know.
    pub reasons: Vec<String>,
}

/// Performs every test for which there are data, and decides.
pub(crate) fn examine(material: &Material, settings: &Settings) -> Examination {
    let mut missing = Vec::new();
    let findings = Findings::find(material, settings, &mut missing);
    let Findings { trials, track_record, deflated, cross_validation, superior_ability, .. } = &findings;
    let beside = superior_ability.as_ref().and_then(|ability| ability.beside.as_ref());
    let evidence = Evidence {
        periods: material.periods as f64,
        minimum_track_record: track_record.map_or(f64::NAN, |record| record.minimum),
        trades: material.trades,
        trials: trials.canonical,
        p_consistent: superior_ability.as_ref().map(|result| result.ability.test.p_consistent),
        cross_validation: cross_validation
            .as_ref()
            .map(|result| [result.splits.overfitting_probability, result.splits.loss_probability]),
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
