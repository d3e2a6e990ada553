//! `sweep submit`: the array job of a sweep, and behind it a job that gathers the results.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::generate::{Generated, ScriptArguments, generated};
use crate::cli::exit::Exit;
use crate::cli::stop::ANSWER_TIME;
use crate::cli::{Common, output, process};
use crate::slurm::settings::JobSettings;
use crate::slurm::{command, script};
use crate::sweep::verdict::look;
use crate::text::shell;

const PROGRAM: &str = "backtest";

#[derive(Debug, Args)]
#[command(after_help = "Both jobs find `backtest` on the PATH as it is here, and start in this directory.

Examples:
  sweep submit sweeps/momentum.toml
  sweep submit --missing /sharedfs/results/momentum-3fa9c1d2
  sweep submit --placebo /sharedfs/results/momentum-3fa9c1d2")]
pub(crate) struct SubmitArguments {
    #[command(flatten)]
    script: ScriptArguments,
}

pub(crate) fn submit(arguments: &SubmitArguments, common: &Common) -> Result<(), Exit> {
    let generated = generated(&arguments.script, common)?;
    if generated.todo == 0 {
        return output::result("nothing to submit\n");
    }
    let folder = &generated.results.folder;
    let logs = folder.join("logs");
    try_to_write(&logs)?;
    find_program(common)?;
    // What is aggregated while the job waits comes after it was begun.
    if arguments.script.placebo.is_none() {
        look::begin(&generated.results, &generated.plan)?;
    }
    let array = sbatch(&command::submit(), &generated.text)?;
    let gather = gather(&generated, &array, &logs);
    let shown = folder.display().to_string();
    output::result(&format!("array job      {array}\n"))?;
    match &gather {
        Ok(gather) => output::result(&format!("aggregate job  {gather}\n"))?,
        // The array is in the queue: what it computes is not lost.
        Err(error) => output::error(&format!("no aggregate job: {error}")),
    }
    let folder = shell::path(&shown);
    let Generated { what, again, .. } = &generated;
    output::note(
        common.quiet,
        &format!(
            "{what} into {shown}
  how far:          sweep status {folder}
  what is missing:  sweep submit {again} {folder}
  the results:      sweep aggregate {folder}
  stop:             scancel {array}"
        ),
    );
    gather.map(drop)
}

/// Submits what merges and ranks when all tasks have ended, well or not.
fn gather(generated: &Generated, array: &str, logs: &Path) -> Result<String, Exit> {
    let JobSettings { setup, .. } = &generated.settings;
    let own = script::aggregate_command(&generated.results.folder.display().to_string());
    let work = setup.iter().cloned().chain([own]).collect::<Vec<_>>().join("\n");
    let log = logs.join(format!("{array}-aggregate.out")).display().to_string();
    let line = command::submit_after(array, &generated.plan.sweep.name, &log, &work, &generated.settings);
    sbatch(&line, "")
}

/// Submits and gives the job's number.
fn sbatch(line: &[String], script: &str) -> Result<String, Exit> {
    let answer = process::answer(line, script, 6 * ANSWER_TIME).map_err(Exit::Slurm)?;
    let number = command::parse_submitted(&answer).map(str::to_owned);
    number.ok_or_else(|| {
        Exit::Slurm(format!("sbatch: expected a job's number, it printed '{}'", answer.trim()))
    })
}

/// Makes the folder of the logs and writes a file in it, which is gone at the end.
fn try_to_write(logs: &Path) -> Result<(), Exit> {
    let cannot = |error| Exit::CannotCreate(format!("{}: cannot create: {error}", logs.display()));
    fs::create_dir_all(logs).map_err(cannot)?;
    let mut file = tempfile::tempfile_in(logs).map_err(cannot)?;
    file.write_all(b"x").map_err(cannot)
}

/// Looks for the program where the jobs will: they get this environment.
fn find_program(common: &Common) -> Result<(), Exit> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(PROGRAM)).find(|file| file.is_file());
    let Some(found) = found else {
        return Err(Exit::Usage(format!(
            "'{PROGRAM}' is not on the PATH, where the tasks look for it: see scripts/install"
        )));
    };
    let real = |path: PathBuf| fs::canonicalize(path).ok();
    if real(found.clone()) != std::env::current_exe().ok().and_then(real) {
        output::note(common.quiet, &format!("the tasks will run another program: {}", found.display()));
    }
    Ok(())
}
