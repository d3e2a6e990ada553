//! `backtest completions`: prints the script by which a shell completes the commands.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::exit::Exit;
use super::output;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: backtest completions bash --of sweep > ~/.local/share/bash-completion/completions/sweep"
)]
pub(crate) struct CompletionsArguments {
    /// The shell
    shell: Shell,
    /// Which of the program's two names to complete
    #[arg(long, value_name = "NAME", default_value = "backtest", value_parser = ["backtest", "sweep"])]
    of: String,
}

/// Prints the script for the whole program, or for its command `sweep` alone.
pub(crate) fn completions(arguments: &CompletionsArguments, program: Command) -> Result<(), Exit> {
    let name = arguments.of.as_str();
    let mut command = match program.find_subcommand(name) {
        Some(sweep) => {
            let everywhere = program.get_arguments().filter(|argument| argument.is_global_set());
            sweep.clone().args(everywhere.cloned())
        }
        None => program,
    };
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, name, &mut script);
    output::result(&String::from_utf8_lossy(&script))
}
