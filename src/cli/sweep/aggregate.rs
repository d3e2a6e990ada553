//! `sweep aggregate`: merge the shards of sweeps, rank their points, draw and sum up.

use std::path::PathBuf;

use clap::Args;

use crate::aggregate::{AggregateOptions, aggregate_sweep};
use crate::cli::exit::Exit;
use crate::cli::listener::Printer;
use crate::cli::sweep::neighbours::Neighbours;
use crate::cli::{Common, output, task};
use crate::strategy::figures::Metric;
use crate::sweep::results::Results;
use crate::text::number::whole;

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
    #[arg(long, value_name = "NAME", value_parser = str::parse::<Metric>)]
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
    /// Make no placebo worlds: take those that are there
    #[arg(long)]
    no_placebo: bool,
    /// Print the summary as JSON: an object for a sweep's folder, else a list
    #[arg(long)]
    json: bool,
}

pub(crate) fn aggregate(arguments: &AggregateArguments, common: &Common) -> Result<(), Exit> {
    let AggregateArguments { results, metric, top, no_verdict, no_placebo, .. } = arguments;
    let (metric, top, verdict, placebo) = (*metric, *top, !no_verdict, !no_placebo);
    let options = AggregateOptions { metric, top, verdict, placebo, writer: task::writer() };
    let printer = Printer::new(common);
    let found = Results::find(results)?;
    let mut neighbours = Neighbours::new(&found);
    let mut summaries = Vec::new();
    let mut missing = 0;
    for folder in &found.folders {
        let aggregate = aggregate_sweep(folder, &options, &printer);
        let Some(aggregate) = neighbours.keep(folder, aggregate)? else { continue };
        if !summaries.is_empty() && !arguments.json {
            output::result("\n")?;
        }
        if !arguments.json {
            output::result(&aggregate.overview)?;
        }
        let written = aggregate.folder.display();
        output::note(common.quiet, &format!("report.html, tables and heat maps are in {written}"));
        for fault in aggregate.mended {
            neighbours.tell(fault, |fault| format!("{fault}; it is written anew from its sweep's shards"));
        }
        for fault in aggregate.uncounted {
            neighbours.tell(fault, |fault| {
                format!("{fault}; it is not counted: delete it and aggregate its sweep again")
            });
        }
        missing += aggregate.missing;
        summaries.push(aggregate.summary);
    }
    if arguments.json {
        output::result(&output::json_text(&summaries, found.is_own)?)?;
    }
    neighbours.end()?;
    if arguments.strict && missing > 0 {
        return Err(Exit::Incomplete(format!("{} points are missing", whole(missing as f64))));
    }
    Ok(())
}
