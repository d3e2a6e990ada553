//! Parameter-sweep backtesting of daily strategies that are written as formulas.
#![deny(missing_docs)]

pub mod backtest;
pub mod cli;
pub mod cluster;
pub mod config;
pub mod engine;
pub mod formula;
pub mod market;
pub mod mixer;
pub mod report;
pub mod slurm;
pub mod stats;
pub mod summation;
pub mod sweep;
pub mod text;
