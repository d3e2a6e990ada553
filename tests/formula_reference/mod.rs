//! The formula language a second time: slow, obvious and judged through the command line only.
//!
//! A formula is a [`tree::Tree`], printed by its `Display` and read back by [`parse`]. [`evaluate`] computes one cell
//! at a time by the sentences of the language's definition: [`over_time`] of one asset, [`across`] all members,
//! [`covariances`] for weights of least or equal risk, [`columns`] from files, [`periods`] for weeks and months, all with
//! the [`numbers`] that each says. [`door`] turns a [`door::Case`], with what is in [`extras`], into files, runs the
//! program on them and compares every target weight, or every value of a formula, bit for bit. [`tables`] holds numbers
//! worked out by hand and [`vectors`] those of the reference, which judge this implementation; [`random`] compares it with
//! the program over the formulas and prices of [`generate`], [`language`] over the formulas of [`words`] in [`cases`].
//!
//! `BACKTEST_CASES` sets how many random cases a test runs, `BACKTEST_SEED` the first of their seeds.

mod across;
mod cases;
pub mod columns;
mod covariances;
pub mod door;
pub mod evaluate;
pub mod extras;
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
