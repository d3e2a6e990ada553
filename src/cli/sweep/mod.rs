//! `backtest sweep`, which is also what the program does when it is called as `sweep`.

mod aggregate;
mod generate;
mod holdout;
mod neighbours;
mod overfit;
mod placebo;
mod run;
mod status;
mod submit;
mod verify;

use clap::{Args, Subcommand};

use super::Common;
use super::exit::Exit;

#[derive(Debug, Args)]
#[command(
    about = "Run a sweep over parameters, and read its results",
    after_help = "Example: sweep run sweeps/momentum.toml && sweep aggregate results"
)]
pub(crate) struct SweepArguments {
    #[command(subcommand)]
    command: SweepCommand,
}

#[derive(Debug, Subcommand)]
enum SweepCommand {
    /// Compute all points of a sweep on this machine
    Run(run::RunArguments),
    /// Write the script of a Slurm array job
    Generate(generate::GenerateArguments),
    /// Submit a sweep to Slurm, and a job that aggregates its results
    Submit(submit::SubmitArguments),
    /// Merge the shards of sweeps, rank their points, draw and sum up
    Aggregate(aggregate::AggregateArguments),
    /// Say whether the best of many trials is real or luck, from a matrix of their returns
    Overfit(overfit::OverfitArguments),
    /// Run points on sessions that a sweep held out, once and on record
    Holdout(holdout::HoldoutArguments),
    /// Compute all points again in markets without patterns, for the verdict
    Placebo(placebo::PlaceboArguments),
    /// Say how far sweeps are, from their files alone
    Status(status::StatusArguments),
    /// Recompute some points here and compare bits
    Verify(verify::VerifyArguments),
}

pub(crate) fn sweep(arguments: &SweepArguments, common: &Common) -> Result<(), Exit> {
    match &arguments.command {
        SweepCommand::Run(arguments) => run::run(arguments, common),
        SweepCommand::Generate(arguments) => generate::generate(arguments, common),
        SweepCommand::Submit(arguments) => submit::submit(arguments, common),
        SweepCommand::Aggregate(arguments) => aggregate::aggregate(arguments, common),
        SweepCommand::Overfit(arguments) => overfit::overfit(arguments, common),
        SweepCommand::Holdout(arguments) => holdout::holdout(arguments, common),
        SweepCommand::Placebo(arguments) => placebo::placebo(arguments, common),
        SweepCommand::Status(arguments) => status::status(arguments),
        SweepCommand::Verify(arguments) => verify::verify(arguments, common),
    }
}
