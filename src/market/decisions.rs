//! The moments at which a strategy decides, as days of a market. Knows no schedule.

use std::ops::Range;

use super::universe::Spell;

/// When a strategy decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decisions {
    /// At the closes of these days, ascending.
    Closes(Vec<u32>),
    /// Once, at the open of this day.
    Open(u32),
}

impl Decisions {
    /// Number of decisions.
    pub(crate) fn len(&self) -> usize {
        match self {
            Decisions::Closes(days) => days.len(),
            Decisions::Open(_) => 1,
        }
    }

    /// Whether there are no decisions.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of the decisions that lie in a spell, counted from the first decision.
    pub(crate) fn rows_in(&self, spell: &Spell) -> Range<usize> {
        match self {
            Decisions::Closes(days) => {
                let row_of = |close: usize| days.partition_point(|&day| (day as usize) < close);
                row_of(spell.closes.start)..row_of(spell.closes.end)
            }
            Decisions::Open(day) => 0..usize::from(spell.opens.contains(&(*day as usize))),
        }
    }
}
