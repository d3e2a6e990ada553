//! Parameter-sweep backtesting of daily strategies that are written as formulas: the library behind the program `backtest`.
//!
//! It does three things, each of which is also a command of the program, with the same files and the same bytes. It prints
//! nothing.
//!
//! One backtest (`backtest run`):
//!
//! ```
//! use backtest::error::{BacktestError, ConfigError};
//! use backtest::{BacktestResult, Metric, Strategy, run};
//! use std::path::Path;
//!
//! let overrides = ["lookback=63".to_owned()];
//! let strategy = Strategy::read(Path::new("strategies/momentum.toml"), &overrides)?;
//! let result: BacktestResult = run(&strategy)?;
//! let sharpe: Metric = "sharpe".parse()?;
//! assert!(result.figure(sharpe) > 0.0);
//! assert_eq!(result.dates().len(), result.equity().len());
//!
//! let fault: ConfigError = match Strategy::parse("inline.toml", "name = 1", Path::new(""), &[]) {
//!     Err(BacktestError::Config(fault)) => fault,
//!     other => panic!("{other:?}"),
//! };
//! assert!(fault.to_string().starts_with("inline.toml:1:8: "), "a fault has file, line and column");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A sweep into a folder of results, and what these results say (`sweep run`, `sweep aggregate`):
//!
//! ```
//! use backtest::{Aggregate, AggregateOptions, aggregate};
//! use backtest::{ComputeOptions, Computed, Listener, Note, Progress, Sweep, compute, error::SweepError};
//! use std::{path::Path, sync::atomic::AtomicBool};
//!
//! /// Hears how far it is.
//! struct Lines;
//!
//! impl Listener for Lines {
//!     fn note(&self, note: &Note) {
//!         eprintln!("{note}");
//!     }
//!
//!     fn progress(&self, progress: Progress) {
//!         eprintln!("{} of {} points", progress.done, progress.todo);
//!     }
//! }
//!
//! let folder = tempfile::tempdir()?;
//! let options = ComputeOptions { results: folder.path().to_owned(), ..ComputeOptions::default() };
//! let sweep = Sweep::read(Path::new("sweeps/momentum.toml"))?;
//! let stop = AtomicBool::new(false);
//! let computed: Computed = compute(sweep, &options, &stop, &Lines)?;
//! assert_eq!(computed.progress.failed, 0);
//!
//! // One sweep that cannot be aggregated keeps none of the others from their reports.
//! for found in aggregate(folder.path(), &AggregateOptions::default(), &())? {
//!     let found: Aggregate = found?;
//!     assert!(found.folder.join("report.html").is_file());
//!     println!("{}", found.overview);
//! }
//!
//! let nowhere = aggregate(Path::new("no such folder"), &AggregateOptions::default(), &());
//! assert!(matches!(nowhere, Err(SweepError::Missing(_))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The verdict on a matrix of returns that anything may have made (`sweep overfit`):
//!
//! ```
//! use backtest::{ReturnMatrix, Values, Verdict, VerdictOptions, verdict};
//!
//! let wave = |trial: usize| (0..600).map(move |day| ((day * (trial + 3)) % 17) as f64 - 8.0);
//! let names = (0..20).map(|trial| format!("trial {trial}")).chain(["SPY".to_owned()]).collect();
//! let columns = (0..21).map(|trial| wave(trial).collect()).collect();
//! let matrix = ReturnMatrix { names, columns, ..ReturnMatrix::default() };
//! let options = VerdictOptions {
//!     // The assets that the trials traded: did moving in and out of them earn more than holding them?
//!     asset_columns: vec!["SPY".to_owned()],
//!     values: Values::PerCent,
//!     ..VerdictOptions::default()
//! };
//! let found = verdict(&matrix, &options)?;
//! assert_eq!(found.verdict, Verdict::NoEdge);
//! println!("{}: {}", found.verdict, found.reasons.join(" "));
//! # Ok::<(), backtest::error::VerdictError>(())
//! ```
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
mod verdict;

pub use aggregate::{Aggregate, AggregateOptions, aggregate};
#[doc(hidden)]
pub use cli::main;
pub use market::date::Date;
pub use matrix::return_matrix::ReturnMatrix;
pub use matrix::values::Values;
pub use report::json::write_json;
pub use stats::skill::decision::Verdict;
pub use strategy::definition::Strategy;
pub use strategy::figures::Metric;
pub use strategy::notice::Notice;
pub use strategy::run::{BacktestResult, Benchmark, run};
pub use strategy::seal::RESULTS_REVISION;
pub use sweep::compute::{ComputeOptions, Computed, compute};
pub use sweep::definition::Sweep;
pub use sweep::listener::{Listener, Note, Progress};
pub use verdict::left_out::LeftOut;
pub use verdict::options::VerdictOptions;
pub use verdict::{MatrixVerdict, verdict};

/// Why something cannot be done. Texts say what is wrong, where, and what to do; [`std::error::Error::source`] leads to causes.
pub mod error {
    pub use crate::config::error::{ConfigError, Excerpt};
    pub use crate::engine::failure::Failure;
    pub use crate::files::WriteError;
    pub use crate::market::input::error::FileError;
    pub use crate::matrix::file::MatrixFileError;
    pub use crate::strategy::error::BacktestError;
    pub use crate::strategy::figures::UnknownMetric;
    pub use crate::sweep::error::{PointFailure, SweepError};
    pub use crate::verdict::error::VerdictError;
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "nothing there is reached from elsewhere")]
#[path = "../tests/inside/mod.rs"]
mod inside;
