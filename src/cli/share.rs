//! Which points of a sweep a command is about.

use clap::Args;

use super::task::ComputeArguments;

/// Which points of a sweep.
#[derive(Debug, Args)]
#[command(next_help_heading = "Of a sweep")]
pub(crate) struct ShareArguments {
    /// The task to compute, counted from 0; by default that of the array job this runs in
    #[arg(long, value_name = "K", conflicts_with = "strategy")]
    pub task: Option<u64>,
    /// How many tasks share the points; by default as many as the sweep's [slurm] table says
    #[arg(long, value_name = "N", conflicts_with = "strategy", value_parser = clap::value_parser!(u64).range(1..))]
    pub tasks: Option<u64>,
    /// Run this point alone, with everything that one backtest can tell
    #[arg(long, value_name = "I", conflicts_with_all = ["strategy", "task", "tasks", "ComputeArguments"])]
    pub point: Option<u64>,
    #[command(flatten)]
    pub compute: ComputeArguments,
}
