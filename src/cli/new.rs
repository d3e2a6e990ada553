//! `backtest new`: a strategy file to start from.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output};
use crate::market::quoted;

#[derive(Debug, Args)]
#[command(after_help = "Example: backtest new breakout    writes strategies/breakout.toml")]
pub struct NewArguments {
    /// Name of the strategy: letters, digits, _ and -
    name: String,
}

const TEMPLATE: &str = include_str!("new.toml");

pub fn new(arguments: &NewArguments, common: &Common) -> Result<(), Exit> {
    let name = &arguments.name;
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.is_empty() || name.starts_with('-') || !name.bytes().all(legal) {
        return Err(Exit::Usage(format!(
            "'{}' cannot name a strategy, expected letters, digits, _ and -",
            quoted::text(name)
        )));
    }
    let folder = Path::new("strategies");
    let path: PathBuf = folder.join(format!("{name}.toml"));
    if path.exists() {
        return Err(Exit::CannotCreate(format!("{}: exists already", path.display())));
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| Exit::CannotCreate(format!("{}: cannot create: {error}", folder.display())))?;
    output::file(&path, &TEMPLATE.replace("NAME", name))?;
    output::result(&format!("{}\n", path.display()))?;
    output::note(common.quiet, &format!("run it with: backtest run {}", path.display()));
    Ok(())
}
