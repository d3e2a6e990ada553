//! Floor 0: how text and numbers are shown, quoted and compared. Knows nothing of what they mean.

pub mod nearest;
pub mod number;
pub mod quoted;
pub mod shell;
pub mod toml_text;
