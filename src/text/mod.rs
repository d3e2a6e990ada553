//! Floor 0: how text and numbers are shown, quoted and compared. Knows nothing of their meaning.

pub(crate) mod nearest;
pub(crate) mod number;
pub(crate) mod quoted;
pub(crate) mod shell;
pub(crate) mod size;
pub(crate) mod toml_text;
pub(crate) mod wrap;
