//! Gaps between shards, filled shard by shard.
//!
//! How points fall into shards depends on time and threads; what a row holds does not.

use std::iter::Peekable;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::batch::Batch;
use super::options::ComputeOptions;
use crate::sweep::error::{PointFailure, SweepError};
use crate::sweep::listener::{Listener, Progress};
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::shard::{Shard, ShardName};

/// A shard is written after about this time.
const SHARD_TIME: Duration = Duration::from_secs(2);
/// All threads meet about this often: then they look whether to stop.
const BATCH_TIME: Duration = Duration::from_millis(50);
/// Points between two meetings, at most: their rows wait in memory.
const BATCH_POINTS: usize = 2048;
/// A batch that takes longer when a stop is asked for is given up: the points before it were quicker.
const STOP_TIME: Duration = Duration::from_secs(1);

/// Computes and writes the points in some gaps. Gives how far it came, and whether it was stopped before the end.
pub(super) fn write_missing(
    plan: &Plan,
    results: &Results,
    gaps: Vec<Range<u64>>,
    options: &ComputeOptions,
    stop: &AtomicBool,
    listener: &dyn Listener,
) -> Result<(Progress, bool), SweepError> {
    let mut run = Run {
        plan,
        options,
        stop,
        listener,
        header: plan.header(),
        batch: Batch::default(),
        batch_points: rayon::current_num_threads(),
        shard_points: options.shard_points.max(1),
        progress: Progress {
            todo: gaps.iter().map(|gap| plan.kept.count_in(gap)).sum(),
            ..Progress::default()
        },
        stopped: false,
        reason: None,
    };
    listener.progress(run.progress);
    run.stopped = stop.load(Relaxed) && run.progress.todo > 0;
    // Reused from shard to shard, so that memory stays flat.
    let mut shard = Shard { blocks: plan.blocks, ..Shard::default() };
    for gap in gaps {
        let mut points = plan.kept.indices(gap).peekable();
        while points.peek().is_some() && !run.stopped {
            if let Some(name) = run.fill(&mut shard, &mut points) {
                results.write(name, &shard, &options.writer)?;
            }
            run.refuse_failures()?;
        }
    }
    Ok((run.progress, run.stopped))
}

struct Run<'r> {
    plan: &'r Plan,
    options: &'r ComputeOptions,
    stop: &'r AtomicBool,
    listener: &'r dyn Listener,
    header: String,
    batch: Batch,
    /// Points of a shard, at most.
    shard_points: u64,
    /// Points of the next batch.
    batch_points: usize,
    progress: Progress,
    stopped: bool,
    /// Why the first failed point of this shard failed, if one did.
    reason: Option<PointFailure>,
}

impl Run<'_> {
    /// Takes points until the shard is full, its time is over, or something stops the run. `None` if it has no row.
    fn fill(
        &mut self,
        shard: &mut Shard,
        points: &mut Peekable<impl Iterator<Item = u64>>,
    ) -> Option<ShardName> {
        shard.clear();
        shard.table.push_str(&self.header);
        self.reason = None;
        let (mut name, mut rows): (Option<ShardName>, u64) = (None, 0);
        let began = Instant::now();
        while rows < self.shard_points
            && began.elapsed() < SHARD_TIME
            && points.peek().is_some()
            && !self.stopped
            && !self.has_too_many_failures()
        {
            let room = usize::try_from(self.shard_points - rows).unwrap_or(usize::MAX);
            let some: Vec<u64> = points.by_ref().take(room.min(self.batch_points)).collect();
            if !self.add(shard, &some) {
                self.stopped = true;
                break;
            }
            rows += some.len() as u64;
            let first = name.map_or(some[0], |name| name.first);
            name = Some(ShardName { first, last: some[some.len() - 1] });
        }
        name
    }

    /// Computes some points and adds their rows to the shard; `false` if they are given up.
    fn add(&mut self, shard: &mut Shard, points: &[u64]) -> bool {
        let began = Instant::now();
        let is_late = || self.stop.load(Relaxed) && began.elapsed() > STOP_TIME;
        let Some(rows) = self.batch.compute_unless(self.plan, points, &is_late) else {
            return false;
        };
        for row in rows {
            shard.table.push_str(&row.line);
            shard.sums.extend_from_slice(&row.sums);
            if let Some(failure) = &row.failure {
                self.progress.failed += 1;
                self.reason.get_or_insert_with(|| failure.clone());
            }
        }
        if began.elapsed() < BATCH_TIME && points.len() == self.batch_points {
            self.batch_points = (self.batch_points * 2).min(BATCH_POINTS);
        } else if began.elapsed() > 2 * BATCH_TIME {
            self.batch_points = (self.batch_points / 2).max(rayon::current_num_threads());
        }
        self.progress.done += points.len() as u64;
        self.stopped = self.stop.load(Relaxed) && self.progress.done < self.progress.todo;
        self.listener.progress(self.progress);
        true
    }

    fn has_too_many_failures(&self) -> bool {
        self.options.max_failures.is_some_and(|most| self.progress.failed > most)
    }

    fn refuse_failures(&self) -> Result<(), SweepError> {
        match &self.reason {
            Some(reason) if self.has_too_many_failures() => Err(SweepError::Failures(format!(
                "stopped after {} failed points of {}, one of them: {reason}",
                self.progress.failed, self.progress.done
            ))),
            _ => Ok(()),
        }
    }
}
