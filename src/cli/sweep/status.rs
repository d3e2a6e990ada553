//! `sweep status`: how far sweeps are, from their files alone; beside them what is in Slurm's queue, where it answers.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::sweep::neighbours::Neighbours;
use crate::cli::{output, process};
use crate::slurm::settings::{JobSettings, Tasks};
use crate::slurm::{command, task_errors};
use crate::sweep::error::SweepError;
use crate::sweep::results::Results;
use crate::sweep::status::Status;
use crate::text::number::whole;
use crate::text::size::duration;

/// How long the queue may take to answer: the files alone say enough.
const QUEUE_TIME: Duration = Duration::from_secs(5);
const WATCH_TIME: Duration = Duration::from_secs(2);
/// Missing ranges that a person wants to read.
const RANGES_SHOWN: usize = 8;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sweep status results
  sweep status results/momentum-3fa9c1d2 --watch")]
pub(crate) struct StatusArguments {
    /// A sweep's folder, or the folder above the folders of several
    results: PathBuf,
    /// Print JSON: an object for a sweep's folder, else a list
    #[arg(long)]
    json: bool,
    /// Look again every two seconds until all is done
    #[arg(long)]
    watch: bool,
    /// End with exit code 3 if anything is missing
    #[arg(long)]
    exit_code: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    sweep: String,
    folder: String,
    seal: String,
    points: u64,
    done: u64,
    failed: u64,
    missing: u64,
    /// First and last point of each missing range.
    missing_ranges: Vec<[u64; 2]>,
    tasks: Option<u64>,
    /// The tasks to submit again.
    array: Option<String>,
    damaged: Vec<String>,
    points_per_second: Option<f64>,
    seconds_left: Option<f64>,
    /// Tasks in Slurm's queue by state; absent where Slurm does not answer.
    queue: Option<BTreeMap<String, u64>>,
    /// What tasks that own missing points say in their logs.
    reasons: Vec<String>,
}

pub(crate) fn status(arguments: &StatusArguments) -> Result<(), Exit> {
    loop {
        let queue = process::answer(&command::queue(), "", QUEUE_TIME).ok();
        let found = Results::find(&arguments.results)?;
        let mut neighbours = Neighbours::new(&found);
        let mut reports: Vec<Report> = Vec::new();
        for folder in &found.folders {
            reports.extend(neighbours.keep(folder, report(folder, queue.as_deref()))?);
        }
        let missing: u64 = reports.iter().map(|report| report.missing).sum();
        let text = if arguments.json {
            output::json_text(&reports, found.is_own)?
        } else {
            reports.iter().map(table).collect()
        };
        // The screen is cleared for a person who watches, not for a file.
        let clear = if arguments.watch && stdout().is_terminal() { "\x1b[2J\x1b[H" } else { "" };
        output::result(&format!("{clear}{text}"))?;
        if missing == 0 || !arguments.watch {
            neighbours.end()?;
            return if arguments.exit_code && missing > 0 {
                Err(Exit::Incomplete(format!("{} points are missing", whole(missing as f64))))
            } else {
                Ok(())
            };
        }
        sleep(WATCH_TIME);
    }
}

fn report(folder: &Path, queue: Option<&str>) -> Result<Report, SweepError> {
    let (results, plan) = Results::open(folder, 0)?;
    let status = Status::read(&plan, &results)?;
    let tasks = match JobSettings::from_document(&plan.sweep.document)?.map(|settings| settings.tasks) {
        Some(Tasks::Count(tasks)) => Some(tasks),
        _ => None,
    };
    let array = tasks.filter(|_| status.absent() > 0).map(|tasks| status.array(&plan, tasks));
    let counts = |answer| command::parse_queue(answer, &plan.folder_name()).into_iter().collect();
    let damaged = |name| results.table_path(name).display().to_string();
    Ok(Report {
        sweep: plan.sweep.name.clone(),
        folder: folder.display().to_string(),
        seal: plan.seal.to_string(),
        points: status.points,
        done: status.done,
        failed: status.failed,
        missing: status.absent(),
        missing_ranges: status.missing.iter().map(|gap| [gap.start, gap.end - 1]).collect(),
        tasks,
        reasons: array
            .as_deref()
            .map_or(Vec::new(), |array| task_errors::lines(&task_errors::read(folder, array))),
        array,
        queue: queue.map(counts),
        damaged: status.damaged.iter().copied().map(damaged).collect(),
        points_per_second: status.rate,
        seconds_left: status.seconds_left(),
    })
}

fn table(report: &Report) -> String {
    let share = 100.0 * report.done as f64 / report.points as f64;
    let mut text = format!(
        "{}: {} of {} points done ({:.1} %), {} failed\n",
        report.folder,
        whole(report.done as f64),
        whole(report.points as f64),
        // Not 100 before the end.
        if report.missing > 0 { (share * 10.0).floor() / 10.0 } else { share },
        whole(report.failed as f64)
    );
    if report.missing > 0 {
        let range = |[first, last]: &[u64; 2]| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        let mut ranges: Vec<String> = report.missing_ranges.iter().take(RANGES_SHOWN).map(range).collect();
        if report.missing_ranges.len() > RANGES_SHOWN {
            ranges.push(format!("and {} more ranges", report.missing_ranges.len() - RANGES_SHOWN));
        }
        text += &format!("  missing   {} points: {}\n", whole(report.missing as f64), ranges.join(", "));
    }
    if let (Some(array), Some(tasks)) = (&report.array, report.tasks) {
        text += &format!("  tasks     --array={array} (of {tasks})\n");
    }
    if let Some(queue) = report.queue.as_ref().filter(|queue| !queue.is_empty()) {
        let states: Vec<String> = queue.iter().map(|(state, count)| format!("{count} {state}")).collect();
        text += &format!("  queue     {}\n", states.join(", "));
    }
    for reason in report.reasons.iter().take(RANGES_SHOWN) {
        text += &format!("  told      {reason}\n");
    }
    for path in &report.damaged {
        text += &format!("  damaged   {path}: damaged or of another sweep, counts as missing\n");
    }
    if let Some(rate) = report.points_per_second.filter(|_| report.missing > 0) {
        let left =
            report.seconds_left.map_or(String::new(), |seconds| format!(", {} left", duration(seconds)));
        text += &format!("  rate      {} points/s{left}\n", whole(rate));
    }
    text
}
