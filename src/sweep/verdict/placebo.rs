//! Placebo worlds of a sweep: all its points computed again in markets without patterns, and what their best says of the
//! sweep's own. Nothing is assumed about rules that react to prices, ranking, fills or costs: all of it happens again.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::pass::scales_of;
use super::world::{Best, World, join};
use super::world_files::{USUAL, WorldBest, WorldFiles, shufflings};
use crate::stats::skill::scales::UsedScale;
use crate::stats::skill::worlds::{Shuffling, p};
use crate::sweep::error::SweepError;
use crate::sweep::listener::{Listener, Note, Progress};
use crate::sweep::plan::Plan;

/// With fewer worlds no p is small enough to say anything.
pub(crate) const WORLDS_LEAST: u64 = 19;
/// Worlds that are made where nobody says how many.
pub(crate) const WORLDS_USUAL: u64 = 200;
/// Worlds that are made without being asked for, where that is little work.
pub(crate) const WORLDS_UNASKED: u64 = 99;
/// Returns of assets that the worlds made without being asked for go over, at most.
const WORK_MOST: u64 = 2_000_000_000;
/// A point is this much work in a world at least: its signs are turned, however few its returns are.
const POINT_WORK: u64 = 8192;
/// Seconds of a processor that a point takes in a world, about, and for every return of an asset beside that.
const POINT_SECONDS: f64 = 5e-5;
const RETURN_SECONDS: f64 = 5e-9;
/// Points that one thread takes at a time.
const CHUNK: usize = 32;
/// Chunks for each thread between two looks at how far it is.
const CHUNKS_A_THREAD: usize = 16;
/// Worlds of a file, at most: files begin at multiples of it where nothing is there yet.
const FILE_WORLDS: u64 = 50;
/// A file is written after about this time.
const FILE_TIME: Duration = Duration::from_secs(30);

/// What placebo worlds say of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placebo {
    /// How many there are.
    pub worlds: u64,
    /// The chance that the best point of a market without patterns does as well.
    pub p: f64,
    /// Sessions of a block that stayed together; `None` if single sessions changed places.
    pub block: Option<usize>,
    /// The best statistic of the sweep in the scale that says most against it.
    pub ours: f64,
    /// That of each world in the same scale.
    pub best: Vec<f64>,
}

/// The worlds of a folder, joined.
#[derive(Debug)]
pub(crate) struct JoinedWorlds {
    /// What they say; `None` if there are too few.
    pub placebo: Option<Placebo>,
    /// Files that are not counted.
    pub damaged: Vec<PathBuf>,
}

/// What a run of worlds came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ran {
    /// Worlds that were missing.
    pub todo: u64,
    /// Of them computed.
    pub done: u64,
}

/// Whether a sweep is small enough for its worlds to be made without being asked for: a limit on the work and not on a clock,
/// so that a verdict does not depend on the machine.
pub(crate) fn runs_unasked(points: usize, sessions: usize, assets: usize) -> bool {
    let of_point = (sessions as u64).saturating_mul(assets as u64).max(POINT_WORK);
    WORLDS_UNASKED.saturating_mul(points as u64).saturating_mul(of_point) <= WORK_MOST
}

/// About how many seconds of one processor so many worlds of a sweep with so many canonical points take.
pub(crate) fn core_seconds(plan: &Plan, points: usize, worlds: u64) -> f64 {
    let (sessions, assets) = size_of(plan);
    (points as u64).saturating_mul(worlds) as f64
        * (POINT_SECONDS + RETURN_SECONDS * (sessions * assets) as f64)
}

/// The sessions of a sweep's first point, and the number of assets that it may trade.
fn size_of(plan: &Plan) -> (usize, usize) {
    let scene = plan.first_scene();
    scene.map_or((0, 0), |scene| (scene.sessions().days.len(), scene.sessions().assets.len()))
}

/// Makes the worlds of a sweep that nobody has to ask for, unless they are too much work or nothing can be judged. What they
/// cost is told before they begin. Gives whether they are there now.
///
/// # Errors
/// Those of [`Worlds::complete`].
pub(crate) fn complete_unasked(
    plan: &Plan,
    results: &Path,
    points: &[u64],
    memory: usize,
    writer: &str,
    listener: &dyn Listener,
) -> Result<bool, SweepError> {
    let (sessions, assets) = size_of(plan);
    let worlds = Worlds::new(plan, results, points, USUAL, memory);
    if !worlds.can_be_judged() || !runs_unasked(points.len(), sessions, assets) {
        return Ok(false);
    }
    worlds.complete(0..WORLDS_UNASKED, writer, &AtomicBool::new(false), listener)?;
    Ok(true)
}

/// Joins the worlds that are there of a sweep with these canonical points, whoever computed them. `ours` has the best statistic
/// of the sweep in each scale, with the skew guard. Of worlds that were made in several ways those count that say most against
/// the sweep.
///
/// # Errors
/// A folder or a file cannot be read; two files contradict each other.
pub(crate) fn placebo_of(
    plan: &Plan,
    results: &Path,
    points: &[u64],
    ours: &[f64],
) -> Result<JoinedWorlds, SweepError> {
    let mut joined = JoinedWorlds { placebo: None, damaged: Vec::new() };
    for shuffling in shufflings(results)? {
        let found = Worlds::new(plan, results, points, shuffling, 0).joined(ours)?;
        joined.damaged.extend(found.damaged);
        joined.placebo = match (joined.placebo, found.placebo) {
            (Some(known), Some(other)) if known.p < other.p => Some(other),
            (known, other) => known.or(other),
        };
    }
    Ok(joined)
}

/// The placebo worlds of one sweep that are made in one way.
#[derive(Debug)]
pub(crate) struct Worlds<'s> {
    plan: &'s Plan,
    results: &'s Path,
    /// The canonical points, in order.
    points: &'s [u64],
    scales: Vec<UsedScale>,
    shuffling: Shuffling,
    /// Bytes for signals.
    memory: usize,
}

impl<'s> Worlds<'s> {
    /// Worlds of the canonical points of a sweep whose results are in this folder. Signals take at most `memory` bytes.
    pub(crate) fn new(
        plan: &'s Plan,
        results: &'s Path,
        points: &'s [u64],
        shuffling: Shuffling,
        memory: usize,
    ) -> Worlds<'s> {
        Worlds { plan, results, points, scales: scales_of(plan, points), shuffling, memory }
    }

    /// Whether there is a point, and the sample is long enough for a test.
    pub(crate) fn can_be_judged(&self) -> bool {
        !self.scales.is_empty() && !self.points.is_empty()
    }

    /// Computes those worlds of a range that are not there, and writes them. What `stop` asks for is looked at between two
    /// points: whole worlds are written, those in flight given up.
    ///
    /// # Errors
    /// Files cannot be read or written; the prices do not allow such worlds.
    pub(crate) fn complete(
        &self,
        range: Range<u64>,
        writer: &str,
        stop: &AtomicBool,
        listener: &dyn Listener,
    ) -> Result<Ran, SweepError> {
        let files = self.files();
        files.remove_temporaries()?;
        let found = files.read()?;
        found.damaged.iter().for_each(|path| listener.note(&Note::WorldsLeftOut(path.clone())));
        let missing: Vec<u64> = range.clone().filter(|world| !found.worlds.contains_key(world)).collect();
        let mut ran = Ran { todo: missing.len() as u64, done: 0 };
        let worlds = range.end - range.start;
        if ran.todo < worlds {
            listener.note(&Note::WorldsPresent { present: worlds - ran.todo, worlds });
        }
        let mut work = Work { worlds: self, stop, listener, progress: Progress::default() };
        work.progress.todo = ran.todo * self.points.len() as u64;
        if ran.todo > 0 {
            let points = self.points.len();
            let seconds = core_seconds(self.plan, points, ran.todo);
            listener.note(&Note::Worlds { worlds: ran.todo, points: points as u64, seconds });
            listener.progress(work.progress);
        }
        for part in missing.chunk_by(|world, next| world + 1 == *next && next % FILE_WORLDS != 0) {
            ran.done += work.write(part[0]..part[part.len() - 1] + 1, &files, writer)?;
        }
        if ran.done == ran.todo && !found.damaged.is_empty() {
            files.remove(&found.damaged, &files.read()?.worlds);
        }
        Ok(ran)
    }

    /// The best statistic of the sweep's own points in each scale, with the skew guard.
    ///
    /// # Errors
    /// The prices cannot be used.
    pub(crate) fn ours(&self) -> Result<Vec<f64>, SweepError> {
        let stop = AtomicBool::new(false);
        let mut work = Work { worlds: self, stop: &stop, listener: &(), progress: Progress::default() };
        let best = work.best(&[World::real(self.plan)])?.unwrap_or_default();
        Ok(best.iter().flatten().map(|best| best.u).collect())
    }

    /// What those worlds say that are there; `ours` as for [`placebo_of`].
    ///
    /// # Errors
    /// Those of [`placebo_of`].
    pub(crate) fn joined(&self, ours: &[f64]) -> Result<JoinedWorlds, SweepError> {
        let found = self.files().read()?;
        let best: Vec<Vec<f64>> =
            found.worlds.values().map(|world| world.best.iter().map(|best| best.u).collect()).collect();
        let worlds = best.len() as u64;
        let is_enough = worlds >= WORLDS_LEAST && ours.len() == self.scales.len();
        let in_scale = |scale: usize| p(&ours[scale..=scale], best.iter().map(|best| &best[scale..]));
        let most = |most, scale| if in_scale(scale) > in_scale(most) { scale } else { most };
        let placebo = is_enough.then(|| {
            let scale = (0..ours.len()).fold(0, most);
            Placebo {
                worlds,
                p: p(ours, best.iter().map(Vec::as_slice)),
                block: self.shuffling.block,
                ours: ours.get(scale).copied().unwrap_or(0.0),
                best: best.iter().filter_map(|best| best.get(scale).copied()).collect(),
            }
        });
        Ok(JoinedWorlds { placebo, damaged: found.damaged })
    }

    fn files(&self) -> WorldFiles<'_> {
        let Worlds { plan, results, points, scales, shuffling, .. } = self;
        WorldFiles { results, seal: &plan.seal, points, scales, shuffling: *shuffling }
    }
}

/// Worlds that are being computed.
struct Work<'w> {
    worlds: &'w Worlds<'w>,
    stop: &'w AtomicBool,
    listener: &'w dyn Listener,
    progress: Progress,
}

impl Work<'_> {
    /// Computes worlds that follow each other and writes them, in files as time allows. Gives how many it came to.
    fn write(&mut self, range: Range<u64>, files: &WorldFiles, writer: &str) -> Result<u64, SweepError> {
        // Few points are not enough for all threads: then several worlds at the same time.
        let chunks = self.worlds.points.len().div_ceil(CHUNK).max(1);
        let together = (4 * rayon::current_num_threads()).div_ceil(chunks) as u64;
        let (mut waiting, mut done, mut began) = (Vec::new(), 0, Instant::now());
        let mut next = range.start;
        while next < range.end {
            let group = next..range.end.min(next + together);
            next = group.end;
            let memory = self.worlds.memory / (group.end - group.start) as usize;
            let Worlds { plan, shuffling, .. } = *self.worlds;
            let made: Vec<World> =
                group.clone().map(|number| World::new(plan, shuffling, number, memory)).collect();
            let Some(best) = self.best(&made)? else { break };
            waiting.extend(group.zip(best).map(|(world, best)| WorldBest { world, best }));
            if began.elapsed() > FILE_TIME {
                files.write(&waiting, writer)?;
                done += waiting.len() as u64;
                waiting.clear();
                began = Instant::now();
            }
        }
        files.write(&waiting, writer)?;
        Ok(done + waiting.len() as u64)
    }

    /// The best of all points in each of some worlds; `None` if it is stopped before.
    fn best(&mut self, worlds: &[World]) -> Result<Option<Vec<Vec<Best>>>, SweepError> {
        let scales = self.worlds.scales.len();
        let mut best = vec![vec![Best::default(); scales]; worlds.len()];
        let chunks: Vec<(usize, &[u64])> = (0..worlds.len())
            .flat_map(|world| self.worlds.points.chunks(CHUNK).map(move |points| (world, points)))
            .collect();
        let stop = self.stop;
        let is_stopped = || stop.load(Relaxed);
        for some in chunks.chunks(CHUNKS_A_THREAD * rayon::current_num_threads()) {
            let found: Vec<Result<Option<Vec<Best>>, SweepError>> = some
                .par_iter()
                .with_max_len(1)
                .map(|(world, points)| worlds[*world].best(points, scales, &is_stopped))
                .collect();
            // In order, so that the first of equal points is the same with any number of threads.
            for ((world, points), found) in some.iter().zip(found) {
                let Some(found) = found? else { return Ok(None) };
                join(&mut best[*world], &found);
                self.progress.done += points.len() as u64;
            }
            self.listener.progress(self.progress);
        }
        Ok(Some(best))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_work_is_done_without_being_asked_for() {
        // 10,000 points of one asset over 2,020 sessions, 99 times.
        assert!(runs_unasked(2466, 10, 1) && !runs_unasked(2467, 10, 1));
        assert!(runs_unasked(100, 2500, 80) && !runs_unasked(100, 2500, 81));
        assert!(!runs_unasked(usize::MAX, usize::MAX, 2));
    }
}
