//! `backtest cluster`: makes a Slurm cluster that runs sweeps out of bare machines.

mod check;
mod install;
mod reach;
mod render;
mod setup;

use clap::{Args, Subcommand};

use super::Common;
use super::exit::Exit;

#[derive(Debug, Args)]
#[command(
    about = "Set up a Slurm cluster of a few machines, check it, install the program on it",
    after_help = "Everything comes from one file; scripts/cluster/cluster.toml is an example, docs/cluster.md the whole way.

Example: backtest cluster setup cluster.toml --dry-run"
)]
pub(crate) struct ClusterArguments {
    #[command(subcommand)]
    command: ClusterCommand,
}

#[derive(Debug, Subcommand)]
enum ClusterCommand {
    /// Write the files of all machines into a folder, to be looked at
    Render(render::RenderArguments),
    /// Make every machine part of the cluster, over ssh; stops at the first that fails
    Setup(setup::SetupArguments),
    /// Name what is wrong, machine by machine; changes nothing
    Check(check::ClusterCheckArguments),
    /// Put this program on every machine, verified by checksum
    Install(install::InstallArguments),
}

pub(crate) fn cluster(arguments: &ClusterArguments, common: &Common) -> Result<(), Exit> {
    match &arguments.command {
        ClusterCommand::Render(arguments) => render::render(arguments, common),
        ClusterCommand::Setup(arguments) => setup::setup(arguments, common),
        ClusterCommand::Check(arguments) => check::check(arguments),
        ClusterCommand::Install(arguments) => install::install(arguments),
    }
}
