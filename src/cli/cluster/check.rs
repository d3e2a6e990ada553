//! `backtest cluster check`: prints the faults of a cluster, machine by machine.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;

use super::reach::{ReachArguments, Role, read_cluster};
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cluster::definition::{Cluster, Machine};
use crate::cluster::fault::{Answers, faults};
use crate::cluster::script;

/// More time than one machine needs to answer all questions.
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
pub(crate) struct ClusterCheckArguments {
    #[command(flatten)]
    reach: ReachArguments,
}

pub(crate) fn check(arguments: &ClusterCheckArguments) -> Result<(), Exit> {
    let reach = &arguments.reach;
    let cluster = read_cluster(&reach.cluster)?;
    let machines = reach.machines(&cluster)?;
    let ask = |machine: &Machine, credential: &str| ask(reach, &cluster, machine, credential);
    // The controller is asked first, because the others must open what its munge sealed. If it does not answer, nothing is
    // compared with it.
    let first = machines.iter().find(|machine| machine.is_controller).map(|machine| ask(machine, ""));
    let controller = match &first {
        Some(Ok(answers)) => answers.clone(),
        _ => Answers::default(),
    };
    // The others are asked side by side: a machine that is off takes long to fail.
    let others: Vec<_> = thread::scope(|scope| {
        let others = machines.iter().filter(|machine| !machine.is_controller);
        let asked = others.map(|machine| scope.spawn(|| ask(machine, controller.get("credential"))));
        let asked: Vec<_> = asked.collect();
        asked
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Err("this program failed".to_owned())))
            .collect()
    });
    let (mut count, mut faulty) = (0, 0);
    for (machine, answered) in machines.iter().zip(first.into_iter().chain(others)) {
        let lines = match answered {
            Err(reason) => vec![format!("cannot be asked: {reason}")],
            Ok(answers) => {
                let faults = faults(&cluster, machine, &answers, &controller);
                faults.iter().map(|fault| format!("{}. To do: {}", fault.text, fault.remedy)).collect()
            }
        };
        for line in &lines {
            output::result(&format!("{}: {line}\n", machine.name))?;
        }
        if lines.is_empty() {
            output::result(&format!("{}: ok\n", machine.name))?;
        }
        count += lines.len();
        faulty += usize::from(!lines.is_empty());
    }
    if count > 0 {
        return Err(Exit::Cluster(format!("faults: {count}, on {faulty} of {} machines", machines.len())));
    }
    Ok(())
}

/// Asks a machine for its state. The error says why it does not answer and what to do.
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
            // The machine read its clock at some moment between the question and now.
            let ended = now();
            answers.clock = Some((there - (began + ended) / 2.0, (ended - began).abs() / 2.0));
        }
        answers.take(line);
    })?;
    if answers.is_whole() { Ok(answers) } else { Err("it stopped answering half-way".to_owned()) }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
