//! Floor 3: one backtest from its strategy file to its result. Prints nothing and writes no file.

pub mod definition;
pub mod error;
pub mod figures;
pub mod keys;
pub mod lines;
pub mod part;
pub mod prepare;
pub mod read;
pub mod run;
pub mod seal;
