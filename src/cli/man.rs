//! `backtest man`: writes the manual pages.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use super::exit::Exit;
use super::output;

#[derive(Debug, Args)]
#[command(after_help = "Example: backtest man ~/.local/share/man/man1")]
pub(crate) struct ManArguments {
    /// Where to write the pages, one a command
    folder: PathBuf,
}

/// Writes a page for the program and one for each of its commands.
pub(crate) fn man(arguments: &ManArguments, mut program: Command) -> Result<(), Exit> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .map_err(|error| Exit::CannotCreate(format!("{}: cannot create: {error}", folder.display())))?;
    program.build();
    pages(&program, folder)
}

fn pages(command: &Command, folder: &Path) -> Result<(), Exit> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut page = Vec::new();
    Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Exit::Internal(format!("cannot write a manual page: {error}")))?;
    output::file(&folder.join(format!("{name}.1")), &String::from_utf8_lossy(&page))?;
    let commands = command.get_subcommands().filter(|command| command.get_name() != "help");
    commands.into_iter().try_for_each(|command| pages(command, folder))
}
