//! `sweep aggregate`: merge the shards of sweeps, rank their points, draw and sum up.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::told;
use crate::cli::exit::Exit;
use crate::cli::task::whole;
use crate::cli::{Common, output};
use crate::report::sweep::break_even::break_even;
use crate::report::sweep::heat_maps::heat_maps;
use crate::report::sweep::overview::overview;
use crate::report::sweep::sensitivity::sensitivity;
use crate::report::sweep::summary::{Summary, summary};
use crate::report::sweep::{Findings, leaderboard};
use crate::slurm::settings::{Settings, Tasks};
use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::plan::Plan;
use crate::sweep::rank;
use crate::sweep::results::Results;
use crate::sweep::status::Status;
use crate::sweep::table::{MergeError, Table, merge};

/// Reasons for missing points that a person wants to read.
const REASONS_SHOWN: usize = 8;

#[derive(Debug, Args)]
#[command(
    after_help = "Writes aggregate/ into each sweep's folder: points.csv, leaderboard.csv, summary.json, heat maps.

Examples:
  sweep aggregate results
  sweep aggregate results/momentum-3fa9c1d2 --metric cagr --top 20"
)]
pub struct AggregateArguments {
    /// A sweep's folder, or the folder above the folders of several
    results: PathBuf,
    /// Rank by this figure instead of the sweep's own choice
    #[arg(long, value_name = "NAME", value_parser = rank::metric)]
    metric: Option<usize>,
    /// How many of the best points to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// End with exit code 3 if points are missing
    #[arg(long)]
    strict: bool,
    /// Print the summary as JSON: an object for a sweep's folder, else a list
    #[arg(long)]
    json: bool,
}

pub fn aggregate(arguments: &AggregateArguments, common: &Common) -> Result<(), Exit> {
    let mut summaries = Vec::new();
    for (number, folder) in Results::find(&arguments.results)?.iter().enumerate() {
        if number > 0 && !arguments.json {
            output::result("\n")?;
        }
        summaries.push(aggregate_one(folder, arguments, common)?);
    }
    let missing: u64 = summaries.iter().map(|summary| summary.points.missing).sum();
    if arguments.json {
        let text = match summaries.as_slice() {
            [summary] if arguments.results.join("plan.toml").is_file() => json(summary),
            summaries => json(&summaries),
        };
        output::result(&text?)?;
    }
    match arguments.strict && missing > 0 {
        true => Err(Exit::Incomplete(format!("{} points are missing", whole(missing as f64)))),
        false => Ok(()),
    }
}

fn aggregate_one(folder: &Path, arguments: &AggregateArguments, common: &Common) -> Result<Summary, Exit> {
    let (results, plan) = Results::open(folder, 0)?;
    let everything = 0..plan.sweep.count;
    let coverage = results.coverage(&everything)?;
    let missing = coverage.missing(everything, &plan.kept);
    let absent: u64 = missing.iter().map(|gap| plan.kept.rank(gap.end) - plan.kept.rank(gap.start)).sum();
    for &name in &coverage.damaged {
        let path = results.table_path(name);
        output::note(common.quiet, &format!("{}: damaged or of another sweep, left out", path.display()));
    }
    if absent > 0 {
        output::error(&format!(
            "INCOMPLETE: {} of {} points are missing; what follows rests on the others. Compute them with: sweep run {} \
             --results {}",
            whole(absent as f64),
            whole(plan.kept.count() as f64),
            results.plan_file().display(),
            folder.parent().unwrap_or(Path::new(".")).display()
        ));
        why_missing(folder, &plan, &results)?;
    }
    let out = folder.join("aggregate");
    fs::create_dir_all(&out)
        .map_err(|error| Exit::CannotCreate(format!("{}: cannot create: {error}", out.display())))?;
    let table = write_points(&plan, &results, &coverage, &out)?;
    let mut rank = plan.sweep.rank.clone();
    rank.metric = arguments.metric.unwrap_or(rank.metric);
    let board = Leaderboard::new(&plan, &table, &rank);
    let findings = Findings { plan: &plan, table: &table, rank: &rank, board: &board };
    let break_even = break_even(&findings);
    output::file_by(&out.join("leaderboard.csv"), |writer| {
        leaderboard::write(&findings, break_even.as_ref(), writer)
    })?;
    #[cfg(feature = "parquet")]
    output::file_by(&out.join("points.parquet"), |writer| {
        crate::report::parquet::write(&plan, &table, writer).map_err(std::io::Error::other)
    })?;
    let summary = summary(&findings, &missing, absent, sensitivity(&findings));
    output::file(&out.join("summary.json"), &json(&summary)?)?;
    for named in heat_maps(&findings) {
        output::file(&out.join(&named.file), &named.map.svg())?;
    }
    if !arguments.json {
        output::result(&overview(&findings, &summary, break_even.as_ref(), arguments.top))?;
    }
    output::note(common.quiet, &format!("tables, summary and heat maps are in {}", out.display()));
    Ok(summary)
}

/// What the tasks that owe points say.
fn why_missing(folder: &Path, plan: &Plan, results: &Results) -> Result<(), Exit> {
    let settings = Settings::of_document(&plan.sweep.document)?;
    if let Some(Tasks::Count(tasks)) = settings.map(|settings| settings.tasks) {
        let array = Status::read(plan, results)?.array(plan, tasks);
        told::lines(&told::told(folder, &array))
            .iter()
            .take(REASONS_SHOWN)
            .for_each(|line| output::error(line));
    }
    Ok(())
}

fn write_points(
    plan: &Plan,
    results: &Results,
    coverage: &crate::sweep::results::Coverage,
    out: &Path,
) -> Result<Table, Exit> {
    let mut table = None;
    let mut failure = None;
    let written =
        output::file_by(&out.join("points.csv"), |writer| match merge(plan, results, coverage, writer) {
            Ok(merged) => {
                table = Some(merged);
                Ok(())
            }
            Err(MergeError::Output(error)) => Err(error),
            Err(MergeError::Sweep(error)) => {
                failure = Some(error);
                Err(std::io::Error::other("the shards do not fit together"))
            }
        });
    if let Some(error) = failure {
        return Err(Exit::Sweep(error));
    }
    written?;
    table.ok_or_else(|| Exit::Internal("nothing was merged".to_owned()))
}

fn json(value: &impl serde::Serialize) -> Result<String, Exit> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Exit::Internal(format!("cannot write JSON: {error}")))
}
