//! Floor 1: figures of equity curves. Functions take slices and give numbers; they know no market, strategy or file.
//!
//! Undefined figures are `None`; infinite ones are infinite.

pub(crate) mod aggregate;
pub(crate) mod better;
pub(crate) mod blocks;
pub(crate) mod curve;
pub(crate) mod definition;
pub(crate) mod drawdown;
pub(crate) mod drawdown_spells;
pub(crate) mod moments;
pub(crate) mod noise;
pub(crate) mod normal;
pub(crate) mod overfitting;
pub(crate) mod performance;
pub(crate) mod plateau;
pub(crate) mod plateau_design;
pub(crate) mod plateau_grid;
pub(crate) mod quantiles;
pub(crate) mod relative;
pub(crate) mod rolling;
pub(crate) mod rules;
pub(crate) mod skill;
pub(crate) mod student;
