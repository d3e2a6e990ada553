//! `sweep generate`: the script of an array job.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::stop::ANSWER_TIME;
use crate::cli::sweep::placebo::{Canonical, WorldArguments};
use crate::cli::task;
use crate::cli::{Common, output, process};
use crate::slurm::command;
use crate::slurm::keys::{SLURM, TASK_COUNT};
use crate::slurm::script::{Job, SCRIPT_BYTES, Work};
use crate::slurm::settings::{JobSettings, Tasks};
use crate::strategy::universe_files::source;
use crate::sweep::compute::{Estimate, cache_inputs};
use crate::sweep::error::SweepError;
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::status::Status;
use crate::text::number::whole;
use crate::text::size::duration;

const RESULTS: &str = "results";
/// Memory for the signals of the points that are timed.
const MEMORY: usize = 256 << 20;
/// A task that lasts this long loses half a percent to its start, and costs little when it is lost.
const TASK_SECONDS: f64 = 180.0;
/// What it takes to look at a point of a placebo world, beside computing it.
const RESIDUAL_SECONDS: f64 = 1e-4;

#[derive(Debug, Args)]
#[command(
    after_help = "The script holds the whole plan: once submitted, no edit of any file but the prices reaches the job. \
Generate and submit it in the same directory.

Examples:
  sweep generate sweeps/momentum.toml && sbatch sweeps/momentum.sh
  sweep generate sweeps/momentum.toml -o - | sbatch
  sweep generate --missing /sharedfs/results/momentum-3fa9c1d2 -o - | sbatch
  sweep generate --placebo /sharedfs/results/momentum-3fa9c1d2 -o - | sbatch"
)]
pub(crate) struct GenerateArguments {
    #[command(flatten)]
    script: ScriptArguments,
    /// Where to write the script, - for standard output; by default the sweep file's name with .sh
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a script is made from.
#[derive(Debug, Args)]
pub(crate) struct ScriptArguments {
    /// A sweep file or a plan; may be left out with --missing and --placebo, for the results hold their plan
    #[arg(required_unless_present_any = ["missing", "placebo"])]
    pub sweep: Option<PathBuf>,
    /// Only the tasks with points that are not in these results: the sweep's folder, or the folder above
    #[arg(long, value_name = "RESULTS")]
    pub missing: Option<PathBuf>,
    /// Not the points but the placebo worlds of these results, which are complete: the sweep's folder, or the folder above
    #[arg(long, value_name = "RESULTS", conflicts_with = "missing")]
    pub placebo: Option<PathBuf>,
    #[command(flatten, next_help_heading = "With --placebo")]
    pub worlds: WorldArguments,
}

/// A script and what one needs to go on with it.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The script.
    pub text: String,
    /// The sealed sweep.
    pub plan: Plan,
    /// What its tasks ask for.
    pub settings: JobSettings,
    /// Where its results are to be.
    pub results: Results,
    /// Points or worlds that the script computes.
    pub todo: u64,
    /// These in words.
    pub what: String,
    /// The options with which what is missing afterwards is submitted, but for the folder.
    pub again: String,
}

pub(crate) fn generate(arguments: &GenerateArguments, common: &Common) -> Result<(), Exit> {
    let to_output = |path: &Path| path == Path::new("-");
    let path = match (&arguments.output, &arguments.script.sweep) {
        (Some(path), _) => path.clone(),
        (None, Some(sweep)) if !to_output(sweep) => sweep.with_extension("sh"),
        (None, _) => PathBuf::from("-"),
    };
    if let Some(sweep) = &arguments.script.sweep
        && output::is_same_file(sweep, &path)
    {
        return Err(Exit::Usage(format!("the script would replace the sweep {}", sweep.display())));
    }
    let generated = generated(&arguments.script, common)?;
    if to_output(&path) {
        return output::result(&generated.text);
    }
    output::file(&path, &generated.text)?;
    make_executable(&path)?;
    output::result(&format!("{}\n", path.display()))?;
    output::note(common.quiet, &format!("submit it with: sbatch {}", path.display()));
    Ok(())
}

/// Makes the script.
pub(crate) fn generated(arguments: &ScriptArguments, common: &Common) -> Result<Generated, Exit> {
    if let Some(folder) = &arguments.placebo {
        return generated_worlds(arguments, folder, common);
    }
    let missing = arguments.missing.as_deref();
    let mut sweep = match (&arguments.sweep, missing) {
        (Some(path), _) => task::read_sweep(path)?,
        (None, Some(folder)) => task::read_sweep(&only_folder(folder, "--missing")?.join("plan.toml"))?,
        (None, None) => return Err(Exit::Usage("expected a sweep file, or --missing RESULTS".to_owned())),
    };
    let settings = JobSettings::from_document(&sweep.document)?.unwrap_or_default();
    // What the tasks write as their plan says how many they are.
    cache_inputs(&sweep);
    let mut plan = Plan::new(sweep.clone(), MEMORY)?;
    let tasks = match settings.tasks {
        Tasks::Count(tasks) => tasks,
        Tasks::Auto => {
            let points = plan.kept.count();
            let seconds = Estimate::new(&plan).seconds * points as f64;
            let what = format!("{} points", whole(points as f64));
            let tasks = suggested(seconds, points, &what, &settings, common);
            let assignment = format!("{}={tasks}", TASK_COUNT.path);
            sweep.document.set_by(&SLURM, "the number of tasks".to_owned(), &assignment)?;
            plan.sweep = Arc::new(sweep);
            tasks
        }
    };
    let (results, above) = match missing {
        Some(folder) => existing(&plan, folder)?,
        None => {
            let above = PathBuf::from(settings.results.as_deref().unwrap_or(RESULTS));
            (Results::new(&plan, &above), above)
        }
    };
    let (array, todo) = match missing {
        Some(_) => absent(&plan, &results, tasks, common)?,
        None => (None, plan.kept.count()),
    };
    let text = Job {
        name: &plan.sweep.name,
        seal: &plan.seal.to_hex(),
        work: Work::Points { plan: &plan.text()?, points: plan.kept.count() },
        tasks,
        array: array.as_deref(),
        results: utf8(&above)?,
        folder: utf8(&results.folder)?,
        settings: &settings,
    }
    .script();
    if text.len() > SCRIPT_BYTES {
        let [bytes, most] = [text.len(), SCRIPT_BYTES].map(|bytes| whole(bytes as f64));
        let sweep = || arguments.sweep.as_ref().map(|path| path.display().to_string());
        let file = source(&plan.sweep.strategy_document).or_else(sweep).unwrap_or_default();
        return Err(SweepError::Data(format!(
            "{file}: its content stands in the script, which has {bytes} bytes; Slurm takes scripts of up to {most}"
        ))
        .into());
    }
    let what = format!("{} points", whole(todo as f64));
    Ok(Generated { text, plan, settings, results, todo, what, again: "--missing".to_owned() })
}

/// Makes the script that computes the placebo worlds of some results.
fn generated_worlds(arguments: &ScriptArguments, folder: &Path, common: &Common) -> Result<Generated, Exit> {
    let folder = only_folder(folder, "--placebo")?;
    let canonical = Canonical::read(&folder)?;
    if let Some(text) = canonical.incomplete(&folder) {
        return Err(Exit::Incomplete(text));
    }
    let Canonical { plan, points, .. } = canonical;
    let (results, _) = existing(&plan, &folder)?;
    let named = arguments.sweep.as_deref().map(task::read_sweep).transpose()?;
    let settings =
        JobSettings::from_document(&named.as_ref().unwrap_or(&plan.sweep).document)?.unwrap_or_default();
    if let Some(sweep) = named {
        // Other settings of the job are taken from it, and nothing else.
        existing(&Plan::new(sweep, 0)?, &folder)?;
    }
    let worlds = arguments.worlds.worlds;
    let what = format!("{} placebo worlds", whole(worlds as f64));
    let tasks = match settings.tasks {
        Tasks::Count(tasks) => tasks.min(worlds),
        Tasks::Auto => {
            let seconds =
                (Estimate::new(&plan).seconds + RESIDUAL_SECONDS) * points.len() as f64 * worlds as f64;
            suggested(seconds, worlds, &what, &settings, common)
        }
    };
    let options = arguments.worlds.words();
    let text = Job {
        name: &plan.sweep.name,
        seal: &plan.seal.to_hex(),
        work: Work::Worlds { worlds, options: &options },
        tasks,
        array: None,
        results: "",
        folder: utf8(&results.folder)?,
        settings: &settings,
    }
    .script();
    let again = format!("{options} --placebo");
    Ok(Generated { text, plan, settings, results, todo: worlds, what, again })
}

/// The folder of the only sweep that a path names; `option` named the path.
fn only_folder(path: &Path, option: &str) -> Result<PathBuf, Exit> {
    match Results::find(path)?.folders.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|path| path.display().to_string()).collect();
            Err(Exit::Usage(format!("which sweep? {option} is one of: {}", names.join(", "))))
        }
    }
}

/// The results of a plan in a folder that is theirs, or above theirs; and the folder above.
fn existing(plan: &Plan, folder: &Path) -> Result<(Results, PathBuf), Exit> {
    if !folder.join("plan.toml").is_file() {
        if !folder.is_dir() {
            return Err(
                SweepError::Missing(format!("{}: no such folder of results", folder.display())).into()
            );
        }
        return Ok((Results::new(plan, folder), folder.to_owned()));
    }
    let named = plan.folder_name();
    let own = if folder.file_name().is_some_and(|name| name.to_str() == Some(&named)) {
        folder.to_owned()
    } else {
        // Such as `.` and `..`.
        fs::canonicalize(folder).map_err(|error| Exit::Io(format!("{}: {error}", folder.display())))?
    };
    let above = own.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !own.ends_with(&named) {
        return Err(Exit::Sweep(SweepError::Data(format!(
            "{}: these are not the results of this sweep, whose folder is {named}",
            folder.display()
        ))));
    }
    Ok((Results::new(plan, above), above.to_owned()))
}

/// The tasks with missing points, and how many points these are. With none missing the first task stands for an empty list,
/// which no script can have: it ends at once.
fn absent(
    plan: &Plan,
    results: &Results,
    tasks: u64,
    common: &Common,
) -> Result<(Option<String>, u64), Exit> {
    let status = Status::read(plan, results)?;
    let absent = status.absent();
    let (points, folder) = (whole(status.points as f64), results.folder.display());
    let text = match absent {
        0 => format!("nothing is missing in {folder}: the script's only task has nothing to do"),
        absent => format!("{} of {points} points are missing in {folder}", whole(absent as f64)),
    };
    output::note(common.quiet, &text);
    let array = if absent == 0 { "0".to_owned() } else { status.array(plan, tasks) };
    Ok((Some(array), absent))
}

/// As many tasks as make each last a few minutes, but no fewer than may run at once and no more than there is work for. `what`
/// takes this many seconds of a processor.
fn suggested(seconds: f64, most: u64, what: &str, settings: &JobSettings, common: &Common) -> u64 {
    let total = seconds / settings.cpus as f64;
    let size = process::answer(&command::show_config(), "", ANSWER_TIME).ok();
    let size =
        size.and_then(|answer| command::parse_max_array_size(&answer)).unwrap_or(command::MAX_ARRAY_SIZE);
    let slots = settings.parallel.unwrap_or(1);
    let tasks = ((total / TASK_SECONDS).ceil() as u64).max(slots).min(most.min(size - 1));
    let text = format!("{what} take about {} on a processor of this kind: {tasks} tasks", duration(seconds));
    output::note(common.quiet, &text);
    tasks
}

fn utf8(path: &Path) -> Result<&str, Exit> {
    path.to_str().ok_or_else(|| Exit::Usage(format!("{}: the path is not UTF-8", path.display())))
}

/// Lets the script be run, if it is a file.
fn make_executable(path: &Path) -> Result<(), Exit> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let failed = |error| Exit::Io(format!("{}: cannot make executable: {error}", path.display()));
        if fs::metadata(path).is_ok_and(|found| found.is_file()) {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    Ok(())
}
