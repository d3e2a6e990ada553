//! How work on prices is split among threads.

/// The number of assets that a parallel job takes at least: 1, but all of them where the caller is itself a part of a parallel
/// job.
///
/// A thread of a pool that waits for a part of its job begins another one meanwhile, such as the next point of a sweep, which
/// would ask for what this one holds: its buffers, or a lock.
pub(crate) fn least_assets() -> usize {
    if rayon::current_thread_index().is_some() { usize::MAX } else { 1 }
}
