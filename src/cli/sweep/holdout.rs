//! `sweep holdout open`: run points on the sessions that a sweep held out, once and on record.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand};

use crate::cli::exit::Exit;
use crate::cli::stop::variable;
use crate::cli::{Common, output};
use crate::market::date::{Date, Instant};
use crate::sweep::results::Results;
use crate::sweep::verdict::holdout::log::{Line, OpenedPoint};
use crate::sweep::verdict::holdout::opening::{Opener, Prospect};
use crate::text::number::{decimal, percent};

#[derive(Debug, Args)]
pub(crate) struct HoldoutArguments {
    #[command(subcommand)]
    command: HoldoutCommand,
}

#[derive(Debug, Subcommand)]
enum HoldoutCommand {
    /// Run points on the sessions that were held out, and write what they earned to the record
    Open(OpenArguments),
}

#[derive(Debug, Args)]
#[command(
    after_help = "A hold-out is evidence once: every point that is opened on the same days is allowed for from then on, in every sweep \
of the folder. Each opening is written to ledger/holdout.log before its figures are shown.

Examples:
  sweep holdout open results/momentum-3fa9c1d2
  sweep holdout open results/momentum-3fa9c1d2 --point 117 --yes"
)]
pub(crate) struct OpenArguments {
    /// A sweep's folder, or the folder above it if there is no other
    results: PathBuf,
    /// A point to open (repeatable); by default the best of the ranking
    #[arg(long, value_name = "I")]
    point: Vec<u64>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Print the line of the record as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn holdout(arguments: &HoldoutArguments, common: &Common) -> Result<(), Exit> {
    match &arguments.command {
        HoldoutCommand::Open(arguments) => open(arguments, common),
    }
}

fn open(arguments: &OpenArguments, common: &Common) -> Result<(), Exit> {
    let OpenArguments { results, point, yes, json } = arguments;
    let folder = only_sweep(results)?;
    let prospect = Prospect::new(&folder, point)?;
    for notice in prospect.notices() {
        output::note(common.quiet, &notice.to_string());
    }
    for sentence in warnings(&prospect) {
        output::warning(&sentence);
    }
    if !yes && !is_wanted(&prospect)? {
        output::note(common.quiet, "nothing was opened");
        return Ok(());
    }
    let (line, faults) = prospect.open(&opener())?;
    faults.iter().for_each(|fault| output::warning(fault));
    if *json {
        return output::json(&line);
    }
    output::result(&text(&prospect, &line))
}

/// The folder of the only sweep there.
fn only_sweep(results: &Path) -> Result<PathBuf, Exit> {
    match Results::find(results)?.folders.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|path| path.display().to_string()).collect();
            Err(Exit::Usage(format!("the hold-out of which sweep? RESULTS is one of: {}", names.join(", "))))
        }
    }
}

/// What must be known before.
fn warnings(prospect: &Prospect) -> Vec<String> {
    let mut sentences = prospect.told().before();
    if !prospect.same_prices {
        sentences.push(format!(
            "the prices before {} are not those that the sweep was sealed with: the points are run on those of now",
            prospect.holdout.from
        ));
    }
    sentences
}

/// Asks once at a terminal.
fn is_wanted(prospect: &Prospect) -> Result<bool, Exit> {
    let points: Vec<String> = prospect.points().map(|point| point.to_string()).collect();
    let what = match points.as_slice() {
        [only] => format!("point {only}"),
        several => format!("points {}", several.join(", ")),
    };
    let (sessions, last) = prospect.sessions();
    let from = prospect.holdout.from;
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Exit::Usage(format!(
            "nobody is there to be asked whether to open {what} on {from} to {last}: say it with --yes. Nothing was opened"
        )));
    }
    let failed = |error| Exit::Io(format!("the terminal: {error}"));
    let question = format!(
        "Open {what} on the {sessions} sessions from {from} to {last}? What is opened stays on record. [y/N] "
    );
    let mut terminal = io::stderr();
    terminal.write_all(question.as_bytes()).and_then(|()| terminal.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The user and the time.
fn opener() -> Opener {
    let user = ["USER", "LOGNAME"].into_iter().find_map(variable);
    let number = || format!("user {}", rustix::process::getuid().as_raw());
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let date = Date((seconds / 86_400) as i32);
    let at = Instant { date, time: seconds % 86_400 * 1_000_000_000 };
    Opener { user: user.unwrap_or_else(number), at }
}

/// What was found, for people.
fn text(prospect: &Prospect, line: &Line) -> String {
    let Line { sweep, from, end, opened, .. } = line;
    let mut text = format!("Hold-out of {sweep}, {from} to {end}\n");
    for point in &line.points {
        text += &of_point(prospect, point);
    }
    text + &match opened {
        1 => "\nNo other point was opened on these days so far.\n".to_owned(),
        opened => format!("\n{opened} points were opened on these days so far, and are allowed for.\n"),
    }
}

/// What a point did.
fn of_point(prospect: &Prospect, point: &OpenedPoint) -> String {
    let OpenedPoint { point, word, last, figures, failed, .. } = point;
    let space = &prospect.plan.sweep.space;
    let values = space.axes.iter().zip(space.values(*point));
    let values: Vec<String> =
        values.map(|(axis, value)| format!("{} = {}", axis.name, value.plain())).collect();
    let mut text = format!("\nPoint {point} ({}): {word}\n", values.join(", "));
    let Some(found) = figures else {
        let reason = failed.as_deref().unwrap_or_default();
        return text + &format!("  It failed there: {reason}\n");
    };
    let moved = if found.edge < 0.0 { "lost" } else { "added" };
    text += &format!(
        "  {} sessions, the last on {last}. Moving in and out {moved} {} a year beyond holding the same assets (p = {:.3}).\n",
        found.sessions,
        percent(found.edge_year.abs()),
        found.p
    );
    text += &format!(
        "  It earned {} a year; holding what it held there on average earned {}.\n",
        percent(found.mean * found.periods_per_year),
        percent(found.passive * found.periods_per_year)
    );
    text + &match found.detectable {
        Some(seen) => format!(
            "  An edge of {} a year or more (ratio {}) would have been seen 4 times in 5.\n",
            percent(seen.edge_year),
            decimal(seen.ratio)
        ),
        None if !found.moves => "  Its weights did not move there: there is nothing to judge.\n".to_owned(),
        None => "  So many points were opened on these days that no edge would be seen.\n".to_owned(),
    }
}
