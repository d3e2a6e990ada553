//! Parameter-sweep backtesting of daily strategies that are written as formulas.
#![deny(missing_docs)]

pub mod engine;
pub mod formula;
pub mod market;
pub mod stats;
pub mod summation;
