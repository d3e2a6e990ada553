//! Parameter-sweep backtesting of daily strategies that are written as formulas.
#![deny(missing_docs)]

pub mod cli;
pub mod cluster;
pub mod config;
pub mod draw;
pub mod engine;
pub mod formula;
pub mod market;
pub mod matrix;
pub mod mixer;
pub mod report;
pub mod slurm;
pub mod stats;
pub mod strategy;
pub mod summation;
pub mod sweep;
pub mod text;
