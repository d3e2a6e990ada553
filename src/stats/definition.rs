//! What a figure is called and means, for people. `docs/statistics.md` and `docs/verdict.md` say it at length.

/// A name with its meaning and its formula, as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The name for people.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

/// A definition, from name, meaning and formula.
pub(crate) const fn define(name: &'static str, meaning: &'static str, formula: &'static str) -> Definition {
    Definition { name, meaning, formula }
}
