//! Parameter-sweep backtesting of daily strategies that are written as formulas.
#![deny(missing_docs, clippy::missing_docs_in_private_items)]

mod aggregate;
mod cli;
mod cluster;
mod config;
mod draw;
mod engine;
mod files;
mod formula;
#[cfg(feature = "internals")]
pub mod internals;
mod market;
mod matrix;
mod mixer;
mod report;
mod slurm;
mod stats;
mod strategy;
mod summation;
mod sweep;
mod text;

pub use aggregate::{Aggregate, AggregateOptions, aggregate};
pub use cli::main;
pub use strategy::definition::Strategy;
pub use strategy::error::BacktestError;
pub use strategy::run::{BacktestResult, run};
pub use strategy::seal::RESULTS_REVISION;
pub use sweep::compute::{ComputeOptions, Computed, compute};
pub use sweep::definition::Sweep;
pub use sweep::error::SweepError;
pub use sweep::listener::{Listener, Note, Progress};

#[cfg(test)]
#[allow(unreachable_pub, reason = "nothing there is reached from elsewhere")]
#[path = "../tests/inside/mod.rs"]
mod inside;
