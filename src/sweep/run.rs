//! Computes the points of a range that no shard covers yet, shard by shard.
//!
//! How points fall into shards depends on time and threads; what a row holds does not.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::row::{self, METRICS};
use super::shard::{Shard, ShardName};
use super::value::AxisValue;
use super::variant::Variant;
use crate::backtest::run::{PointBuffers, run_point};
use crate::engine::simulate::Stage;

/// Points a thread computes before it looks up.
const CHUNK: usize = 32;
/// All threads meet about this often.
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

/// Computes what is missing and writes it. `stop` is looked at between points: those in flight are finished and written.
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
    let mut batch_points = CHUNK / 2;
    for gap in missing {
        let mut points = plan.kept.indices(gap.clone()).peekable();
        while points.peek().is_some() && !state.stopped {
            let mut shard = Batch::default();
            let mut indices = Vec::new();
            let started = Instant::now();
            while shard.rows < options.shard_points
                && started.elapsed() < options.shard_time
                && points.peek().is_some()
                && !state.stopped
            {
                let room = (options.shard_points - shard.rows).min(batch_points as u64) as usize;
                let batch: Vec<u64> = points.by_ref().take(room).collect();
                let began = Instant::now();
                let chunks = compute(plan, &batch, stop);
                if began.elapsed() < BATCH_TIME && batch.len() == batch_points {
                    batch_points *= 2;
                }
                let before = shard.rows;
                for chunk in chunks {
                    let Some(chunk) = chunk else {
                        state.stopped = true;
                        break;
                    };
                    shard.append(chunk);
                }
                let rows = (shard.rows - before) as usize;
                indices.extend_from_slice(&batch[..rows]);
                state.done += rows as u64;
                let failures = state.failed + shard.failed;
                progress(Progress { failed: failures, ..state });
                if options.max_failures.is_some_and(|most| failures > most) {
                    break;
                }
            }
            state.failed += shard.failed;
            if let (Some(&first), Some(&last)) = (indices.first(), indices.last()) {
                let table = format!("{}{}", plan.header(), shard.table);
                let whole = Shard { table, blocks: plan.blocks, sums: shard.sums };
                results.write(ShardName { first, last }, &whole, &options.writer)?;
                state.shards += 1;
                progress(state);
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
    }
    Ok(state)
}

/// The rows of some points without a header, one after the other, computed here and now.
///
/// # Errors
/// None of the points; a point that fails is a row.
pub fn rows(plan: &Plan, points: &[u64]) -> Vec<(String, Vec<f64>)> {
    let one = |point: &u64| {
        let mut batch = Batch::default();
        batch.push(plan, *point, &mut PointBuffers::default());
        (batch.table, batch.sums)
    };
    points.par_iter().map(one).collect()
}

thread_local! {
    static BUFFERS: RefCell<PointBuffers> = RefCell::default();
}

/// Rows of consecutive points.
#[derive(Debug, Default)]
struct Batch {
    table: String,
    sums: Vec<f64>,
    rows: u64,
    failed: u64,
    reason: Option<String>,
}

/// Computes points in chunks, each on one thread; `None` for a chunk that was not begun.
fn compute(plan: &Plan, points: &[u64], stop: &AtomicBool) -> Vec<Option<Batch>> {
    let chunk = (points.len() / (8 * rayon::current_num_threads())).clamp(1, CHUNK);
    let one = |points: &[u64]| {
        BUFFERS.with_borrow_mut(|buffers| {
            let mut batch = Batch::default();
            for (place, &point) in points.iter().enumerate() {
                if place == 0 && stop.load(Ordering::Relaxed) {
                    return None;
                }
                batch.push(plan, point, buffers);
            }
            Some(batch)
        })
    };
    points.par_chunks(chunk).map(one).collect()
}

impl Batch {
    fn append(&mut self, other: Batch) {
        self.table.push_str(&other.table);
        self.sums.extend_from_slice(&other.sums);
        self.rows += other.rows;
        self.failed += other.failed;
        self.reason = self.reason.take().or(other.reason);
    }

    /// Computes a point and appends its row.
    fn push(&mut self, plan: &Plan, point: u64, buffers: &mut PointBuffers) {
        let values = plan.sweep.space.values(point);
        let result = match plan.variants.of(&values) {
            Ok(variant) => figures(plan, &variant, &values, buffers),
            Err(error) => Err(error.to_string()),
        };
        let blocks = plan.blocks;
        let own = &buffers.blocks;
        match result.is_ok() && own.len() == blocks {
            true => {
                self.sums.extend(own.iter().map(|[sum, _]| sum));
                self.sums.extend(own.iter().map(|[_, square]| square));
            }
            false => self.sums.extend(std::iter::repeat_n(f64::NAN, 2 * blocks)),
        }
        row::push(&mut self.table, point, &values, &result);
        self.rows += 1;
        if let Err(reason) = result {
            self.failed += 1;
            self.reason.get_or_insert(reason);
        }
    }
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
