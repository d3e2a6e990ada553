//! What every command that computes points does: read the sweep, prepare its folder, compute what is missing, say how it goes.

use std::io::{IsTerminal, Read, stderr};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::exit::Exit;
use super::stop::{self, variable};
use super::{Common, output};
use crate::config::document::Document;
use crate::market::input::cache;
use crate::slurm::environment;
use crate::slurm::settings::Settings;
use crate::sweep::definition::Sweep;
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::run::{self, Batch, Progress, RunOptions};
use crate::text::number::whole;

const SHARD_POINTS: u64 = 10_000;
/// Bytes for signals where nothing says how much there is.
const MEMORY: u64 = 256 << 20;
const SHARD_TIME: Duration = Duration::from_secs(2);
/// Without a terminal, one line about this often.
const LINE_TIME: Duration = Duration::from_secs(30);
/// A sweep with more points than this is measured before it starts.
const LARGE: u64 = 10_000;
/// Points measured.
const PILOT: u64 = 64;

#[derive(Debug, Args)]
pub(crate) struct ComputeArguments {
    /// Folder of all results; those of a sweep go into NAME-SEAL below it
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub results: PathBuf,
    /// Threads; by default as many as the job was given, else as there are processors
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Memory for signals that points share, such as 512M or 2G; by default half of the job's memory, else 256M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// Points of a shard, at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), default_value_t = SHARD_POINTS)]
    pub shard_points: u64,
    /// Stop when more points than this have failed
    #[arg(long, value_name = "N")]
    pub max_failures: Option<u64>,
}

impl ComputeArguments {
    /// Bytes for signals. The other half of a job's memory is for prices and rows.
    pub(crate) fn memory(&self) -> u64 {
        let half = || environment::memory(variable).map(|bytes| bytes / 2);
        self.memory.or_else(half).unwrap_or(MEMORY)
    }
}

/// A size in bytes: a number with K, M, G or T behind it, in powers of 1024.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_ascii_uppercase();
    let factor = match unit.trim_end_matches('B').trim_end_matches('I') {
        "" => 1u64,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        _ => 0,
    };
    let bytes = digits.parse::<f64>().ok().map(|number| number * factor as f64);
    let bytes = bytes.filter(|bytes| *bytes >= 1.0 && *bytes < 1e18);
    bytes.map(|bytes| bytes as u64).ok_or_else(|| "expected a size such as 512M or 2G".to_owned())
}

/// Reads a sweep file or a plan, from standard input if the path is `-`.
pub(crate) fn read_sweep(path: &Path) -> Result<Sweep, Exit> {
    let sweep = match path.to_str() {
        Some("-") => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Exit::Io(format!("standard input: {error}")))?;
            let text = Document::text("standard input", bytes)?;
            Sweep::parse("standard input", &text, Path::new(""))?
        }
        _ => Sweep::read(path)?,
    };
    Settings::of_document(&sweep.document)?;
    Ok(sweep)
}

/// The plan of a sweep as it is seen from here.
pub(crate) fn plan(sweep: Sweep, memory: u64) -> Result<Plan, Exit> {
    Ok(Plan::new(sweep, usize::try_from(memory).unwrap_or(usize::MAX))?)
}

/// The same, leaving a cache of the prices behind for all who read them next.
pub(crate) fn plan_and_cache(sweep: Sweep, memory: u64) -> Result<Plan, Exit> {
    // Without a cache everything is the same, only slower.
    let _ = cache::make(&sweep.strategy.prices, &sweep.strategy.symbols());
    plan(sweep, memory)
}

/// The threads that compute points.
pub(crate) fn use_threads(threads: Option<u16>) -> Result<(), Exit> {
    let count = threads.or_else(|| environment::processors(variable)).map_or(0, usize::from);
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build_global()
        .map_err(|error| Exit::Internal(format!("cannot start threads: {error}")))
}

/// Computes what is missing of a range of points of a plan.
pub(crate) fn compute(
    plan: &Plan,
    range: Range<u64>,
    arguments: &ComputeArguments,
    again: &str,
    common: &Common,
) -> Result<Results, Exit> {
    let first = plan.variants.of(&plan.sweep.space.values(0));
    for notice in first.iter().flat_map(|variant| &variant.scene.notices) {
        output::note(common.quiet, &notice.to_string());
    }
    let stop = stop::watch()?;
    let writer = writer();
    let results = Results::of_plan(plan, &arguments.results);
    let directory =
        std::env::current_dir().map_err(|error| Exit::Io(format!("working directory: {error}")))?;
    results.prepare(&plan.text(&directory)?, &writer)?;
    results.remove_temporaries(is_gone)?;
    let coverage = results.coverage(&range)?;
    for &name in &coverage.damaged {
        let path = results.table_path(name);
        let text = format!("{}: damaged or of another sweep: its points are computed again", path.display());
        output::note(common.quiet, &text);
    }
    let options = RunOptions {
        range: range.clone(),
        shard_points: arguments.shard_points,
        shard_time: SHARD_TIME,
        max_failures: arguments.max_failures,
        writer,
    };
    let missing = coverage.missing(range.clone(), &plan.kept);
    let todo: u64 = missing.iter().map(|gap| plan.kept.rank(gap.end) - plan.kept.rank(gap.start)).sum();
    let owned = plan.kept.rank(range.end) - plan.kept.rank(range.start);
    if todo < owned {
        output::note(common.quiet, &format!("{} of {owned} points are there already", owned - todo));
    }
    if todo > LARGE {
        estimate(plan, &results, todo, common)?;
    }
    let reporter = Reporter::new(todo, common);
    let began = Instant::now();
    let report = |progress| reporter.report(progress);
    let outcome = run::run(plan, &results, &coverage, &options, &stop.asked, &report);
    reporter.finish();
    let progress = outcome?;
    if !progress.stopped {
        results.remove_damaged(&coverage.damaged, &range, &plan.kept)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    if progress.stopped {
        let text = format!("stopped after {} of {todo} points; go on with: {again}", progress.done);
        return Err(stop.exit(text, progress.done));
    }
    let failed = if progress.failed == 0 { String::new() } else { format!(", {} failed", progress.failed) };
    let rate = progress.done as f64 / seconds.max(1e-9);
    output::note(
        common.quiet,
        &format!("{} points in {}{failed} ({} points/s)", progress.done, duration(seconds), whole(rate)),
    );
    Ok(results)
}

/// The name of this machine, as far as it fits into a file name.
fn host() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    host.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(40).collect()
}

/// Whether a writer was a process of this machine that has ended. Nothing is known of those of other machines.
fn is_gone(writer: &str) -> bool {
    let mut parts = writer.rsplitn(4, '-');
    let process = parts.next().and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
    let here = parts.nth(2) == Some(host().as_str());
    here && process.is_some_and(|process| test_kill_process(process) == Err(Errno::SRCH))
}

/// Host, job, restart and process: no two that run at the same time agree in all.
pub(crate) fn writer() -> String {
    let host = host();
    let job = environment::job(variable).unwrap_or_default();
    format!("{host}-{job}-{}-{}", environment::restarts(variable), std::process::id())
}

/// Processor seconds and bytes on disk of one point.
pub(crate) fn pilot(plan: &Plan) -> (f64, f64) {
    let kept = plan.kept.count();
    let points: Vec<u64> =
        (0..PILOT.min(kept)).map(|place| plan.kept.index(place * (kept - 1) / (PILOT - 1).max(1))).collect();
    // Once to warm up, for signals are shared.
    let mut batch = Batch::default();
    batch.compute(plan, &points).for_each(drop);
    let began = Instant::now();
    let bytes: usize =
        batch.compute(plan, &points).map(|row| row.line.len() + size_of_val(row.sums.as_slice())).sum();
    let threads = rayon::current_num_threads().min(points.len());
    let count = points.len() as f64;
    (began.elapsed().as_secs_f64() * threads as f64 / count, bytes as f64 / count)
}

/// Times a few points and looks whether there is room for all.
fn estimate(plan: &Plan, results: &Results, todo: u64, common: &Common) -> Result<(), Exit> {
    let (seconds, bytes) = pilot(plan);
    let needed = bytes * todo as f64;
    let total = seconds * todo as f64 / rayon::current_num_threads() as f64;
    output::note(
        common.quiet,
        &format!("{todo} points take about {} and {} of disk", duration(total), bytes_text(needed)),
    );
    // A file system that does not say has room as far as anyone knows.
    let free =
        rustix::fs::statvfs(&results.folder).map(|found| found.f_bavail as f64 * found.f_frsize as f64);
    if let Ok(free) = free
        && free < needed
    {
        let folder = results.folder.display();
        return Err(Exit::CannotCreate(format!(
            "{folder}: the results need about {}, and {} are free",
            bytes_text(needed),
            bytes_text(free)
        )));
    }
    Ok(())
}

/// `12.3 MB`, in powers of 1000.
fn bytes_text(bytes: f64) -> String {
    let (size, unit) = match bytes {
        bytes if bytes < 1e6 => (bytes / 1e3, "kB"),
        bytes if bytes < 1e9 => (bytes / 1e6, "MB"),
        bytes => (bytes / 1e9, "GB"),
    };
    format!("{size:.1} {unit}")
}

/// `1.25 s`, `3 min 20 s`, `2 h 5 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..=9 => format!("{seconds:.2} s"),
        10..=119 => format!("{whole} s"),
        120..=7199 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// Says how a run goes: a bar on a terminal, else a line now and then.
struct Reporter {
    bar: ProgressBar,
    lines: bool,
    state: Mutex<(Instant, Instant)>,
}

impl Reporter {
    fn new(todo: u64, common: &Common) -> Reporter {
        let terminal = stderr().is_terminal();
        let target = if terminal && !common.quiet {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(todo), target);
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:40} {human_pos}/{human_len} points  {per_sec}  {eta} left{msg}",
        ) {
            bar.set_style(style);
        }
        let now = Instant::now();
        Reporter { bar, lines: !terminal && !common.quiet, state: Mutex::new((now, now)) }
    }

    fn report(&self, progress: Progress) {
        self.bar.set_position(progress.done);
        if progress.failed > 0 {
            self.bar.set_message(format!("  {} failed", progress.failed));
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.lines && state.1.elapsed() >= LINE_TIME {
            state.1 = Instant::now();
            let rate = progress.done as f64 / state.0.elapsed().as_secs_f64();
            let left = (progress.todo - progress.done) as f64 / rate;
            let (done, todo) = (progress.done, progress.todo);
            output::note(
                false,
                &format!(
                    "{done} of {todo} points, {} failed, {} points/s, {} left",
                    progress.failed,
                    whole(rate),
                    duration(left)
                ),
            );
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let sizes = ["1", "512M", "2G", "1.5g", "64KiB", "3mb"].map(|text| size(text).unwrap());
        assert_eq!(sizes, [1, 512 << 20, 2 << 30, 3 << 29, 64 << 10, 3 << 20]);
        for wrong in ["", "M", "0", "-1G", "5X", "1e40"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert_eq!(size("256M"), Ok(1 << 28));
    }

    #[test]
    fn a_writer_is_gone_when_its_process_is() {
        assert!(!is_gone(&writer()), "this process runs");
        let of = |host: &str, process: &str| is_gone(&format!("{host}-12-0-{process}"));
        assert!(of(&host(), "2147483646"), "no process has the highest number");
        assert!(!of("another-host", "2147483646") && !of(&host(), "0") && !of(&host(), "x"));
    }

    #[test]
    fn times_as_people_say_them() {
        let shown = [0.25, 59.6, 150.0, 7500.0].map(duration);
        assert_eq!(shown, ["0.25 s", "60 s", "2 min 30 s", "2 h 5 min"]);
    }
}
