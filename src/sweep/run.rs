//! Computes the points of a range that no shard covers yet, shard by shard.
//!
//! How points fall into shards depends on time and threads; what a row holds does not.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::row;
use super::shard::{Shard, ShardName};
use super::space::Design;
use super::value::AxisValue;
use super::variant::{Scene, Variant};
use crate::engine::book::AccountBook;
use crate::engine::journal::Journal;
use crate::engine::stage::Stage;
use crate::market::date::Date;
use crate::strategy::error::BacktestError;
use crate::strategy::figures::{PointFigures, point_figures};
use crate::strategy::part::part;
use crate::strategy::run::{Benchmark, PointBuffers, benchmark, run_point};

/// Points that a thread takes at a time.
const CHUNK: usize = 32;
/// All threads meet about this often: then they look whether to stop.
const BATCH_TIME: Duration = Duration::from_millis(50);
/// Points between two meetings, at most: their rows wait in memory.
const BATCH_POINTS: usize = 2048;

/// A batch that takes longer when a stop is asked for is given up: the points before it were quicker.
const STOP_TIME: Duration = Duration::from_secs(1);

/// How much of a sweep to compute, and how.
#[derive(Debug, Clone)]
pub(crate) struct RunOptions {
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
pub(crate) struct Progress {
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
pub(crate) fn run(
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
    // Reused from shard to shard and batch to batch, so that memory stays flat.
    let (mut shard, mut batch) = (Shard { blocks: plan.blocks, ..Shard::default() }, Batch::default());
    let header = plan.header();
    for gap in missing {
        let mut points = plan.kept.indices(gap).peekable();
        while points.peek().is_some() && !state.stopped {
            shard.clear();
            let (mut first, mut last, mut rows) = (None, 0, 0);
            let mut reason = None;
            shard.table.push_str(&header);
            let started = Instant::now();
            while rows < options.shard_points
                && started.elapsed() < options.shard_time
                && points.peek().is_some()
                && !state.stopped
            {
                let room = usize::try_from(options.shard_points - rows).unwrap_or(usize::MAX);
                let some: Vec<u64> = points.by_ref().take(room.min(batch_points)).collect();
                let began = Instant::now();
                let late = || stop.load(Relaxed) && began.elapsed() > STOP_TIME;
                let Some(computed) = batch.compute_unless(plan, &some, &late) else {
                    state.stopped = true;
                    break;
                };
                for row in computed {
                    shard.table.push_str(&row.line);
                    shard.sums.extend_from_slice(&row.sums);
                    if let Some(failure) = &row.failure {
                        state.failed += 1;
                        reason.get_or_insert_with(|| failure.clone());
                    }
                }
                if began.elapsed() < BATCH_TIME && some.len() == batch_points {
                    batch_points = (batch_points * 2).min(BATCH_POINTS);
                } else if began.elapsed() > 2 * BATCH_TIME {
                    batch_points = (batch_points / 2).max(rayon::current_num_threads());
                }
                first = first.or(some.first().copied());
                last = some.last().copied().unwrap_or(last);
                rows += some.len() as u64;
                state.done += some.len() as u64;
                state.stopped = stop.load(Relaxed) && state.done < todo;
                progress(state);
                if options.max_failures.is_some_and(|most| state.failed > most) {
                    break;
                }
            }
            if let Some(first) = first {
                results.write(ShardName { first, last }, &shard, &options.writer)?;
                state.shards += 1;
            }
            if let (Some(most), Some(reason)) = (options.max_failures, reason)
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
    static BOOK_BUFFERS: RefCell<PointBuffers<AccountBook>> = RefCell::default();
}

/// What is kept of a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row {
    /// Its row as CSV.
    pub line: String,
    /// Sums of its returns over each block, then of their squares; NaN where it has none.
    pub sums: Vec<f64>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// Rows of some points, with memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    rows: Vec<Row>,
    /// Where the row of each point is.
    positions: Vec<usize>,
}

impl Batch {
    /// Computes some points and gives their rows in the same order.
    pub(crate) fn compute(&mut self, plan: &Plan, points: &[u64]) -> impl Iterator<Item = &Row> {
        self.compute_unless(plan, points, &|| false).into_iter().flatten()
    }

    /// [`Batch::compute`], but `None` if `late` holds before the last point has begun.
    fn compute_unless(
        &mut self,
        plan: &Plan,
        points: &[u64],
        late: &(dyn Fn() -> bool + Sync),
    ) -> Option<impl Iterator<Item = &Row>> {
        // The last axis slowest: neighbours on the other axes then meet its signals in the nearest cache.
        let mut order: Vec<usize> = (0..points.len()).collect();
        if plan.sweep.space.design == Design::Grid {
            order.sort_by_cached_key(|&place| {
                let mut places = plan.sweep.space.places(points[place]);
                places.reverse();
                places
            });
        }
        if self.rows.len() < points.len() {
            self.rows.resize_with(points.len(), Row::default);
        }
        let chunk = (points.len() / (8 * rayon::current_num_threads())).clamp(1, CHUNK);
        let chunks = self.rows[..points.len()].par_chunks_mut(chunk).zip(order.par_chunks(chunk));
        let whole = chunks.map(|(rows, order)| {
            BUFFERS.with_borrow_mut(|buffers| {
                rows.iter_mut().zip(order).all(|(row, &place)| {
                    let begins = !late();
                    if begins {
                        row.compute(plan, points[place], buffers);
                    }
                    begins
                })
            })
        });
        if !whole.all(|whole| whole) {
            return None;
        }
        self.positions.resize(points.len(), 0);
        order.iter().enumerate().for_each(|(position, &place)| self.positions[place] = position);
        Some(self.positions.iter().map(|&position| &self.rows[position]))
    }
}

impl Row {
    /// The row of a point; one that fails has a row as well.
    fn compute(&mut self, plan: &Plan, point: u64, buffers: &mut PointBuffers) {
        let values = plan.sweep.space.values(point);
        let result = match plan.variants.of(&values) {
            Ok(variant) => figures(plan, &variant, &values, buffers),
            Err(error) => Err(reason(&error)),
        };
        self.line.clear();
        row::push(&mut self.line, point, &values, &result);
        self.sums.clear();
        let blocks = &buffers.blocks;
        if result.is_ok() && blocks.len() == plan.blocks {
            self.sums
                .extend(blocks.iter().map(|[sum, _]| sum).chain(blocks.iter().map(|[_, square]| square)));
        }
        self.sums.resize(2 * plan.blocks, f64::NAN);
        self.failure = result.err();
    }
}

/// Why a point has no variant. Without the place in a file: the same sweep may come from other files, with the same rows.
fn reason(error: &BacktestError) -> String {
    match error {
        BacktestError::Config(error) => error.message.clone(),
        error => error.to_string(),
    }
}

/// Computes a point and writes its returns; `false` if it fails or has not just as many.
pub(crate) fn returns_of(plan: &Plan, point: u64, out: &mut [f64]) -> bool {
    let values = plan.sweep.space.values(point);
    BUFFERS.with_borrow_mut(|buffers| {
        plan.variants.of(&values).is_ok_and(|variant| {
            let stage = stage_of(&variant);
            figures(plan, &variant, &values, buffers).is_ok()
                && buffers.write_returns(&stage, &variant.rules, out)
        })
    })
}

/// The benchmark of a point, if it has one, held on the days of the point's curve.
///
/// # Errors
/// The asset has no price there.
pub(crate) fn benchmark_of(plan: &Plan, point: u64) -> Result<Option<Benchmark>, String> {
    let values = plan.sweep.space.values(point);
    let strategy = plan.sweep.strategy_at(&values).map_err(|error| error.to_string())?;
    let Some(asset) = &strategy.benchmark else { return Ok(None) };
    let variant = plan.variants.of(&values).map_err(|error| error.to_string())?;
    let (market, start) = (&variant.scene.market, variant.scene.curve_start);
    // Nobody asks for the figures beside the point's own curve.
    let equity = vec![strategy.initial_cash; market.days() - start];
    benchmark(&strategy, market, asset, &equity).map(Some).map_err(|error| error.to_string())
}

/// The name of a point's benchmark, if it has one, and its `periods` returns in excess of the risk-free rate.
///
/// # Errors
/// Those of [`benchmark_of`], other days than so many, or a day without a return.
pub(crate) fn benchmark_returns(
    plan: &Plan,
    point: u64,
    periods: usize,
) -> Result<Option<(String, Vec<f64>)>, String> {
    let Some(found) = benchmark_of(plan, point)? else { return Ok(None) };
    let variant = plan.variants.of(&plan.sweep.space.values(point)).map_err(|error| error.to_string())?;
    let market = &variant.scene.market;
    let dates = market.date(variant.scene.curve_start)..market.date(market.days() - 1);
    let returns = found.excess_returns(dates, &variant.rules);
    match () {
        () if returns.len() != periods => Err("the best point has other days than the rest".to_owned()),
        () if !returns.iter().all(|x| x.is_finite()) => {
            Err(format!("'{}' held has days without a return", found.asset))
        }
        () => Ok(Some((found.asset, returns))),
    }
}

/// Computes a point and gives its figures on parts of its curve of `points` points; `None` if it fails or has not just as many.
pub(crate) fn figures_of_parts(
    plan: &Plan,
    point: u64,
    points: usize,
    parts: &[RangeInclusive<usize>],
) -> Option<Vec<PointFigures>> {
    let values = plan.sweep.space.values(point);
    BOOK_BUFFERS.with_borrow_mut(|buffers| {
        buffers.journal.clear();
        let variant = plan.variants.of(&values).ok()?;
        figures(plan, &variant, &values, buffers).ok()?;
        let (stage, equity) = (stage_of(&variant), buffers.equity());
        let of = |range: &RangeInclusive<usize>| {
            point_figures(&part(&stage, &variant.rules, equity, &buffers.journal, range.clone()))
        };
        (equity.len() == points).then(|| parts.iter().map(of).collect())
    })
}

fn stage_of(variant: &Variant) -> Stage<'_> {
    let scene = &variant.scene;
    let evaluator = &scene.evaluator;
    Stage::new(
        &scene.market,
        evaluator.columns(),
        evaluator.decisions(),
        evaluator.members(),
        scene.curve_start,
    )
}

/// Computes a point and gives the days of its equity curve with the curve.
///
/// # Errors
/// The reason why it fails.
pub(crate) fn curve_of(plan: &Plan, point: u64) -> Result<(Vec<Date>, Vec<f64>), String> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.of(&values).map_err(|error| reason(&error))?;
    BUFFERS.with_borrow_mut(|buffers| {
        figures(plan, &variant, &values, buffers)?;
        let Scene { market, curve_start, .. } = &*variant.scene;
        let dates = (*curve_start..market.days()).map(|day| market.date(day)).collect();
        Ok((dates, buffers.equity().to_vec()))
    })
}

fn figures<J: Journal>(
    plan: &Plan,
    variant: &Variant,
    values: &[AxisValue],
    buffers: &mut PointBuffers<J>,
) -> Result<PointFigures, String> {
    let parameters = plan.sweep.space.parameters(values);
    let depth = variant.formula.depth(&parameters).map_err(|error| error.to_string())?;
    run_point(
        &stage_of(variant),
        &variant.scene.evaluator,
        &parameters,
        depth,
        &variant.terms,
        &variant.rules,
        buffers,
    )
    .map(|result| point_figures(&result))
    .map_err(|failure| failure.to_string())
}
