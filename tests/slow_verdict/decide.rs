//! The word, from what was found.

use super::family::SESSIONS_LEAST;

/// Decisions that changed weights which a verdict needs.
const CHANGES_LEAST: u64 = 30;

/// What the word rests on.
#[derive(Clone)]
pub struct Evidence {
    pub sessions: usize,
    /// Decisions of the selected trial that changed weights.
    pub changes: u64,
    pub p_best: f64,
    pub p_selected: f64,
    pub p_alone: f64,
    /// `None` counts as 0.
    pub pbo: Option<f64>,
    pub look: u64,
    pub holdout: Option<String>,
    /// p of the placebo worlds, if they were run.
    pub placebo: Option<f64>,
    pub walk_forward_lost: bool,
}

/// "The first that holds." "Words 2 to 4 fall to `inconclusive` where placebo worlds give p > 0.05, where the
/// walk-forward record lost, or where an opened hold-out did not hold up."
pub fn decide(evidence: &Evidence) -> &'static str {
    if evidence.sessions < SESSIONS_LEAST || evidence.changes < CHANGES_LEAST {
        return "insufficient data";
    }
    if evidence.p_best <= 0.05 {
        let holdout = evidence.holdout.as_deref();
        let contradicted = evidence.placebo.is_some_and(|placebo| placebo > 0.05)
            || evidence.walk_forward_lost
            || holdout == Some("did not hold up");
        if contradicted {
            return "inconclusive";
        }
        if evidence.look > 1 && holdout != Some("held up") {
            return "promising, to be confirmed on unseen days";
        }
        if evidence.p_selected <= 0.05 && evidence.pbo.unwrap_or(0.0) <= 0.10 {
            return "likely real";
        }
        return "edge real, choice arbitrary";
    }
    if evidence.p_best > 0.20 {
        if evidence.p_alone <= 0.05 {
            return "likely an artefact of selection";
        }
        return "no edge shown beyond holding the same assets";
    }
    "inconclusive"
}

/// "Those acted upon whose target weights differ by more than 1e-9 in some asset from those of the one before; the
/// first counts."
///
/// `decisions` has the target weights of each decision that was acted upon, in order of time.
pub fn changes(decisions: &[Vec<f64>]) -> u64 {
    let mut changes = 0;
    for number in 0..decisions.len() {
        let differs = |asset: usize| (decisions[number][asset] - decisions[number - 1][asset]).abs() > 1e-9;
        if number == 0 || (0..decisions[number].len()).any(differs) {
            changes += 1;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn only_other_weights_are_a_change() {
        assert_eq!(changes(&[]), 0);
        let targets =
            [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5 + 2e-9], [0.5, 0.5 + 2.5e-9], [0.0, 0.0], [0.5, 0.5]];
        assert_eq!(changes(&targets.map(|weights| weights.to_vec())), 4);
    }
}
