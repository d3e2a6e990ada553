//! All points of a sweep, or the share of one task, from the sweep to its folder of results.

mod batch;
mod estimate;
mod options;
mod point;
mod shards;
mod writer;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub(crate) use batch::Batch;
pub(crate) use estimate::Estimate;
pub use options::ComputeOptions;
pub(crate) use options::{MEMORY, SHARD_POINTS};
pub(crate) use point::{PointRow, failure, figures, with_buffers};
pub(crate) use writer::writer;

use super::definition::Sweep;
use super::error::SweepError;
use super::listener::{Listener, Note, Progress};
use super::plan::Plan;
use super::results::Results;
use crate::market::input::cache;

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
/// which it is called. Once `stop` is set, the points in flight are finished and written.
///
/// # Errors
/// Prices or the strategy are wrong; the folder cannot be read or written; more points fail than allowed.
pub fn compute(
    sweep: Sweep,
    options: &ComputeOptions,
    stop: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Computed, SweepError> {
    if options.task.is_none() {
        // Tasks start together and would all make it.
        cache_prices(&sweep);
    }
    let plan = Plan::new(sweep, usize::try_from(options.memory).unwrap_or(usize::MAX))?;
    let first = plan.variants.get(&plan.sweep.space.values(0));
    for notice in first.iter().flat_map(|variant| &variant.scene.notices) {
        listener.note(&Note::Backtest(notice.clone()));
    }
    let range = match options.task {
        Some((task, tasks)) => plan.kept.share(task, tasks),
        None => 0..plan.sweep.count,
    };
    let results = Results::new(&plan, &options.results);
    compute_range(&plan, &results, range, options, stop, listener)
}

/// Leaves a cache of the prices of a sweep to those who read them next. Where it cannot be written everything is the same, only
/// slower.
pub(crate) fn cache_prices(sweep: &Sweep) {
    let _ = cache::make(&sweep.strategy.prices, &sweep.strategy.symbols());
}

/// Computes what is missing of some points of a plan.
fn compute_range(
    plan: &Plan,
    results: &Results,
    range: Range<u64>,
    options: &ComputeOptions,
    stop: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Computed, SweepError> {
    results.prepare(&plan.text()?, &options.writer)?;
    results.remove_temporaries(writer::is_gone)?;
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
        let Estimate { seconds, bytes } = Estimate::new(plan).of_points(todo);
        listener.note(&Note::Estimate { points: todo, seconds, bytes });
        estimate::refuse_without_room(&results.folder, bytes)?;
    }
    let began = Instant::now();
    let (progress, stopped) = shards::write_missing(plan, results, missing, options, stop, listener)?;
    if !stopped {
        results.remove_damaged(&coverage.damaged, &range, &plan.kept)?;
    }
    Ok(Computed { folder: results.folder.clone(), progress, time: began.elapsed(), stopped })
}
