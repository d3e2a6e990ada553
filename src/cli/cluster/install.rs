//! `backtest cluster install`: installs the program on every machine, the same file on all machines with the same processor.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::reach::{ReachArguments, Role, read_cluster};
use crate::cli::exit::Exit;
use crate::cli::{output, process};
use crate::cluster::definition::{Cluster, Machine};
use crate::cluster::{program, script};

/// Enough for a program of some megabytes over a slow network.
const LIMIT: Duration = Duration::from_secs(600);
const SUM_TIME: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
#[command(
    after_help = "Each machine gets the file that was built for its processor, as /usr/local/bin/backtest with the link sweep, whole or not \
at all: it is written beside, its SHA-256 is compared, it is run once, then renamed. Running tasks keep the file they \
began with.

Example: backtest cluster install cluster.toml target/aarch64/aarch64-unknown-linux-gnu/release/backtest"
)]
pub(crate) struct InstallArguments {
    #[command(flatten)]
    reach: ReachArguments,
    /// Programs to install, one a kind of processor; by default the one that is running now
    programs: Vec<PathBuf>,
}

/// A program to install.
struct Program {
    processor: &'static str,
    bytes: Vec<u8>,
    checksum: String,
}

pub(crate) fn install(arguments: &InstallArguments) -> Result<(), Exit> {
    let reach = &arguments.reach;
    let cluster = read_cluster(&reach.cluster)?;
    let machines = reach.machines(&cluster)?;
    let mut programs: Vec<Program> = Vec::new();
    let own = || std::env::current_exe().map_err(|error| Exit::Io(format!("this program: {error}")));
    let paths = if arguments.programs.is_empty() { vec![own()?] } else { arguments.programs.clone() };
    for path in paths {
        let program = read_program(&path)?;
        if programs.iter().any(|other| other.processor == program.processor) {
            let (shown, processor) = (path.display(), program.processor);
            return Err(Exit::Usage(format!(
                "{shown}: a second program for {processor}; name one a kind of processor"
            )));
        }
        programs.push(program);
    }
    for machine in machines {
        let outcome = install_on(reach, &cluster, machine, &programs).map_err(|reason| {
            Exit::Cluster(format!(
                "stopped at {}: {reason}\nwhen that is mended, the same command goes on",
                machine.name
            ))
        })?;
        output::result(&format!("{}: {outcome}\n", machine.name))?;
    }
    Ok(())
}

fn read_program(path: &PathBuf) -> Result<Program, Exit> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Exit::Usage(format!("{shown}: cannot read: {error}")))?;
    let processor = program::processor(&bytes)
        .ok_or_else(|| Exit::Usage(format!("{shown}: no program for x86_64 or aarch64")))?;
    let line = ["sha256sum", "--", &shown.to_string()].map(str::to_owned);
    let sum = process::answer(&line, "", SUM_TIME).map_err(Exit::Io)?;
    let checksum = sum.split_whitespace().next().unwrap_or("").trim_start_matches('\\').to_owned();
    Ok(Program { processor, bytes, checksum })
}

/// Installs the program on one machine and says what was done. The error says why it failed and what to do.
fn install_on(
    reach: &ReachArguments,
    cluster: &Cluster,
    machine: &Machine,
    programs: &[Program],
) -> Result<String, String> {
    let mut lines = Vec::new();
    let inventory = script::inventory().into_bytes();
    reach.run(cluster, machine, Role::User, inventory, LIMIT, |line| lines.push(line.to_owned()))?;
    let processor = lines.first().map_or("", String::as_str);
    let program = programs.iter().find(|program| program.processor == processor).ok_or_else(|| {
        let script = if processor == "aarch64" { "scripts/build-aarch64" } else { "scripts/install" };
        format!(
            "it is {processor}, and no program given is for that; build one with {script} and name its file"
        )
    })?;
    if lines.get(1) == Some(&program.checksum) {
        return Ok(format!("ok, has it already ({}...)", &program.checksum[..12]));
    }
    let mut input = script::receive(&program.checksum).into_bytes();
    input.extend(&program.bytes);
    let mut printed = Vec::new();
    let ended = reach.run(cluster, machine, Role::Root, input, LIMIT, |line| printed.push(line.to_owned()));
    let last = printed.last().map_or("", |line| line.as_str());
    let last = last.split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
    match ended {
        Ok(()) => Ok(format!("changed, {last} ({}...)", &program.checksum[..12])),
        Err(reason) if last.is_empty() => Err(reason),
        Err(_) => Err(last),
    }
}
