//! Floor 1: figures of equity curves. Slices in, numbers out; knows no market, strategy or file.
//!
//! Undefined figures are `None`; infinite ones are infinite.

pub mod aggregate;
pub mod better;
pub mod blocks;
pub mod curve;
pub mod definition;
pub mod drawdown;
pub mod drawdown_spells;
pub mod moments;
pub mod normal;
pub mod overfitting;
pub mod performance;
pub mod plateau;
pub mod plateau_design;
pub mod plateau_grid;
pub mod quantiles;
pub mod relative;
pub mod rolling;
pub mod rules;
pub mod student;
