//! `sweep aggregate`: merge the shards of sweeps, rank their points, draw and sum up.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::told;
use crate::cli::exit::Exit;
use crate::cli::task;
use crate::cli::{Common, output};
use crate::report::overfitting;
use crate::report::sweep::break_even::break_even;
use crate::report::sweep::heat_maps::heat_maps;
use crate::report::sweep::overview::overview;
use crate::report::sweep::page::SweepPage;
use crate::report::sweep::sensitivity::sensitivity;
use crate::report::sweep::summary::{Summary, summary};
use crate::report::sweep::{Findings, leaderboard, walk_forward};
use crate::slurm;
use crate::slurm::settings::Tasks;
use crate::stats::overfitting::material::Settings;
use crate::strategy::figures::Metric;
use crate::sweep::curves::curves;
use crate::sweep::definition::Sweep;
use crate::sweep::error::SweepError;
use crate::sweep::examination::{Examined, Sources, examine_sweep};
use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::ledger;
use crate::sweep::plan::Plan;
use crate::sweep::rank;
use crate::sweep::results::{Coverage, Results};
use crate::sweep::status::Status;
use crate::sweep::table::{MergeError, Table, merge};
use crate::text::number::whole;

/// Memory for signals while returns are made again.
const SIGNALS: usize = 256 << 20;
/// Resamples of the bootstrap, and its random numbers.
const RESAMPLES: usize = 2000;
const SEED: u64 = 1;
/// Reasons for missing points that a person wants to read.
const REASONS_SHOWN: usize = 8;

#[derive(Debug, Args)]
#[command(
    after_help = "Writes aggregate/ into each sweep's folder: report.html, points.csv, leaderboard.csv, summary.json, heat maps.

Examples:
  sweep aggregate results
  sweep aggregate results/momentum-3fa9c1d2 --metric cagr --top 20"
)]
pub(crate) struct AggregateArguments {
    /// A sweep's folder, or the folder above the folders of several
    results: PathBuf,
    /// Rank by this figure instead of the sweep's own choice
    #[arg(long, value_name = "NAME", value_parser = rank::metric)]
    metric: Option<Metric>,
    /// How many of the best points to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// End with exit code 3 if points are missing
    #[arg(long)]
    strict: bool,
    /// Do not ask whether the best point is real
    #[arg(long)]
    no_verdict: bool,
    /// Print the summary as JSON: an object for a sweep's folder, else a list
    #[arg(long)]
    json: bool,
}

pub(crate) fn aggregate(arguments: &AggregateArguments, common: &Common) -> Result<(), Exit> {
    let folders = Results::find(&arguments.results)?;
    if !arguments.no_verdict && folders.len() > 1 {
        // What one sweep may claim depends on what the others tried.
        for folder in &folders {
            enter_if_new(folder)?;
        }
    }
    let mut summaries = Vec::new();
    for (number, folder) in folders.iter().enumerate() {
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
        output::warning(&format!(
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
    let mut summary = summary(&findings, &missing, absent, sensitivity(&findings));
    ledger::enter(&above(folder), &plan, &table, &task::writer())?;
    // Reading the plan anew checks the prices against its seal.
    let priced = Sweep::read(&results.plan_file())
        .map_err(SweepError::from)
        .and_then(|sweep| Plan::new(sweep, SIGNALS))
        .map_err(|error| error.to_string());
    let found = match arguments.no_verdict {
        true => None,
        false => Some(examined(folder, &priced, &results, &coverage, &findings)?),
    };
    if let Some(examined) = &found {
        let point = examined.point.map_or(String::new(), |point| point.to_string());
        summary.verdict = Some(overfitting::json::entry(&examined.found, &point));
        summary.walk_forward = walk_forward::entry(&plan, examined);
        if examined.walk_forward.is_some() {
            output::file_by(&out.join("walk_forward.csv"), |writer| {
                walk_forward::write_curve(&plan, examined, writer)
            })?;
        }
    }
    output::file(&out.join("summary.json"), &json(&summary)?)?;
    for named in heat_maps(&findings) {
        output::file(&out.join(&named.file), &named.map.svg())?;
    }
    let curves = priced.as_ref().map_err(String::clone).and_then(|priced| curves(priced, &table, &board));
    let page = SweepPage {
        findings,
        summary: &summary,
        examined: found.as_ref(),
        break_even: break_even.as_ref(),
        curves: curves.as_ref().map_err(String::as_str),
    };
    output::file(&out.join("report.html"), &page.text())?;
    if !arguments.json {
        output::result(&overview(&findings, &summary, break_even.as_ref(), arguments.top))?;
        if let Some(examined) = &found {
            output::result(&format!("\n{}", overfitting::panel::paragraph(&examined.found)))?;
            if let Some(walked) = &examined.walk_forward {
                let sentence = walk_forward::sentence(walked, plan.sweep.strategy.periods_per_year);
                output::result(&overfitting::panel::wrapped(&sentence))?;
            }
        }
    }
    output::note(common.quiet, &format!("report.html, tables and heat maps are in {}", out.display()));
    Ok(summary)
}

/// What the tasks that owe points say.
fn why_missing(folder: &Path, plan: &Plan, results: &Results) -> Result<(), Exit> {
    let settings = slurm::settings::Settings::of_document(&plan.sweep.document)?;
    if let Some(Tasks::Count(tasks)) = settings.map(|settings| settings.tasks) {
        let array = Status::read(plan, results)?.array(plan, tasks);
        told::lines(&told::told(folder, &array))
            .iter()
            .take(REASONS_SHOWN)
            .for_each(|line| output::error(line));
    }
    Ok(())
}

/// The folder of all results above that of a sweep.
fn above(folder: &Path) -> PathBuf {
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    real.parent().map_or(real.clone(), Path::to_owned)
}

/// Enters a sweep into the ledger unless it stands there.
fn enter_if_new(folder: &Path) -> Result<(), Exit> {
    let (results, plan) = Results::open(folder, 0)?;
    if ledger::has(&above(folder), &plan) {
        return Ok(());
    }
    let coverage = results.coverage(&(0..plan.sweep.count))?;
    let table = merge(&plan, &results, &coverage, &mut std::io::sink()).map_err(|error| match error {
        MergeError::Sweep(error) => Exit::Sweep(error),
        MergeError::Output(error) => Exit::Internal(error.to_string()),
    })?;
    Ok(ledger::enter(&above(folder), &plan, &table, &task::writer())?)
}

/// Examines the best point.
fn examined(
    folder: &Path,
    priced: &Result<Plan, String>,
    results: &Results,
    coverage: &Coverage,
    findings: &Findings,
) -> Result<Examined, Exit> {
    let plan = findings.plan;
    let sources = Sources {
        plan,
        priced,
        results,
        coverage,
        table: findings.table,
        rank: findings.rank,
        board: findings.board,
        tried: ledger::tried(&above(folder), plan)?,
    };
    let settings = Settings { resamples: RESAMPLES, mean_block: None, seed: SEED };
    Ok(examine_sweep(&sources, &settings)?)
}

fn write_points(plan: &Plan, results: &Results, coverage: &Coverage, out: &Path) -> Result<Table, Exit> {
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
