//! The name and the meaning of a figure, as shown to people. `docs/statistics.md` and `docs/verdict.md` say more.

/// The name of a figure with its meaning and its formula, as a page shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The name as shown.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

/// Makes a definition from name, meaning and formula.
pub(crate) const fn define(name: &'static str, meaning: &'static str, formula: &'static str) -> Definition {
    Definition { name, meaning, formula }
}
