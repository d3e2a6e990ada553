//! `sweep run`: all points of a sweep on this machine.

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::task::{self, ComputeArguments};
use crate::cli::{Common, output};

#[derive(Debug, Args)]
#[command(
    after_help = "Points that are there already are not computed again: after an interruption run the same command.

Examples:
  sweep run sweeps/momentum.toml
  sweep run sweeps/momentum.toml --results /sharedfs/results -j 4"
)]
pub(crate) struct RunArguments {
    /// A sweep file or a plan
    sweep: PathBuf,
    #[command(flatten)]
    compute: ComputeArguments,
}

pub(crate) fn run(arguments: &RunArguments, common: &Common) -> Result<(), Exit> {
    let RunArguments { sweep: path, compute } = arguments;
    task::use_threads(compute.threads)?;
    let sweep = task::read_sweep(path)?;
    let again = format!("sweep run {} --results {}", path.display(), compute.results.display());
    let folder = task::compute(sweep, None, compute, &again, common)?;
    output::result(&format!("{}\n", folder.display()))?;
    output::note(common.quiet, &format!("see the results with: sweep aggregate {}", folder.display()));
    Ok(())
}
