//! How far a sweep is, from its files alone.

use std::fs;
use std::ops::Range;
use std::time::SystemTime;

use super::error::SweepError;
use super::plan::Plan;
use super::results::Results;
use super::shard::ShardName;

/// How far a sweep is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Status {
    /// Points that exist.
    pub points: u64,
    /// Points with a row.
    pub done: u64,
    /// Of them failed.
    pub failed: u64,
    /// Ranges of points without a row.
    pub missing: Vec<Range<u64>>,
    /// Shards whose files do not belong together or to this sweep.
    pub damaged: Vec<ShardName>,
    /// Points a second, from the times of the shards; `None` for fewer than two.
    pub rate: Option<f64>,
}

impl Status {
    /// Reads all shards.
    ///
    /// # Errors
    /// The folder or a shard cannot be read.
    pub(crate) fn read(plan: &Plan, results: &Results) -> Result<Status, SweepError> {
        let everything = 0..plan.sweep.count;
        let coverage = results.coverage(&everything)?;
        let missing = coverage.missing(everything, &plan.kept);
        let absent: u64 = missing.iter().map(|gap| plan.kept.count_in(gap)).sum();
        let mut failed = 0;
        let mut next = 0;
        let mut times: Vec<(SystemTime, u64)> = Vec::new();
        for &name in &coverage.whole {
            let fresh = name.first.max(next)..name.last + 1;
            next = next.max(name.last + 1);
            if fresh.is_empty() {
                continue;
            }
            if let Some(shard) = results.read(name)? {
                failed += failures(&shard.table, fresh.start);
            }
            let points = plan.kept.count_in(&fresh);
            if let Ok(modified) = fs::metadata(results.table_path(name)).and_then(|file| file.modified()) {
                times.push((modified, points));
            }
        }
        let points = plan.kept.count();
        Ok(Status {
            points,
            done: points - absent,
            failed,
            missing,
            damaged: coverage.damaged,
            rate: rate(times),
        })
    }

    /// Points without a row.
    pub(crate) fn absent(&self) -> u64 {
        self.points - self.done
    }

    /// Seconds until the rest is done at this rate.
    pub(crate) fn seconds_left(&self) -> Option<f64> {
        self.rate.filter(|_| self.absent() > 0).map(|rate| self.absent() as f64 / rate)
    }

    /// The tasks of `tasks` that own a missing point, as `sbatch --array` takes them.
    pub(crate) fn array(&self, plan: &Plan, tasks: u64) -> String {
        let count = u128::from(plan.kept.count().max(1));
        // Task K owns the positions from K * count / tasks on.
        let task_of =
            |position: u64| (((u128::from(position) + 1) * u128::from(tasks)).div_ceil(count) - 1) as u64;
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for gap in &self.missing {
            let (first, last) = (task_of(plan.kept.rank(gap.start)), task_of(plan.kept.rank(gap.end) - 1));
            match ranges.last_mut() {
                Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
                _ => ranges.push((first, last)),
            }
        }
        let shown = |(first, last): (u64, u64)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        ranges.into_iter().map(shown).collect::<Vec<_>>().join(",")
    }
}

/// Failed rows of a table from a point on.
fn failures(table: &str, from: u64) -> u64 {
    let failed = |row: &&str| {
        let point = row.split(',').next().and_then(|cell| cell.parse::<u64>().ok());
        // A reason holds no such text between commas that is not its own row's status.
        point.is_some_and(|point| point >= from) && row.contains(",failed,")
    };
    table.lines().skip(1).filter(failed).count() as u64
}

/// The first shard's points were computed before the clock of the files starts.
fn rate(mut times: Vec<(SystemTime, u64)>) -> Option<f64> {
    times.sort();
    let (first, last) = (times.first()?.0, times.last()?.0);
    let seconds = last.duration_since(first).ok()?.as_secs_f64();
    let points: u64 = times.iter().skip(1).map(|(_, points)| points).sum();
    (seconds > 0.0 && points > 0).then(|| points as f64 / seconds)
}
