//! The falls of a curve one by one: from which high, how deep, when made good.

/// A fall from a high, by places of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spell {
    /// The last place at the high.
    pub high: usize,
    /// The deepest place.
    pub low: usize,
    /// The first place at or above the high again, if there is one.
    pub back: Option<usize>,
    /// How deep, a fraction of the high.
    pub depth: f64,
}

/// All falls in order. `drawdowns` are those of [`super::curve::curve`]: 0 at a high, NaN where undefined.
pub(crate) fn spells(drawdowns: &[f64]) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    let mut current: Option<Spell> = None;
    for (place, &fall) in drawdowns.iter().enumerate() {
        let below = fall > 0.0;
        match &mut current {
            Some(spell) if below && fall > spell.depth => (spell.low, spell.depth) = (place, fall),
            Some(spell) if fall == 0.0 => {
                spells.push(Spell { back: Some(place), ..*spell });
                current = None;
            }
            None if below => {
                current = Some(Spell { high: place.saturating_sub(1), low: place, back: None, depth: fall });
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
        let found = spells(&[0.0, 0.1, 0.3, 0.2, 0.0, 0.0, 0.05, f64::NAN, 0.01]);
        assert_eq!(
            found,
            [
                Spell { high: 0, low: 2, back: Some(4), depth: 0.3 },
                Spell { high: 5, low: 6, back: None, depth: 0.05 },
            ]
        );
        assert!(spells(&[]).is_empty() && spells(&[0.0, 0.0]).is_empty());
    }
}
