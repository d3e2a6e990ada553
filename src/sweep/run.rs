//! Computes the points of a range that no shard covers yet, shard by shard.
//!
//! How points fall into shards depends on time and threads; what a row holds does not.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::row::{self, METRICS};
use super::shard::{Shard, ShardName};
use super::space::Design;
use super::value::AxisValue;
use super::variant::Variant;
use crate::backtest::run::{PointBuffers, run_point};
use crate::engine::simulate::Stage;

/// Points that a thread takes at a time.
const CHUNK: usize = 32;
/// All threads meet about this often: then they look whether to stop.
const BATCH_TIME: Duration = Duration::from_millis(50);

/// How much of a sweep to compute, and how.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The points.
    pub range: Range<u64>,
    /// Points of a shard, at most.
    pub shard_points: u64,
    /// A shard is written after about this time.
    pub shard_time: Duration,
    /// Failed points after which the run stops.
    pub max_failures: Option<u64>,
    /// Tells this process from others that share the folder.
    pub writer: String,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Points to compute.
    pub todo: u64,
    /// Points computed.
    pub done: u64,
    /// Of them failed.
    pub failed: u64,
    /// Shards written.
    pub shards: u64,
    /// Whether it was asked to stop before the end.
    pub stopped: bool,
}

/// Computes what is missing and writes it. `stop` is looked at between batches of points: those in flight are finished and
/// written.
///
/// # Errors
/// The folder cannot be read or written; more points fail than allowed.
pub fn run(
    plan: &Plan,
    results: &Results,
    coverage: &Coverage,
    options: &RunOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Progress, SweepError> {
    let missing = coverage.missing(options.range.clone(), &plan.kept);
    let todo = missing.iter().map(|gap| plan.kept.rank(gap.end) - plan.kept.rank(gap.start)).sum();
    let mut state = Progress { todo, ..Progress::default() };
    let mut batch_points = rayon::current_num_threads();
    for gap in missing {
        let mut points = plan.kept.indices(gap).peekable();
        while points.peek().is_some() && !state.stopped {
            let mut shard = Rows::default();
            let started = Instant::now();
            while (shard.points.len() as u64) < options.shard_points
                && started.elapsed() < options.shard_time
                && points.peek().is_some()
                && !state.stopped
            {
                let room = usize::try_from(options.shard_points).unwrap_or(usize::MAX) - shard.points.len();
                let batch: Vec<u64> = points.by_ref().take(room.min(batch_points)).collect();
                let began = Instant::now();
                let rows = compute(plan, &batch);
                if began.elapsed() < BATCH_TIME && batch.len() == batch_points {
                    batch_points *= 2;
                }
                state.done += batch.len() as u64;
                shard.points.extend(batch);
                rows.into_iter().for_each(|row| shard.append(row));
                state.stopped = stop.load(Relaxed) && (points.peek().is_some() || state.done < todo);
                progress(Progress { failed: state.failed + shard.failed, ..state });
                if options.max_failures.is_some_and(|most| state.failed + shard.failed > most) {
                    break;
                }
            }
            state.failed += shard.failed;
            if let (Some(&first), Some(&last)) = (shard.points.first(), shard.points.last()) {
                let table = format!("{}{}", plan.header(), shard.table);
                let whole = Shard { table, blocks: plan.blocks, sums: shard.sums };
                results.write(ShardName { first, last }, &whole, &options.writer)?;
                state.shards += 1;
            }
            if let (Some(most), Some(reason)) = (options.max_failures, shard.reason)
                && state.failed > most
            {
                return Err(SweepError::Failures(format!(
                    "stopped after {} failed points of {}, one of them: {reason}",
                    state.failed, state.done
                )));
            }
        }
        if state.stopped {
            break;
        }
    }
    Ok(state)
}

thread_local! {
    static BUFFERS: RefCell<PointBuffers> = RefCell::default();
}

/// Rows of a shard, one after the other.
#[derive(Debug, Default)]
struct Rows {
    points: Vec<u64>,
    table: String,
    sums: Vec<f64>,
    failed: u64,
    reason: Option<String>,
}

impl Rows {
    fn append(&mut self, row: Row) {
        self.table.push_str(&row.line);
        self.sums.extend_from_slice(&row.sums);
        if let Some(failure) = row.failure {
            self.failed += 1;
            self.reason.get_or_insert(failure);
        }
    }
}

/// What is kept of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its row as CSV.
    pub line: String,
    /// Sums of its returns over each block, then of their squares; NaN where it has none.
    pub sums: Vec<f64>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// The rows of some points, in their order.
pub fn compute(plan: &Plan, points: &[u64]) -> Vec<Row> {
    // The last axis slowest: neighbours on the other axes then meet its signals in the nearest cache.
    let mut order: Vec<usize> = (0..points.len()).collect();
    if plan.sweep.space.design == Design::Grid {
        order.sort_by_cached_key(|&place| {
            let mut places = plan.sweep.space.places(points[place]);
            places.reverse();
            places
        });
    }
    let chunk = (points.len() / (8 * rayon::current_num_threads())).clamp(1, CHUNK);
    let of_chunk = |chunk: &[usize]| {
        BUFFERS.with_borrow_mut(|buffers| {
            chunk.iter().map(|&place| (place, row(plan, points[place], buffers))).collect::<Vec<_>>()
        })
    };
    let mut rows: Vec<(usize, Row)> = order.par_chunks(chunk).flat_map_iter(of_chunk).collect();
    rows.sort_unstable_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The row of a point; one that fails has a row as well.
fn row(plan: &Plan, point: u64, buffers: &mut PointBuffers) -> Row {
    let values = plan.sweep.space.values(point);
    let result = match plan.variants.of(&values) {
        Ok(variant) => figures(plan, &variant, &values, buffers),
        Err(error) => Err(error.to_string()),
    };
    let blocks = &buffers.blocks;
    let sums = match result.is_ok() && blocks.len() == plan.blocks {
        true => blocks.iter().map(|[sum, _]| *sum).chain(blocks.iter().map(|[_, square]| *square)).collect(),
        false => vec![f64::NAN; 2 * plan.blocks],
    };
    let mut line = String::with_capacity(256);
    row::push(&mut line, point, &values, &result);
    Row { line, sums, failure: result.err() }
}

fn figures(
    plan: &Plan,
    variant: &Variant,
    values: &[AxisValue],
    buffers: &mut PointBuffers,
) -> Result<[f64; METRICS.len()], String> {
    let parameters = plan.sweep.space.parameters(values);
    let depth = variant.formula.depth(&parameters).map_err(|error| error.to_string())?;
    let scene = &variant.scene;
    let (evaluator, market) = (&scene.evaluator, &scene.market);
    let stage = Stage::new(market, evaluator.columns(), evaluator.decisions(), scene.curve_start);
    run_point(&stage, evaluator, &parameters, depth, &variant.terms, &variant.rules, buffers)
        .map(|result| row::metrics(&result))
        .map_err(|failure| failure.to_string())
}
