//! How a point did on sessions that nobody had seen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::stats::skill::family::LEVEL;

/// The words, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Word {
    /// Luck alone shows as much at most once in twenty.
    #[serde(rename = "held up")]
    HeldUp,
    /// It earned more than holding the same assets, and luck may be the reason.
    #[serde(rename = "not contradicted")]
    NotContradicted,
    /// It earned no more, or failed.
    #[serde(rename = "did not hold up")]
    DidNotHoldUp,
}

impl Word {
    /// The word for an edge and its p, with everything allowed for.
    pub(crate) fn of(p: f64, edge: f64) -> Word {
        if p <= LEVEL {
            Word::HeldUp
        } else if edge > 0.0 {
            Word::NotContradicted
        } else {
            Word::DidNotHoldUp
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Word::HeldUp => "held up",
            Word::NotContradicted => "not contradicted",
            Word::DidNotHoldUp => "did not hold up",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_follows_p_and_edge() {
        let words = [(0.05, 0.1), (0.051, 0.1), (0.9, 0.0), (1.0, -0.1)].map(|(p, edge)| Word::of(p, edge));
        assert_eq!(
            words.map(|word| word.to_string()),
            ["held up", "not contradicted", "did not hold up", "did not hold up"]
        );
        let json = |word: Word| serde_json::to_string(&word).unwrap();
        assert!(words.iter().all(|word| json(*word) == format!("\"{word}\"")));
    }
}
