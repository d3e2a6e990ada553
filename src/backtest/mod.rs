//! Floor 3: one backtest from its strategy file to its result. Prints nothing and writes no file.

pub mod document;
pub mod error;
pub mod figures;
pub mod keys;
pub mod part;
pub mod prepare;
pub mod run;
pub mod seal;
pub mod strategy;
pub mod toml_text;
