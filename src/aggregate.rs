//! Floor 6: the results of sweeps merged, ranked, judged and drawn, from their shards to the files of `aggregate/`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::files::{self, WriteError};
use crate::report::sweep::break_even::break_even;
use crate::report::sweep::heat_maps::heat_maps;
use crate::report::sweep::overview::overview;
use crate::report::sweep::page::SweepPage;
use crate::report::sweep::sensitivity::sensitivity;
use crate::report::sweep::summary::{Summary, summary};
use crate::report::sweep::{RankedSweep, leaderboard, verdict, walk_forward};
use crate::slurm::settings::{JobSettings, Tasks};
use crate::slurm::task_errors;
use crate::stats::skill::decision::Verdict;
use crate::strategy::figures::Metric;
use crate::sweep::aggregate::{Asked, Gathered, Ranked};
use crate::sweep::compute::writer;
use crate::sweep::curves::curves;
use crate::sweep::error::SweepError;
use crate::sweep::listener::{Listener, Note};
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::status::Status;
use crate::sweep::verdict::examination::SweepVerdict;
use crate::text::wrap::wrapped;

/// How to aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateOptions {
    /// Rank by this figure instead of the sweep's own choice.
    pub metric: Option<Metric>,
    /// Ask whether the best point is real.
    pub verdict: bool,
    /// Make the placebo worlds of a small sweep.
    pub placebo: bool,
    /// How many of the best points the overview shows.
    pub top: usize,
    /// Names this process among all that write to the folder, in letters that a file name may have.
    pub writer: String,
}

impl Default for AggregateOptions {
    /// The sweep's own ranking, with the verdict.
    fn default() -> AggregateOptions {
        AggregateOptions { metric: None, verdict: true, placebo: true, top: 10, writer: writer("", 0) }
    }
}

/// What an aggregate of one sweep found.
#[derive(Debug)]
pub struct Aggregate {
    /// The folder with `report.html`, `points.csv`, `leaderboard.csv`, `summary.json` and heat maps.
    pub folder: PathBuf,
    /// Points without a row.
    pub missing: u64,
    /// The verdict on the best point, if it was asked for.
    pub verdict: Option<Verdict>,
    /// Its reasons, a sentence each.
    pub reasons: Vec<String>,
    /// The best point, if one fulfils the conditions of the ranking.
    pub best: Option<u64>,
    /// The ranking, the plateau and the verdict as text for a terminal.
    pub overview: String,
    /// Files of the ledger of trials that cannot be written, or cannot be read and are not counted in the verdict.
    pub uncounted: Vec<SweepError>,
    /// Files of that ledger that could not be read and were written anew from the results of their sweeps.
    pub mended: Vec<SweepError>,
    /// What `summary.json` says.
    pub(crate) summary: Summary,
}

/// Aggregates a sweep's folder of results, or, given the folder above, each sweep in it, by name.
///
/// Writes the folder `aggregate` of each sweep, and its entry in the ledger of what was tried, in the folder above. A sweep
/// with an error keeps none of the others from theirs. It has one if its plan cannot be read or was made by a program with
/// another revision of the results, if shards contradict each other or cannot be read, or if files cannot be written.
///
/// # Errors
/// There are no results.
pub fn aggregate(
    results: &Path,
    options: &AggregateOptions,
    listener: &dyn Listener,
) -> Result<Vec<Result<Aggregate, SweepError>>, SweepError> {
    let found = Results::find(results)?;
    Ok(found.folders.iter().map(|folder| aggregate_sweep(folder, options, listener)).collect())
}

/// Aggregates one sweep's folder. With an error in its plan or its shards no file is made or changed.
///
/// # Errors
/// The plan cannot be read, or a program with another revision of the results made it; shards contradict each other or cannot
/// be read; files cannot be written.
pub(crate) fn aggregate_sweep(
    folder: &Path,
    options: &AggregateOptions,
    listener: &dyn Listener,
) -> Result<Aggregate, SweepError> {
    let gathered = Gathered::read(folder)?;
    tell_what_is_missing(&gathered, listener)?;
    let out = folder.join("aggregate");
    fs::create_dir_all(&out).map_err(|error| SweepError::Create { path: out.clone(), error })?;
    let points = out.join("points.csv");
    let table = files::write(&points, |writer| gathered.merge(&points, writer)).inspect_err(|_| {
        // A folder that was made in vain is empty; one with files stays.
        let _ = fs::remove_dir(&out);
    })?;
    write_files(&gathered.rank(table, options.metric), &out, options, listener)
}

/// Says which shards are left out and how many points are missing.
fn tell_what_is_missing(gathered: &Gathered, listener: &dyn Listener) -> Result<(), SweepError> {
    let Gathered { results, plan, coverage, absent, .. } = gathered;
    for &name in &coverage.damaged {
        listener.note(&Note::DamagedLeftOut(results.table_path(name)));
    }
    if *absent > 0 {
        listener.note(&Note::Incomplete {
            missing: *absent,
            points: plan.kept.count(),
            plan: results.plan_file(),
            results: results.folder.parent().unwrap_or(Path::new(".")).to_owned(),
        });
        let errors = task_errors(gathered)?;
        if !errors.is_empty() {
            listener.note(&Note::TaskErrors(errors));
        }
    }
    Ok(())
}

/// What the tasks that own missing points say.
fn task_errors(gathered: &Gathered) -> Result<Vec<String>, SweepError> {
    let Gathered { results, plan, .. } = gathered;
    match JobSettings::from_document(&plan.sweep.document)?.map(|settings| settings.tasks) {
        Some(Tasks::Count(tasks)) => {
            let array = Status::read(plan, results)?.array(plan, tasks);
            Ok(task_errors::lines(&task_errors::read(&results.folder, &array)))
        }
        _ => Ok(Vec::new()),
    }
}

/// Judges the ranking, and writes all tables, the page and the heat maps as soon as each is known.
fn write_files(
    ranked: &Ranked,
    out: &Path,
    options: &AggregateOptions,
    listener: &dyn Listener,
) -> Result<Aggregate, SweepError> {
    let Gathered { plan, missing, absent, .. } = ranked.gathered;
    let sweep = RankedSweep { plan, table: &ranked.table, rank: &ranked.rank, board: &ranked.board };
    let break_even = break_even(&sweep);
    write(&out.join("leaderboard.csv"), |writer| leaderboard::write(&sweep, break_even.as_ref(), writer))?;
    #[cfg(feature = "parquet")]
    write(&out.join("points.parquet"), |writer| {
        crate::report::parquet::write(plan, &ranked.table, writer).map_err(std::io::Error::other)
    })?;
    let mut summary = summary(&sweep, missing, *absent, sensitivity(&sweep));
    let asked = Asked { verdict: options.verdict, placebo: options.placebo };
    let judged = ranked.judge(asked, &options.writer, listener);
    let examined = judged.examined.as_ref();
    if let Some(examined) = examined {
        summary.verdict = Some(verdict::json::entry(plan, examined));
        if let Some(walked) = &examined.walk_forward {
            summary.walk_forward = Some(walk_forward::entry(walked));
            write(&out.join("walk_forward.csv"), |writer| walk_forward::write_curve(walked, writer))?;
        }
    }
    write(&out.join("summary.json"), |writer| {
        serde_json::to_writer_pretty(&mut *writer, &summary)?;
        writer.write_all(b"\n")
    })?;
    for named in heat_maps(&sweep) {
        files::write_text(&out.join(&named.file), &named.map.svg())?;
    }
    let curves = judged.priced.and_then(|priced| curves(&priced, &ranked.table, &ranked.board));
    let page = SweepPage {
        ranked: sweep,
        summary: &summary,
        examined,
        break_even: break_even.as_ref(),
        curves: curves.as_ref(),
    };
    files::write_text(&out.join("report.html"), &page.text())?;
    let mut text = overview(&sweep, &summary, break_even.as_ref(), options.top);
    if let Some(examined) = examined {
        text += &in_words(plan, examined);
    }
    Ok(Aggregate {
        folder: out.to_owned(),
        missing: *absent,
        verdict: examined.map(|examined| examined.verdict),
        reasons: examined.map_or(Vec::new(), |examined| verdict::paragraph::reasons(plan, examined)),
        best: ranked.board.best().map(|row| ranked.table.points[row]),
        overview: text,
        uncounted: judged.ledger.uncounted,
        mended: judged.ledger.mended,
        summary,
    })
}

/// The verdict and the walk forward in words.
fn in_words(plan: &Plan, examined: &SweepVerdict) -> String {
    let mut text = format!("\n{}", wrapped(&verdict::paragraph::text(plan, examined)));
    if examined.verdict.claims() {
        text += &wrapped(verdict::paragraph::BASE_RATE);
    }
    if let Some(walked) = &examined.walk_forward {
        text += &wrapped(&walk_forward::sentence(walked));
    }
    text
}

/// Writes a file by a content that knows of input and output alone.
fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), WriteError> {
    files::write(path, |writer| content(writer).map_err(|error| WriteError::midway(path, error)))
}
