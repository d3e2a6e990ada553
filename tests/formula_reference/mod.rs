//! The formula language a second time: slow, obvious and judged through the command line only.
//!
//! A formula is a [`tree::Tree`], printed by its `Display` and read back by [`parse`]. [`evaluate`] computes one cell
//! at a time by the sentences of the language's definition. [`door`] turns a [`door::Case`] into files, runs the program
//! on them and compares every target weight, bit for bit. [`tables`] holds numbers worked out by hand, which judge this
//! implementation and the program alike; [`random`] compares the two over generated formulas and prices.
//!
//! `BACKTEST_CASES` sets how many random cases a test runs, `BACKTEST_SEED` the first of their seeds.

mod across;
mod cases;
pub mod columns;
mod covariances;
mod door;
pub mod evaluate;
mod extras;
mod fixed_sums;
mod generate;
mod language;
pub mod market;
mod numbers;
mod operators;
mod over_time;
pub mod parse;
pub mod periods;
mod random;
mod tables;
pub mod tree;
mod vectors;
mod words;
