//! Floor 7: arguments, exit codes, printing. The only room that prints or reads environment variables.
//!
//! Results go to standard output, everything for people to standard error.

mod array;
mod check;
mod cluster;
mod completions;
mod exit;
mod formula;
mod listener;
mod man;
mod new;
mod output;
mod process;
mod run;
mod share;
mod stop;
mod sweep;
mod task;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use exit::Exit;

/// Backtests daily strategies that are written as formulas in a text file.
#[derive(Debug, Parser)]
#[command(name = "backtest", version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
struct BacktestCommand {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done, 1 failure, 2 usage, 3 incomplete, 65 bad data, 66 missing input, 73 cannot create \
output, 74 input/output error, 75 stopped and worth another try, 78 bad configuration.

Example: backtest run strategies/momentum.toml --params lookback=90";

#[derive(Debug, Args)]
struct Common {
    /// Print no notes on standard error, only errors
    #[arg(long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run one backtest and show its figures
    Run(run::RunArguments),
    /// Check a strategy file, a sweep file or a folder of price files; changes nothing
    Check(check::CheckArguments),
    /// Print what a formula gives at every close of a strategy
    Formula(formula::FormulaArguments),
    /// Write a commented strategy file and sweep file to start from
    New(new::NewArguments),
    /// The sweep commands, also reached by calling this program `sweep`
    Sweep(sweep::SweepArguments),
    /// Set up a Slurm cluster of a few machines, check it, install the program on it
    Cluster(cluster::ClusterArguments),
    /// Print what a shell needs to complete these commands
    Completions(completions::CompletionsArguments),
    /// Write manual pages
    Man(man::ManArguments),
}

/// Runs the program with its arguments, the first of which is the name it was called by.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = with_sweep(arguments.collect());
    match BacktestCommand::try_parse_from(arguments) {
        Ok(BacktestCommand { common, command }) => finish(dispatch(command, &common)),
        Err(error) => {
            // clap's own errors and help texts; a closed pipe is nobody's business.
            let _ = error.print();
            ExitCode::from(error.exit_code() as u8)
        }
    }
}

/// Called as `sweep` or `sweep-...`, the command `sweep` comes first.
fn with_sweep(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let called_as = arguments.first().and_then(|name| Path::new(name).file_name()).unwrap_or_default();
    let called_as = called_as.to_string_lossy();
    if called_as == "sweep" || called_as.starts_with("sweep-") || called_as.starts_with("sweep.") {
        arguments.splice(..1, ["backtest".into(), "sweep".into()]);
    }
    arguments
}

fn dispatch(command: Command, common: &Common) -> Result<(), Exit> {
    match command {
        Command::Run(arguments) => run::run(&arguments, common),
        Command::Check(arguments) => check::check(&arguments, common),
        Command::Formula(arguments) => formula::formula(&arguments, common),
        Command::New(arguments) => new::new(&arguments, common),
        Command::Sweep(arguments) => sweep::sweep(&arguments, common),
        Command::Cluster(arguments) => cluster::cluster(&arguments, common),
        Command::Completions(arguments) => completions::completions(&arguments, BacktestCommand::command()),
        Command::Man(arguments) => man::man(&arguments, BacktestCommand::command()),
    }
}

fn finish(result: Result<(), Exit>) -> ExitCode {
    match result {
        Ok(()) | Err(Exit::ClosedPipe) => ExitCode::SUCCESS,
        Err(exit) => {
            output::error(&exit.to_string());
            ExitCode::from(exit.code())
        }
    }
}
