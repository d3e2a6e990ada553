//! The verdict a second time: slow, obvious, without anything of the program.
//!
//! [`input`] is a sweep as the vectors write it. [`passive`] takes from each trial what it would have earned by
//! holding its mean weights, [`flips`] turns the signs of what is left, [`family`] compares a trial with the best of
//! all. [`figures`], [`backtest_overfitting`] and [`interval`] give the numbers beside the word, [`comments`] those
//! that decide nothing, and [`decide`] gives the word. [`examination`] does all of it for one sweep. [`worlds`],
//! [`rows`] and [`sketch`] stand alone.
//!
//! [`program`] holds `sweep aggregate` to it, [`overfit`] `sweep overfit`. [`vectors`] and [`parts`] hold all of it against numbers
//! of another implementation, [`laws`] against laws on the sweeps of [`random`]. Loops run over sessions, assets and trials by
//! number, as the definitions do.
#![allow(clippy::needless_range_loop, reason = "a definition by index is written by index")]

mod backtest_overfitting;
mod comments;
mod decide;
mod examination;
mod family;
pub mod figures;
pub mod flips;
pub mod input;
mod interval;
mod laws;
mod overfit;
mod parts;
pub mod passive;
mod program;
mod random;
mod rows;
mod sketch;
mod vectors;
mod worlds;
