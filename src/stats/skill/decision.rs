//! The rule that turns what was found into a word.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::family::LEVEL;
use super::pass::SESSIONS_LEAST;

/// With fewer decisions that changed weights than this, chance decides too much.
pub(crate) const CHANGES_LEAST: u64 = 30;
/// Above this p nothing is taken to be there.
const P_NOTHING: f64 = 0.20;
/// Up to this probability of overfitting the choice of the best trial carries information.
pub(crate) const OVERFITTING_GOOD: f64 = 0.10;

/// The verdict on the best of many trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The returns are too few, or too few decisions changed weights.
    InsufficientData,
    /// Something in the sweep has an edge, and the selected trial is it.
    LikelyReal,
    /// Something in the sweep has an edge, but it need not be the selected trial.
    ChoiceArbitrary,
    /// What was begun after results had been seen, and has an edge on the same days.
    Promising,
    /// Good by itself, and usual for the best of so many.
    LikelyArtefact,
    /// Nothing beyond holding the same assets is shown.
    NoEdge,
    /// Not shown, not excluded.
    Inconclusive,
    /// Something among the trials earned more than the benchmark, skill or not.
    BetterThanBenchmark,
    /// Something among the trials earned more than nothing, skill or not.
    BetterThanCash,
    /// That any trial earned more than the benchmark is not shown.
    NotBetterThanBenchmark,
    /// That any trial earned more than nothing is not shown.
    NotBetterThanCash,
}

/// What trials are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    /// Holding the same assets: to earn more takes skill.
    Holding,
    /// A benchmark: to earn more may take no more than another position.
    Benchmark,
    /// Nothing: to earn more may take no more than a position in an asset that rose.
    Cash,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Verdict::InsufficientData => "insufficient data",
            Verdict::LikelyReal => "likely real",
            Verdict::ChoiceArbitrary => "edge real, choice arbitrary",
            Verdict::Promising => "promising, to be confirmed on unseen days",
            Verdict::LikelyArtefact => "likely an artefact of selection",
            Verdict::NoEdge => "no edge shown beyond holding the same assets",
            Verdict::Inconclusive => "inconclusive",
            Verdict::BetterThanBenchmark => "better than the benchmark",
            Verdict::BetterThanCash => "better than cash",
            Verdict::NotBetterThanBenchmark => "not better than the benchmark",
            Verdict::NotBetterThanCash => "not better than cash",
        })
    }
}

impl Verdict {
    /// Whether it says that there is an edge, or that there may be.
    pub(crate) fn claims(self) -> bool {
        use Verdict::{BetterThanBenchmark, BetterThanCash, ChoiceArbitrary, LikelyReal, Promising};
        matches!(self, LikelyReal | ChoiceArbitrary | Promising | BetterThanBenchmark | BetterThanCash)
    }

    /// The verdict in the words for what trials were held against: only who holds the same assets can be said to have an edge.
    pub(crate) fn against(self, null: Null) -> Verdict {
        match (null, self) {
            (Null::Benchmark, Verdict::LikelyReal | Verdict::ChoiceArbitrary) => Verdict::BetterThanBenchmark,
            (Null::Cash, Verdict::LikelyReal | Verdict::ChoiceArbitrary) => Verdict::BetterThanCash,
            (Null::Benchmark, Verdict::NoEdge) => Verdict::NotBetterThanBenchmark,
            (Null::Cash, Verdict::NoEdge) => Verdict::NotBetterThanCash,
            (_, verdict) => verdict,
        }
    }
}

/// What days that nobody had seen say of the point that a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unseen {
    /// It has an edge there too.
    #[serde(rename = "held up")]
    HeldUp,
    /// It earned more than holding there, and it may be chance.
    #[serde(rename = "not contradicted")]
    NotContradicted,
    /// It earned no more than holding there.
    #[serde(rename = "did not hold up")]
    DidNotHoldUp,
}

impl Unseen {
    /// The word for an edge on unseen days and its p, with everything allowed for.
    pub(crate) fn of(p: f64, edge: f64) -> Unseen {
        if p <= LEVEL {
            Unseen::HeldUp
        } else if edge > 0.0 {
            Unseen::NotContradicted
        } else {
            Unseen::DidNotHoldUp
        }
    }
}

impl fmt::Display for Unseen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Unseen::HeldUp => "held up",
            Unseen::NotContradicted => "not contradicted",
            Unseen::DidNotHoldUp => "did not hold up",
        })
    }
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    /// Number of sessions.
    pub sessions: usize,
    /// Decisions of the selected trial that changed weights; `None` where there is no selected trial.
    pub changes: Option<u64>,
    /// Those of the trial with the smallest p; `None` where that is the selected one.
    pub changes_of_best: Option<u64>,
    /// The smallest p of the sweep's trials; `None` without a test.
    pub p_best: Option<f64>,
    /// That of the selected trial.
    pub p_selected: f64,
    /// The selected trial against its own turned signs alone.
    pub p_alone: f64,
    /// The probability of overfitting; `None` counts as 0.
    pub overfitting: Option<f64>,
    /// 1 for a sweep that was begun before any result on these assets had been seen.
    pub look: u64,
    /// What an opened and sealed hold-out says.
    pub unseen: Option<Unseen>,
    /// The p of the placebo worlds, if they were run.
    pub placebo: Option<f64>,
    /// Whether the record of a walk forward earned less than holding.
    pub walk_forward_lost: bool,
}

impl Evidence {
    /// Whether something else contradicts what p says.
    pub(crate) fn is_contradicted(&self) -> bool {
        self.placebo.is_some_and(|p| p > LEVEL)
            || self.walk_forward_lost
            || self.unseen == Some(Unseen::DidNotHoldUp)
    }
}

/// The verdict: the first row of the table in docs/verdict.md that holds.
pub(crate) fn decide(evidence: &Evidence) -> Verdict {
    let Evidence { sessions, changes, p_best, p_selected, p_alone, overfitting, look, unseen, .. } =
        *evidence;
    let selected_decides = changes >= Some(CHANGES_LEAST);
    // Where the ranking prefers a trial that seldom decides, another one may show that something works.
    let best_shows = |p: f64| p <= LEVEL && evidence.changes_of_best >= Some(CHANGES_LEAST);
    let is_enough = |p: &f64| sessions >= SESSIONS_LEAST && (selected_decides || best_shows(*p));
    let Some(p_best) = p_best.filter(is_enough).filter(|_| changes.is_some()) else {
        return Verdict::InsufficientData;
    };
    if p_best <= LEVEL {
        let is_open = look == 1 || unseen == Some(Unseen::HeldUp);
        return if evidence.is_contradicted() {
            Verdict::Inconclusive
        } else if !is_open {
            Verdict::Promising
        } else if selected_decides && p_selected <= LEVEL && overfitting.unwrap_or(0.0) <= OVERFITTING_GOOD {
            Verdict::LikelyReal
        } else {
            Verdict::ChoiceArbitrary
        };
    }
    match (p_best > P_NOTHING, p_alone <= LEVEL) {
        (true, true) => Verdict::LikelyArtefact,
        (true, false) => Verdict::NoEdge,
        (false, _) => Verdict::Inconclusive,
    }
}

/// The decisions that changed weights, of those acted upon in order of time, each a weight by asset in the order of the assets:
/// those that differ by more than 1e-9 in some asset from the one before. The first counts.
pub(crate) fn changes<'d, A: Ord + Copy + 'd>(decisions: impl Iterator<Item = &'d [(A, f64)]>) -> u64 {
    let mut before: Option<Vec<(A, f64)>> = None;
    let mut count = 0;
    for decision in decisions {
        let mut decision = decision.to_vec();
        decision.sort_by_key(|(asset, _)| *asset);
        if before.is_none_or(|before| differ(&before, &decision)) {
            count += 1;
        }
        before = Some(decision);
    }
    count
}

/// Whether two decisions, by asset, differ. An asset that is not named has no weight.
fn differ<A: Ord + Copy>(before: &[(A, f64)], now: &[(A, f64)]) -> bool {
    const CHANGE_LEAST: f64 = 1e-9;
    let weight = |of: &[(A, f64)], asset: A| {
        of.binary_search_by_key(&asset, |(asset, _)| *asset).map_or(0.0, |place| of[place].1)
    };
    let differs = |asset: &(A, f64)| (weight(before, asset.0) - weight(now, asset.0)).abs() > CHANGE_LEAST;
    before.iter().chain(now).any(differs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: Evidence = Evidence {
        sessions: 1000,
        changes: Some(100),
        changes_of_best: None,
        p_best: Some(0.01),
        p_selected: 0.01,
        p_alone: 0.001,
        overfitting: Some(0.05),
        look: 1,
        unseen: None,
        placebo: None,
        walk_forward_lost: false,
    };

    #[track_caller]
    fn check(evidence: Evidence, expected: Verdict) {
        assert_eq!(decide(&evidence), expected, "{evidence:?}");
    }

    #[test]
    fn the_word_for_unseen_days_follows_p_and_edge() {
        let words = [(0.05, 0.1), (0.051, 0.1), (0.9, 0.0), (1.0, -0.1)].map(|(p, edge)| Unseen::of(p, edge));
        assert_eq!(
            words.map(|word| word.to_string()),
            ["held up", "not contradicted", "did not hold up", "did not hold up"]
        );
        let json = |word: Unseen| serde_json::to_string(&word).unwrap();
        assert!(words.iter().all(|word| json(*word) == format!("\"{word}\"")));
    }

    #[test]
    fn each_row_decides() {
        check(SOUND, Verdict::LikelyReal);
        check(Evidence { sessions: 59, ..SOUND }, Verdict::InsufficientData);
        check(Evidence { changes: Some(29), ..SOUND }, Verdict::InsufficientData);
        check(Evidence { changes: None, ..SOUND }, Verdict::InsufficientData);
        check(Evidence { p_best: None, ..SOUND }, Verdict::InsufficientData);
        let seldom = Evidence { changes: Some(29), changes_of_best: Some(30), ..SOUND };
        check(seldom, Verdict::ChoiceArbitrary);
        check(Evidence { changes_of_best: Some(29), ..seldom }, Verdict::InsufficientData);
        check(Evidence { p_best: Some(0.06), ..seldom }, Verdict::InsufficientData);
        check(Evidence { overfitting: None, ..SOUND }, Verdict::LikelyReal);
        check(Evidence { overfitting: Some(0.11), ..SOUND }, Verdict::ChoiceArbitrary);
        check(Evidence { p_selected: 0.06, ..SOUND }, Verdict::ChoiceArbitrary);
        let nothing = Evidence { p_best: Some(0.21), p_selected: 0.3, ..SOUND };
        check(nothing, Verdict::LikelyArtefact);
        check(Evidence { p_alone: 0.06, ..nothing }, Verdict::NoEdge);
        check(Evidence { p_best: Some(0.20), ..nothing }, Verdict::Inconclusive);
    }

    #[test]
    fn only_holding_the_same_assets_makes_it_an_edge() {
        let words = |null| {
            let verdicts =
                [Verdict::LikelyReal, Verdict::ChoiceArbitrary, Verdict::NoEdge, Verdict::LikelyArtefact];
            verdicts.map(|verdict| verdict.against(null).to_string())
        };
        let artefact = "likely an artefact of selection";
        let better = "better than the benchmark";
        assert_eq!(words(Null::Benchmark), [better, better, "not better than the benchmark", artefact]);
        let better = "better than cash";
        assert_eq!(words(Null::Cash), [better, better, "not better than cash", artefact]);
        let holding = words(Null::Holding);
        assert!(holding[1].contains("edge") && holding[2].contains("edge"), "{holding:?}");
        assert!(Verdict::BetterThanCash.claims() && !Verdict::NotBetterThanCash.claims());
    }

    #[test]
    fn what_was_seen_before_needs_unseen_days() {
        let later = Evidence { look: 2, ..SOUND };
        check(later, Verdict::Promising);
        check(Evidence { unseen: Some(Unseen::NotContradicted), ..later }, Verdict::Promising);
        check(Evidence { unseen: Some(Unseen::HeldUp), ..later }, Verdict::LikelyReal);
    }

    #[test]
    fn a_contradiction_takes_every_claim_away() {
        let contradicted = [
            Evidence { placebo: Some(0.06), ..SOUND },
            Evidence { walk_forward_lost: true, ..SOUND },
            Evidence { unseen: Some(Unseen::DidNotHoldUp), ..SOUND },
        ];
        for evidence in contradicted {
            check(evidence, Verdict::Inconclusive);
            check(Evidence { look: 3, ..evidence }, Verdict::Inconclusive);
            check(Evidence { p_best: Some(0.3), p_alone: 0.5, ..evidence }, Verdict::NoEdge);
        }
        check(Evidence { placebo: Some(0.05), ..SOUND }, Verdict::LikelyReal);
    }

    #[test]
    fn only_other_weights_are_a_change() {
        let half = [(1, 0.5), (2, 0.5)];
        let decisions: [&[(i32, f64)]; 7] = [
            &half,
            &[(2, 0.5), (1, 0.5)],
            &[(1, 0.5), (2, 0.5 + 2e-9)],
            &[(1, 0.5), (2, 0.5 + 2.5e-9)],
            &[],
            &[(3, 0.0)],
            &half,
        ];
        assert_eq!(changes(decisions.into_iter()), 4);
        assert_eq!(changes::<i32>(std::iter::empty()), 0);
    }
}
