//! The rule that turns evidence into a verdict, with the reasons in words.

use std::fmt;

/// Fewer periods than this are not a track record.
const PERIODS_LEAST: f64 = 60.0;
/// With fewer round trips than this chance decides too much.
const TRADES_LEAST: f64 = 30.0;
/// Up to this p-value some trial is taken to beat the benchmark.
const P_REAL: f64 = 0.05;
/// Above this p-value no trial is taken to beat it.
const P_NOTHING: f64 = 0.20;
/// Up to this probability of overfitting the choice of the best trial carries information.
const OVERFITTING_GOOD: f64 = 0.10;
/// From this probability of overfitting on the choice carries no information.
const OVERFITTING_BAD: f64 = 0.40;
/// The largest probability of loss on the other half.
const LOSS_MOST: f64 = 0.25;

/// The verdict on the selected trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The track record is too short, or there are too few trades.
    InsufficientData,
    /// Something in the grid works, and this trial is it.
    LikelyReal,
    /// Something in the grid works, but this trial is no better than its rivals.
    ChoiceArbitrary,
    /// The best of so many trials without skill looks just as good.
    LikelyArtefact,
    /// The tests decide neither way.
    Inconclusive,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Verdict::InsufficientData => "insufficient data",
            Verdict::LikelyReal => "likely real",
            Verdict::ChoiceArbitrary => "edge real, choice arbitrary",
            Verdict::LikelyArtefact => "likely an artefact of selection",
            Verdict::Inconclusive => "inconclusive",
        })
    }
}

/// The evidence that the rule uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence<'e> {
    /// Number of returns.
    pub periods: f64,
    /// Number of periods after which the selected trial's Sharpe ratio exceeds 0 with 95 % confidence.
    pub minimum_track_record: f64,
    /// Number of round trips of the selected trial, if known.
    pub trades: Option<f64>,
    /// Number of canonical trials.
    pub trials: u64,
    /// The consistent p-value of the test for superior ability; `None` if there were no data for it.
    pub p_consistent: Option<f64>,
    /// The probabilities of overfitting and of loss; `None` if there were no data for them.
    pub cross_validation: Option<[f64; 2]>,
    /// The deflated Sharpe ratio.
    pub deflated: Option<f64>,
    /// Reasons that rule out the best verdict; empty if there are none.
    pub strikes: &'e [String],
    /// The name of the benchmark in the test for superior ability.
    pub benchmark: &'e str,
    /// The name of a second benchmark with its p-value, which is reported and does not affect the verdict.
    pub beside: Option<(&'e str, f64)>,
}

/// The verdict and the reasons for it, the decisive ones first.
pub(crate) fn decide(evidence: &Evidence) -> (Verdict, Vec<String>) {
    let mut reasons = shortages(evidence);
    if !reasons.is_empty() {
        return (Verdict::InsufficientData, reasons);
    }
    let verdict = verdict_of_tests(evidence, &mut reasons);
    if let Some((benchmark, p)) = evidence.beside {
        reasons.push(if p <= P_REAL {
            format!("some trial beats {benchmark} as well (SPA p {p:.4})")
        } else {
            format!("that any trial beats {benchmark} is not shown (SPA p {p:.4})")
        });
    }
    match evidence.deflated {
        Some(deflated) if deflated >= super::deflated::LEVEL => {
            reasons.push(format!(
                "the best also survives the conservative test: deflated Sharpe ratio {deflated:.2}"
            ));
        }
        Some(deflated) => {
            reasons.push(format!(
                "deflated Sharpe ratio {deflated:.3}, below the 0.95 of the conservative test"
            ));
        }
        None => {}
    }
    if verdict == Verdict::LikelyReal && !evidence.strikes.is_empty() {
        reasons.splice(0..0, evidence.strikes.iter().cloned());
        return (Verdict::Inconclusive, reasons);
    }
    (verdict, reasons)
}

fn shortages(evidence: &Evidence) -> Vec<String> {
    let Evidence { periods, minimum_track_record, trades, .. } = *evidence;
    let mut reasons = Vec::new();
    if periods < PERIODS_LEAST {
        reasons.push(format!("{periods} periods: at least {PERIODS_LEAST} are needed"));
    }
    if let Some(trades) = trades
        && trades < TRADES_LEAST
    {
        reasons.push(format!("at most {trades} round trips: at least {TRADES_LEAST} are needed"));
    }
    if minimum_track_record == f64::INFINITY {
        reasons.push("the best Sharpe ratio is not above 0".to_owned());
    } else if minimum_track_record.is_nan() {
        reasons.push("the best trial has no Sharpe ratio".to_owned());
    } else if periods < minimum_track_record {
        reasons.push(format!(
            "a Sharpe ratio this low needs {minimum_track_record:.0} periods to be told from 0, and there are {periods}"
        ));
    }
    reasons
}

fn verdict_of_tests(evidence: &Evidence, reasons: &mut Vec<String>) -> Verdict {
    if evidence.trials == 1 {
        reasons.push("one trial: nothing was selected".to_owned());
        return match evidence.p_consistent {
            Some(p) if p > P_REAL => {
                reasons.insert(0, format!("it does not clearly beat {} (SPA p {p:.4})", evidence.benchmark));
                Verdict::Inconclusive
            }
            _ => Verdict::LikelyReal,
        };
    }
    let benchmark = evidence.benchmark;
    let Some(p) = evidence.p_consistent else {
        reasons.push("without the test for superior ability nothing can be decided".to_owned());
        reasons.extend(evidence.cross_validation.map(cross_validation_reason));
        return Verdict::Inconclusive;
    };
    reasons.push(match p {
        p if p <= P_REAL => format!("some trial beats {benchmark}, many tries allowed for (SPA p {p:.4})"),
        p if p > P_NOTHING => format!("the best of so many trials without skill does as well (SPA p {p:.4})"),
        p => format!("hardly any trial beats {benchmark}, many tries allowed for (SPA p {p:.4})"),
    });
    reasons.extend(evidence.cross_validation.map(cross_validation_reason));
    match evidence.cross_validation {
        Some([overfitting, loss]) if p <= P_REAL && loss <= LOSS_MOST => {
            if overfitting <= OVERFITTING_GOOD {
                Verdict::LikelyReal
            } else {
                Verdict::ChoiceArbitrary
            }
        }
        Some([overfitting, _]) if p > P_REAL && overfitting >= OVERFITTING_BAD => Verdict::LikelyArtefact,
        _ if p > P_NOTHING => Verdict::LikelyArtefact,
        _ => Verdict::Inconclusive,
    }
}

fn cross_validation_reason([overfitting, loss]: [f64; 2]) -> String {
    let percent = |share: f64| 100.0 * share;
    format!(
        "chosen on one half of the time, the best trial fell to the median or below on the other in {:.0} % of the splits \
         (PBO {overfitting:.2}) and lost money in {:.0} %",
        percent(overfitting),
        percent(loss)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: Evidence<'static> = Evidence {
        periods: 1000.0,
        minimum_track_record: 300.0,
        trades: Some(100.0),
        trials: 50,
        p_consistent: Some(0.01),
        cross_validation: Some([0.05, 0.1]),
        deflated: Some(0.97),
        strikes: &[],
        benchmark: "cash",
        beside: None,
    };

    #[track_caller]
    fn check(evidence: Evidence, expected: Verdict) {
        let (verdict, reasons) = decide(&evidence);
        assert_eq!(verdict, expected, "{reasons:?}");
        assert!(!reasons.is_empty());
    }

    #[test]
    fn each_rule_decides() {
        check(SOUND, Verdict::LikelyReal);
        check(Evidence { periods: 59.0, minimum_track_record: 50.0, ..SOUND }, Verdict::InsufficientData);
        check(Evidence { trades: Some(29.0), ..SOUND }, Verdict::InsufficientData);
        check(Evidence { minimum_track_record: 1001.0, ..SOUND }, Verdict::InsufficientData);
        check(Evidence { cross_validation: Some([0.11, 0.1]), ..SOUND }, Verdict::ChoiceArbitrary);
        check(Evidence { cross_validation: Some([0.05, 0.26]), ..SOUND }, Verdict::Inconclusive);
        check(Evidence { p_consistent: Some(0.21), ..SOUND }, Verdict::LikelyArtefact);
        check(Evidence { p_consistent: Some(0.06), ..SOUND }, Verdict::Inconclusive);
        let shifting = Evidence { cross_validation: Some([0.4, 0.1]), ..SOUND };
        check(Evidence { p_consistent: Some(0.06), ..shifting }, Verdict::LikelyArtefact);
        let strikes = ["it lost".to_owned()];
        let struck = Evidence { strikes: &strikes, ..SOUND };
        check(struck, Verdict::Inconclusive);
        assert_eq!(decide(&struck).1[0], strikes[0], "what strikes is said first");
        let arbitrary = Evidence { cross_validation: Some([0.11, 0.1]), ..struck };
        check(arbitrary, Verdict::ChoiceArbitrary);
    }

    #[test]
    fn the_deflated_ratio_never_decides() {
        check(Evidence { deflated: Some(0.1), ..SOUND }, Verdict::LikelyReal);
        check(Evidence { deflated: Some(0.99), p_consistent: Some(0.5), ..SOUND }, Verdict::LikelyArtefact);
    }

    #[test]
    fn what_stands_beside_is_told_and_decides_nothing() {
        for (p, told) in
            [(0.01, "some trial beats holding SPY as well"), (0.6, "beats holding SPY is not shown")]
        {
            let (verdict, reasons) = decide(&Evidence { beside: Some(("holding SPY", p)), ..SOUND });
            assert_eq!(verdict, Verdict::LikelyReal);
            assert!(reasons.iter().any(|reason| reason.contains(told)), "{reasons:?}");
        }
    }

    #[test]
    fn what_is_missing_decides_nothing() {
        check(Evidence { p_consistent: None, ..SOUND }, Verdict::Inconclusive);
        check(Evidence { cross_validation: None, ..SOUND }, Verdict::Inconclusive);
        check(
            Evidence { trials: 1, cross_validation: None, p_consistent: None, ..SOUND },
            Verdict::LikelyReal,
        );
    }
}
