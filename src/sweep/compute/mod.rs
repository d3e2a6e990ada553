//! All points of a sweep, or the share of one task, from the sweep to its folder of results.

mod batch;
mod estimate;
mod options;
mod point;
mod shards;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub(crate) use batch::Batch;
pub(crate) use estimate::Estimate;
pub use options::ComputeOptions;
pub(crate) use options::{MEMORY, SHARD_POINTS};
pub(crate) use point::{PointRow, failure, figures, with_buffers};
pub(crate) use writer::{is_gone, writer};

use super::definition::Sweep;
use super::error::SweepError;
use super::listener::{Listener, Note, Progress};
use super::plan::Plan;
use super::results::Results;
use super::verdict::look;
use crate::market::input::cache;
use crate::market::numbers::files::make_caches;

/// A sweep with more points than this is timed before it starts.
const LARGE: u64 = 10_000;

/// What was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// The folder of the sweep's results.
    pub folder: PathBuf,
    /// Points that had no row before, and how many of them were computed and failed.
    pub progress: Progress,
    /// How long the points took.
    pub time: Duration,
    /// Whether it was asked to stop before the end. Computing the sweep again goes on from there.
    pub stopped: bool,
}

/// Computes what is missing of a sweep and writes it below [`ComputeOptions::results`], on the threads of the rayon pool in
/// which it is called; within a pool one thread loads the prices, outside of one all do.
///
/// `stop` is looked at once the prices are loaded and several times a second from then on. The points in flight are finished
/// and written, but those of a batch that takes more than a second longer are given up. Whoever computes all points leaves a
/// hidden cache of the prices beside their files. The plan in the folder names prices from the working directory on, if they
/// lie below it.
///
/// # Errors
/// Prices or the strategy are wrong; there is no such task; the folder cannot be read or written; more points fail than
/// allowed.
pub fn compute(
    sweep: Sweep,
    options: &ComputeOptions,
    stop: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Computed, SweepError> {
    compute_plan(&plan(sweep, options, listener)?, options, stop, listener)
}

/// Reads the prices of a sweep and seals it.
///
/// # Errors
/// Prices or the strategy are wrong; there is no such task.
pub(crate) fn plan(
    sweep: Sweep,
    options: &ComputeOptions,
    listener: &dyn Listener,
) -> Result<Plan, SweepError> {
    match options.task {
        Some((task, tasks)) if task >= tasks => return Err(SweepError::NoTask { task, tasks }),
        // Tasks start together and would all make it.
        Some(_) => {}
        None => cache_inputs(&sweep),
    }
    let plan = Plan::new(sweep, usize::try_from(options.memory).unwrap_or(usize::MAX))?;
    let first = plan.variants.get(&plan.sweep.space.values(0));
    for notice in first.iter().flat_map(|variant| &variant.scene.notices) {
        listener.note(&Note::Backtest(notice.clone()));
    }
    Ok(plan)
}

/// Leaves caches of the prices and numbers of a sweep to those who read them next. Where they cannot be written everything is
/// the same, only slower.
pub(crate) fn cache_inputs(sweep: &Sweep) {
    let strategy = &sweep.strategy;
    let symbols = strategy.symbols();
    let _ = cache::make(&strategy.prices, &symbols);
    make_caches(&strategy.columns, |index| strategy.uses_column(index), &symbols);
}

/// Computes what is missing of a plan, or of the share of one task.
///
/// # Errors
/// The folder cannot be read or written; more points fail than allowed.
pub(crate) fn compute_plan(
    plan: &Plan,
    options: &ComputeOptions,
    stop: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Computed, SweepError> {
    let range = match options.task {
        Some((task, tasks)) => plan.kept.share(task, tasks),
        None => 0..plan.sweep.count,
    };
    let results = Results::new(plan, &options.results);
    results.prepare(&plan.text()?, &options.writer)?;
    results.remove_temporaries(is_gone)?;
    look::begin(&results, plan)?;
    let coverage = results.coverage(&range)?;
    for &name in &coverage.damaged {
        listener.note(&Note::DamagedAgain(results.table_path(name)));
    }
    let missing = coverage.missing(range.clone(), &plan.kept);
    let todo: u64 = missing.iter().map(|gap| plan.kept.count_in(gap)).sum();
    let points = plan.kept.count_in(&range);
    if todo < points {
        listener.note(&Note::Present { present: points - todo, points });
    }
    if todo > LARGE {
        let (seconds, bytes) = Estimate::new(plan).total(todo);
        listener.note(&Note::Estimate { points: todo, seconds, bytes });
        estimate::refuse_without_room(&results.folder, bytes)?;
    }
    let began = Instant::now();
    let (progress, stopped) = shards::write_missing(plan, &results, missing, options, stop, listener)?;
    if !stopped {
        results.remove_damaged(&coverage.damaged, &range, &plan.kept)?;
    }
    Ok(Computed { folder: results.folder, progress, time: began.elapsed(), stopped })
}
