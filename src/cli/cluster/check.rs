//! `backtest cluster check`: what is wrong, machine by machine.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;

use super::reach::{ReachArguments, Role, read_cluster};
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cluster::definition::{Cluster, Machine};
use crate::cluster::finding::{Answers, findings};
use crate::cluster::script;

/// Longer than all questions of one machine may take together.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
#[command(
    after_help = "A line a fault, with what to do; exit code 1 if there is one. Asks: the host name, munge (up, the same key), the clock, the \
user's number, the share (mounted, writable), the program (there, for this processor, the same everywhere), slurm.conf, \
slurmctld, each node's state, MaxArraySize.

Examples:
  backtest cluster check cluster.toml
  backtest cluster check cluster.toml --only rpicluster02 --here rpicluster02    on that machine, without ssh"
)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    reach: ReachArguments,
}

pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Exit> {
    let reach = &arguments.reach;
    let cluster = read_cluster(&reach.cluster)?;
    let machines = reach.machines(&cluster)?;
    let ask = |machine: &Machine, credential: &str| ask(reach, &cluster, machine, credential);
    // The controller first: the others open what its munge sealed. Without it nothing is compared with it.
    let first = machines.iter().find(|machine| machine.is_controller).map(|machine| ask(machine, ""));
    let controller = match &first {
        Some(Ok(answers)) => answers.clone(),
        _ => Answers::default(),
    };
    // A machine that is off takes its time to say nothing.
    let others: Vec<_> = thread::scope(|scope| {
        let others = machines.iter().filter(|machine| !machine.is_controller);
        let asked = others.map(|machine| scope.spawn(|| ask(machine, controller.get("credential"))));
        let asked: Vec<_> = asked.collect();
        asked
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Err("this program failed".to_owned())))
            .collect()
    });
    let (mut faults, mut faulty) = (0, 0);
    for (machine, answered) in machines.iter().zip(first.into_iter().chain(others)) {
        let told = match answered {
            Err(reason) => vec![format!("cannot be asked: {reason}")],
            Ok(answers) => {
                let found = findings(&cluster, machine, &answers, &controller);
                found.iter().map(|finding| format!("{}. To do: {}", finding.fault, finding.remedy)).collect()
            }
        };
        for line in &told {
            output::result(&format!("{}: {line}\n", machine.name))?;
        }
        if told.is_empty() {
            output::result(&format!("{}: ok\n", machine.name))?;
        }
        faults += told.len();
        faulty += usize::from(!told.is_empty());
    }
    match faults {
        0 => Ok(()),
        faults => Err(Exit::Cluster(format!("faults: {faults}, on {faulty} of {} machines", machines.len()))),
    }
}

fn ask(
    reach: &ReachArguments,
    cluster: &Cluster,
    machine: &Machine,
    credential: &str,
) -> Result<Answers, String> {
    let mut answers = Answers::default();
    let began = now();
    let script = script::check(cluster, machine, credential).into_bytes();
    reach.run(cluster, machine, Role::User, script, LIMIT, |line| {
        if let Some(there) =
            line.strip_prefix("clock ").and_then(|seconds| seconds.trim().parse::<f64>().ok())
        {
            // It was read at some moment between the question and now.
            let ended = now();
            answers.clock = Some((there - (began + ended) / 2.0, (ended - began).abs() / 2.0));
        }
        answers.take(line);
    })?;
    match answers.is_whole() {
        true => Ok(answers),
        false => Err("it stopped answering half-way".to_owned()),
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
