//! One task of a sweep: the points that are its share.

use std::path::Path;

use super::exit::Exit;
use super::share::ShareArguments;
use super::stop::{self, variable};
use super::{Common, output, task};
use crate::slurm::settings::{JobSettings, Tasks};
use crate::slurm::{self, environment};
use crate::sweep::error::SweepError;

/// Computes the share of the task that `--task` names, else of the array task this process is.
pub(crate) fn task(sweep: &Path, share: &ShareArguments, common: &Common) -> Result<(), Exit> {
    let Some(number) = share.task.or_else(|| slurm::task::task(variable)) else {
        return Err(Exit::Usage(
            "which task of the sweep? Give --task K, or run inside an array job, where SLURM_ARRAY_TASK_ID says it; all \
             points on this machine: sweep run"
                .to_owned(),
        ));
    };
    task::use_threads(share.compute.threads)?;
    let definition = task::read_sweep(sweep)?;
    let settings = JobSettings::from_document(&definition.document)?;
    let tasks = match (share.tasks, settings.map(|settings| settings.tasks)) {
        (Some(tasks), _) | (None, Some(Tasks::Count(tasks))) => tasks,
        _ => {
            return Err(Exit::Usage(
                "how many tasks share the points? Give --tasks N, or write tasks = N into the sweep's [slurm] table"
                    .to_owned(),
            ));
        }
    };
    if number >= tasks {
        return Err(SweepError::NoTask { task: number, tasks }.into());
    }
    let memory = share.compute.memory();
    output::note(common.quiet, &whereabouts(number, tasks, memory));
    let again = format!("the same task, or: sweep run {}", sweep.display());
    let folder = task::compute(definition, Some((number, tasks)), &share.compute, &again, common)
        .map_err(|exit| stop::requeue(exit, common.quiet))?;
    output::result(&format!("{}\n", folder.display()))
}

/// The first line of a log: who computes what, with what.
fn whereabouts(number: u64, tasks: u64, memory: u64) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let job = environment::job(variable).map_or(String::new(), |job| format!(", job {job}"));
    let restart = match environment::restarts(variable) {
        0 => String::new(),
        count => format!(", restart {count}"),
    };
    let threads = rayon::current_num_threads();
    format!(
        "task {number} of {tasks} on {host}{job}{restart}: {threads} threads, {} MiB for signals",
        memory >> 20
    )
}
