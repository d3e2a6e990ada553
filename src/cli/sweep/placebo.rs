//! `sweep placebo`: all points of a sweep in markets without patterns.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::listener::Printer;
use crate::cli::stop::{self, Stop, variable};
use crate::cli::sweep::neighbours::Neighbours;
use crate::cli::{Common, output, task};
use crate::slurm::environment;
use crate::stats::skill::worlds::Shuffling;
use crate::sweep::compute::MEMORY;
use crate::sweep::definition::Sweep;
use crate::sweep::error::SweepError;
use crate::sweep::gathered::Gathered;
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::trials::Trials;
use crate::sweep::verdict::placebo::{Placebo, WORLDS_LEAST, WORLDS_USUAL, Worlds};
use crate::text::number::whole;
use crate::text::shell;

/// Worlds that a number of six digits can name.
const WORLDS_MOST: u64 = 1_000_000;

#[derive(Debug, Args)]
#[command(
    after_help = "In a placebo world the sessions of the market stand in another order: what each asset earned stays, every pattern in \
time goes. All points are computed there again, and the best of each world is kept in placebo/ in the sweep's folder. \
What is there is not computed again: after an interruption run the same command. sweep aggregate joins what is there.

Examples:
  sweep placebo results/momentum-3fa9c1d2
  sweep placebo results/momentum-3fa9c1d2 --worlds 1000 --task 3 --tasks 12
  sweep generate --placebo results/momentum-3fa9c1d2 -o - | sbatch"
)]
pub(crate) struct PlaceboArguments {
    /// A sweep's folder, or the folder above the folders of several
    results: PathBuf,
    #[command(flatten)]
    worlds: WorldArguments,
    /// Threads; by default as many as the job was given, else as there are processors
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Compute the share of this task alone, counted from 0
    #[arg(long, value_name = "K", requires = "tasks")]
    task: Option<u64>,
    /// How many tasks share the worlds
    #[arg(long, value_name = "M", requires = "task", value_parser = clap::value_parser!(u64).range(1..))]
    tasks: Option<u64>,
}

/// Which worlds.
#[derive(Debug, Args)]
pub(crate) struct WorldArguments {
    /// How many worlds there are to be
    #[arg(long, value_name = "W", default_value_t = WORLDS_USUAL,
        value_parser = clap::value_parser!(u64).range(WORLDS_LEAST..=WORLDS_MOST))]
    pub worlds: u64,
    /// Sessions that stay together and change places with other such blocks; by default single sessions change places with
    /// those of equally volatile times
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u32).range(1..))]
    pub block: Option<u32>,
    /// Other random numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u32,
}

impl WorldArguments {
    fn shuffling(&self) -> Shuffling {
        Shuffling { seed: u64::from(self.seed), block: self.block.map(|block| block as usize) }
    }

    /// As words of a command.
    pub(crate) fn words(&self) -> String {
        let block = self.block.map_or(String::new(), |block| format!(" --block {block}"));
        format!("--worlds {}{block} --seed {}", self.worlds, self.seed)
    }
}

pub(crate) fn placebo(arguments: &PlaceboArguments, common: &Common) -> Result<(), Exit> {
    task::use_threads(arguments.threads)?;
    let range = share(arguments)?;
    let found = Results::find(&arguments.results)?;
    let mut neighbours = Neighbours::new(&found);
    // Until here a signal ends the process: nothing is lost.
    let stop = stop::watch()?;
    let mut incomplete = Vec::new();
    for folder in &found.folders {
        let Some(canonical) = neighbours.keep(folder, Canonical::read(folder))? else { continue };
        match canonical.incomplete(folder) {
            Some(text) => incomplete.push(text),
            None => one(folder, &canonical, arguments, range.clone(), &stop, common).map_err(|exit| {
                if arguments.task.is_some() { stop::requeue(exit, common.quiet) } else { exit }
            })?,
        }
    }
    neighbours.end()?;
    if incomplete.is_empty() { Ok(()) } else { Err(Exit::Incomplete(incomplete.join("\n"))) }
}

/// The worlds that this process is to compute.
fn share(arguments: &PlaceboArguments) -> Result<Range<u64>, Exit> {
    let worlds = arguments.worlds.worlds;
    match (arguments.task, arguments.tasks) {
        (Some(task), Some(tasks)) if task >= tasks => Err(SweepError::NoTask { task, tasks }.into()),
        (Some(task), Some(tasks)) => {
            let at = |task: u64| (u128::from(task) * u128::from(worlds) / u128::from(tasks)) as u64;
            Ok(at(task)..at(task + 1))
        }
        _ => Ok(0..worlds),
    }
}

/// A sweep with its prices and the points that count.
pub(crate) struct Canonical {
    /// The sweep.
    pub plan: Plan,
    /// The points, in order.
    pub points: Vec<u64>,
    /// Points that have no row yet.
    pub missing: u64,
}

impl Canonical {
    /// Reads the results of a sweep.
    ///
    /// # Errors
    /// They cannot be read, or the prices are not those of the plan.
    pub(crate) fn read(folder: &Path) -> Result<Canonical, SweepError> {
        let gathered = Gathered::read(folder)?;
        let table = gathered.table()?;
        let trials = Trials::new(&table);
        let points = trials.rows.iter().map(|row| table.points[*row as usize]).collect();
        let memory = environment::memory(variable).map_or(MEMORY, |bytes| bytes / 2);
        // Reading the plan anew checks the prices against its seal.
        let sweep = Sweep::read(&gathered.results.plan_file())?;
        let plan = Plan::new(sweep, usize::try_from(memory).unwrap_or(usize::MAX))?;
        Ok(Canonical { plan, points, missing: gathered.absent })
    }
}

impl Canonical {
    /// What to say where points are missing: worlds of the others would count for nothing later.
    pub(crate) fn incomplete(&self, folder: &Path) -> Option<String> {
        let plan = shell::path(&folder.join("plan.toml").display().to_string());
        let results = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (self.missing > 0).then(|| {
            format!(
                "{}: {} points are missing, and placebo worlds are of all points; compute them first with: sweep run {plan} \
                 --results {}",
                folder.display(),
                whole(self.missing as f64),
                shell::path(&results.display().to_string())
            )
        })
    }
}

/// Computes what is missing of one sweep, and says what the worlds say if they are all there.
fn one(
    folder: &Path,
    canonical: &Canonical,
    arguments: &PlaceboArguments,
    range: Range<u64>,
    stop: &Stop,
    common: &Common,
) -> Result<(), Exit> {
    let Canonical { plan, points, .. } = canonical;
    let memory = environment::memory(variable).map_or(MEMORY, |bytes| bytes / 2);
    let memory = usize::try_from(memory).unwrap_or(usize::MAX);
    let worlds = Worlds::new(plan, folder, points, arguments.worlds.shuffling(), memory);
    let shown = folder.display().to_string();
    if !worlds.can_be_judged() {
        output::note(
            common.quiet,
            &format!("{shown}: no point can be judged, or fewer than 60 sessions: no world is made"),
        );
        return Ok(());
    }
    let printer = Printer::new(common);
    let ran = worlds.complete(range, &task::writer(), &stop.asked, &printer);
    printer.finish();
    let ran = ran?;
    if ran.done < ran.todo {
        let again = format!("sweep placebo {} {}", shell::path(&shown), arguments.worlds.words());
        let text = format!("stopped after {} of {} worlds; go on with: {again}", ran.done, ran.todo);
        return Err(stop.exit(text, ran.done));
    }
    if arguments.task.is_some() {
        return output::result(&format!("{shown}\n"));
    }
    match worlds.joined(&worlds.ours()?)?.placebo {
        Some(placebo) => output::result(&format!("{shown}: {}\n", sentence(&placebo))),
        None => output::result(&format!("{shown}\n")),
    }
}

/// What the worlds say.
fn sentence(placebo: &Placebo) -> String {
    let Placebo { worlds, p, block, .. } = *placebo;
    let as_good = (p * (1 + worlds) as f64).round() - 1.0;
    let block = block.map_or(String::new(), |block| format!(" with blocks of {block} sessions"));
    format!(
        "p = {p:.3}: in {} of {} placebo worlds{block} the best point does as well",
        whole(as_good),
        whole(worlds as f64)
    )
}
