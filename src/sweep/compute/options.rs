//! The choices of a computation.

use std::path::PathBuf;

use super::writer::writer;

/// Points of a shard, at most, where nobody says how many.
pub(crate) const SHARD_POINTS: u64 = 10_000;
/// Bytes for signals where nobody says how many.
pub(crate) const MEMORY: u64 = 256 << 20;

/// What of a sweep to compute, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputeOptions {
    /// Folder of all results; those of a sweep go into `NAME-SEAL` below it.
    pub results: PathBuf,
    /// Compute the share of one task alone: its number, counted from 0, and the number of tasks, which is larger. `None`
    /// computes all points.
    pub task: Option<(u64, u64)>,
    /// Bytes for signals that points share, beside prices and rows.
    pub memory: u64,
    /// Points of a shard, at most; 0 counts as 1.
    pub shard_points: u64,
    /// Stop with an error when more points than this have failed.
    pub max_failures: Option<u64>,
    /// Names this process among all that write to the folder, in letters that a file name may have. `host-job-restart-process`
    /// is taken apart: files that a process of this machine left half-written are removed once it has ended.
    pub writer: String,
}

impl Default for ComputeOptions {
    /// All points into the folder `results`.
    fn default() -> ComputeOptions {
        ComputeOptions {
            results: PathBuf::from("results"),
            task: None,
            memory: MEMORY,
            shard_points: SHARD_POINTS,
            max_failures: None,
            writer: writer("", 0),
        }
    }
}
