//! `backtest sweep`, which is also what the program does when it is called as `sweep`.

use clap::Args;

use super::exit::Exit;

#[derive(Debug, Args)]
#[command(about = "The sweep commands; this version has none yet")]
pub struct SweepArguments {
    /// The sweep command and its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<String>,
}

pub fn sweep(arguments: &SweepArguments) -> Result<(), Exit> {
    Err(Exit::Usage(match arguments.arguments.first() {
        Some(command) => format!("unknown sweep command '{command}': this version has none yet"),
        None => "this version has no sweep commands yet; a single point runs with `backtest run`".to_owned(),
    }))
}
