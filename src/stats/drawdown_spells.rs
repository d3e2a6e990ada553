//! The drawdowns of a curve one by one: where each begins, how deep it is, and where it ends.

/// A drawdown, by points of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DrawdownSpell {
    /// The last point at the high.
    pub high: usize,
    /// The lowest point.
    pub low: usize,
    /// The first point back at or above the high; `None` if the curve ends before.
    pub back: Option<usize>,
    /// The largest fall, a fraction of the high.
    pub depth: f64,
}

/// All drawdowns in order. `drawdowns` are those of [`super::curve::curve`]: 0 at a high, NaN where undefined.
pub(crate) fn spells(drawdowns: &[f64]) -> Vec<DrawdownSpell> {
    let mut spells: Vec<DrawdownSpell> = Vec::new();
    let mut current: Option<DrawdownSpell> = None;
    for (point, &fall) in drawdowns.iter().enumerate() {
        let below = fall > 0.0;
        match &mut current {
            Some(spell) if below && fall > spell.depth => (spell.low, spell.depth) = (point, fall),
            Some(spell) if fall == 0.0 => {
                spells.push(DrawdownSpell { back: Some(point), ..*spell });
                current = None;
            }
            None if below => {
                current = Some(DrawdownSpell {
                    high: point.saturating_sub(1),
                    low: point,
                    back: None,
                    depth: fall,
                });
            }
            _ => {}
        }
    }
    spells.extend(current);
    spells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_are_told_apart() {
        let drawdowns = spells(&[0.0, 0.1, 0.3, 0.2, 0.0, 0.0, 0.05, f64::NAN, 0.01]);
        assert_eq!(
            drawdowns,
            [
                DrawdownSpell { high: 0, low: 2, back: Some(4), depth: 0.3 },
                DrawdownSpell { high: 5, low: 6, back: None, depth: 0.05 },
            ]
        );
        assert!(spells(&[]).is_empty() && spells(&[0.0, 0.0]).is_empty());
    }
}
