//! `backtest new`: writes a strategy and a sweep to start from.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output};
use crate::text::quoted;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: backtest new breakout    writes strategies/breakout.toml and sweeps/breakout.toml"
)]
pub(crate) struct NewArguments {
    /// Name of the strategy: letters, digits, _ and -
    name: String,
}

const TEMPLATES: [(&str, &str); 2] =
    [("strategies", include_str!("new.toml")), ("sweeps", include_str!("new_sweep.toml"))];

pub(crate) fn new(arguments: &NewArguments, common: &Common) -> Result<(), Exit> {
    let name = &arguments.name;
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.is_empty() || name.starts_with('-') || name.len() > 80 || !name.bytes().all(legal) {
        return Err(Exit::Usage(format!(
            "'{}' cannot name a strategy, expected up to 80 letters, digits, _ and -",
            quoted::text(name)
        )));
    }
    let path = |folder: &str| -> PathBuf { Path::new(folder).join(format!("{name}.toml")) };
    if let Some(path) = TEMPLATES.iter().map(|(folder, _)| path(folder)).find(|path| path.exists()) {
        return Err(Exit::CannotCreate(format!("{}: exists already", path.display())));
    }
    for (folder, template) in TEMPLATES {
        std::fs::create_dir_all(folder)
            .map_err(|error| Exit::CannotCreate(format!("{folder}: cannot create: {error}")))?;
        output::file(&path(folder), &template.replace("NAME", name))?;
        output::result(&format!("{}\n", path(folder).display()))?;
    }
    let (strategy, sweep) = (path("strategies"), path("sweeps"));
    let text = format!("run them with: backtest run {}, sweep run {}", strategy.display(), sweep.display());
    output::note(common.quiet, &text);
    Ok(())
}
