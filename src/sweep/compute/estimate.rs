//! What points take, from a few that are timed.

use std::path::Path;
use std::time::Instant;

use super::batch::Batch;
use crate::sweep::error::SweepError;
use crate::sweep::plan::Plan;

/// Points timed.
const PILOT: u64 = 64;

/// What one point takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    /// Seconds of one processor.
    pub seconds: f64,
    /// Bytes on disk.
    pub bytes: f64,
}

impl Estimate {
    /// Times some points that lie evenly among all, and gives what one takes.
    pub(crate) fn new(plan: &Plan) -> Estimate {
        let kept = plan.kept.count();
        let points: Vec<u64> =
            (0..PILOT.min(kept)).map(|n| plan.kept.index(n * (kept - 1) / (PILOT - 1).max(1))).collect();
        // Once to warm up, for signals are shared.
        let mut batch = Batch::default();
        batch.compute(plan, &points).for_each(drop);
        let began = Instant::now();
        let bytes: usize =
            batch.compute(plan, &points).map(|row| row.line.len() + size_of_val(row.sums.as_slice())).sum();
        let threads = rayon::current_num_threads().min(points.len());
        let count = points.len() as f64;
        Estimate {
            seconds: began.elapsed().as_secs_f64() * threads as f64 / count,
            bytes: bytes as f64 / count,
        }
    }

    /// Seconds and bytes on disk of so many points on the threads that there are.
    pub(crate) fn total(self, points: u64) -> (f64, f64) {
        let threads = rayon::current_num_threads() as f64;
        (self.seconds * points as f64 / threads, self.bytes * points as f64)
    }
}

/// Refuses to begin where the disk is too small.
///
/// # Errors
/// Fewer bytes are free than needed. A file system that does not say is taken to have room.
pub(super) fn refuse_without_room(folder: &Path, needed: f64) -> Result<(), SweepError> {
    let free = rustix::fs::statvfs(folder).map(|system| system.f_bavail as f64 * system.f_frsize as f64);
    match free {
        Ok(free) if free < needed => Err(SweepError::NoRoom { folder: folder.to_owned(), needed, free }),
        _ => Ok(()),
    }
}
