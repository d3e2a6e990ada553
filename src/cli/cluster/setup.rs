//! `backtest cluster setup`: makes every machine part of the cluster, the controller first.

use std::time::Duration;

use clap::Args;

use super::reach::{ReachArguments, Role, read_cluster};
use super::render::{self, FolderArguments};
use crate::cli::exit::Exit;
use crate::cli::{Common, output};
use crate::cluster::script;

/// A Pi with a slow card may take this long to install its packages.
const LIMIT: Duration = Duration::from_secs(3600);
/// The key in base64 that a dry run compares with if there is none yet.
const NO_KEY: &str = "";

#[derive(Debug, Args)]
#[command(
    after_help = "Each step prints ok, changed, or failed and what to do. What is as it should be is left alone, so the same command goes \
on after a failure. A foreign file is kept beside the new one as FILE.before-backtest.

Example: backtest cluster setup cluster.toml --dry-run && backtest cluster setup cluster.toml"
)]
pub(crate) struct SetupArguments {
    #[command(flatten)]
    reach: ReachArguments,
    #[command(flatten)]
    folder: FolderArguments,
    /// Say what would change, and change nothing, here or there
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn setup(arguments: &SetupArguments, common: &Common) -> Result<(), Exit> {
    let reach = &arguments.reach;
    let cluster = read_cluster(&reach.cluster)?;
    let machines = reach.machines(&cluster)?;
    let folder = arguments.folder.folder_for(&reach.cluster);
    if !arguments.dry_run {
        render::write(&cluster, &folder)?;
    }
    let key = render::read_key(&folder)?.unwrap_or(NO_KEY.to_owned());
    for machine in machines {
        output::result(&format!("{} ({})\n", machine.name, machine.address))?;
        let script = script::setup(&cluster, machine, &key, arguments.dry_run);
        let mut closed = Ok(());
        let print = |line: &str| {
            if closed.is_ok() {
                closed = output::result(&format!("  {line}\n"));
            }
        };
        let ended = reach.run(&cluster, machine, Role::Root, script.into_bytes(), LIMIT, print);
        closed?;
        ended.map_err(|reason| {
            Exit::Cluster(format!(
                "stopped at {}: {reason}\nwhen that is mended, the same command goes on: what is done stays as it is",
                machine.name
            ))
        })?;
    }
    let file = reach.cluster.display();
    let next = if arguments.dry_run {
        "nothing was changed".to_owned()
    } else {
        format!("next: backtest cluster install {file}, then: backtest cluster check {file}")
    };
    output::note(common.quiet, &next);
    Ok(())
}
