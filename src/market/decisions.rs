//! The moments at which a strategy decides, as days of a market. Knows no schedule.

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
}
