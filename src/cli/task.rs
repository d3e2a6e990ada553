//! What every command that computes points does: read the sweep, compute what is missing, say how it goes.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::listener::Printer;
use super::stop::{self, variable};
use super::{Common, output};
use crate::config::document::Document;
use crate::slurm::environment;
use crate::slurm::settings::JobSettings;
use crate::sweep::compute::{self, ComputeOptions, Computed};
use crate::sweep::definition::Sweep;
use crate::text::number::whole;
use crate::text::size::duration;

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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), default_value_t = compute::SHARD_POINTS)]
    pub shard_points: u64,
    /// Stop when more points than this have failed
    #[arg(long, value_name = "N")]
    pub max_failures: Option<u64>,
}

impl ComputeArguments {
    /// Bytes for signals. The other half of a job's memory is for prices and rows.
    pub(crate) fn memory(&self) -> u64 {
        let half = || environment::memory(variable).map(|bytes| bytes / 2);
        self.memory.or_else(half).unwrap_or(compute::MEMORY)
    }

    /// What to compute: the share of one task, or all points.
    fn options(&self, task: Option<(u64, u64)>) -> ComputeOptions {
        ComputeOptions {
            results: self.results.clone(),
            task,
            memory: self.memory(),
            shard_points: self.shard_points,
            max_failures: self.max_failures,
            writer: writer(),
        }
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
    JobSettings::from_document(&sweep.document)?;
    Ok(sweep)
}

/// The threads that compute points.
pub(crate) fn use_threads(threads: Option<u16>) -> Result<(), Exit> {
    let count = threads.or_else(|| environment::processors(variable)).map_or(0, usize::from);
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build_global()
        .map_err(|error| Exit::Internal(format!("cannot start threads: {error}")))
}

/// Computes what is missing of a sweep, of one task among several or of all points, and gives the folder of its results.
/// `again` is the command that goes on after a stop.
pub(crate) fn compute(
    sweep: Sweep,
    task: Option<(u64, u64)>,
    arguments: &ComputeArguments,
    again: &str,
    common: &Common,
) -> Result<PathBuf, Exit> {
    let (options, printer) = (arguments.options(task), Printer::new(common));
    let plan = compute::plan(sweep, &options, &printer)?;
    // Until here a signal ends the process: nothing is lost.
    let stop = stop::watch()?;
    let outcome = compute::compute_plan(&plan, &options, &stop.asked, &printer);
    printer.finish();
    let Computed { folder, progress, time, stopped } = outcome?;
    let (done, todo) = (progress.done, progress.todo);
    if stopped {
        let text = format!("stopped after {done} of {todo} points; go on with: {again}");
        return Err(stop.exit(text, done));
    }
    let failed = if progress.failed == 0 { String::new() } else { format!(", {} failed", progress.failed) };
    let seconds = time.as_secs_f64();
    let (time, rate) = (duration(seconds), whole(done as f64 / seconds.max(1e-9)));
    output::note(common.quiet, &format!("{done} points in {time}{failed} ({rate} points/s)"));
    Ok(folder)
}

/// Host, job, restart and process.
pub(crate) fn writer() -> String {
    compute::writer(&environment::job(variable).unwrap_or_default(), environment::restarts(variable))
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
}
