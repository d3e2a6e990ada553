//! What stops a computation before its end: a signal, or the end of the job's time.

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use signal_hook::consts::{SIGINT, SIGTERM};

use super::exit::Exit;
use super::{output, process};
use crate::slurm::{command, environment};

/// How long Slurm may take to answer.
pub(crate) const ANSWER_TIME: Duration = Duration::from_secs(20);
/// What stands for the end of the job's time where the number of a signal would.
const OUT_OF_TIME: usize = usize::MAX;

/// Set once something asks for a stop.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    /// Whether to stop.
    pub asked: Arc<AtomicBool>,
    /// What asked: a signal, or the end of time.
    by: Arc<AtomicUsize>,
}

/// From now on the signals that end a process, and a job's last minute, ask for a stop.
pub(crate) fn watch() -> Result<Stop, Exit> {
    let stop = Stop::default();
    for signal in [SIGINT, SIGTERM] {
        let failed = |error| Exit::Internal(format!("cannot watch for signals: {error}"));
        // Asked twice, the process ends at once: a shard is whole or not there.
        let code = 128 + signal;
        signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&stop.asked))
            .map_err(failed)?;
        signal_hook::flag::register_usize(signal, Arc::clone(&stop.by), signal as usize).map_err(failed)?;
        signal_hook::flag::register(signal, Arc::clone(&stop.asked)).map_err(failed)?;
    }
    if let Some(job) = environment::job(variable) {
        let (asked, by) = (Arc::clone(&stop.asked), Arc::clone(&stop.by));
        // Aside, for the answer may take a while and the work need not wait for it.
        thread::spawn(move || {
            let Some(left) = seconds_left(&job) else { return };
            thread::sleep(Duration::from_secs(environment::working_seconds(left)));
            // A signal that came first stays the reason.
            let _ = by.compare_exchange(0, OUT_OF_TIME, Ordering::Relaxed, Ordering::Relaxed);
            asked.store(true, Ordering::Relaxed);
        });
    }
    Ok(stop)
}

impl Stop {
    /// How the process ends, stopped after some points.
    pub(crate) fn exit(&self, text: String, done: u64) -> Exit {
        match self.by.load(Ordering::Relaxed) {
            OUT_OF_TIME => Exit::OutOfTime { text: format!("the job's time is nearly over: {text}"), done },
            signal if signal as i32 == SIGINT && stderr().is_terminal() => Exit::Interrupted(text),
            _ => Exit::Temporary(text),
        }
    }
}

/// A variable of the environment.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn seconds_left(job: &str) -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    environment::seconds_left(variable, now).or_else(|| {
        let answer = process::answer(&command::time_left(job), "", ANSWER_TIME).ok()?;
        environment::parse_time_left(&answer)
    })
}

/// Asks Slurm to run this task once more, for a job that ends by itself is not repeated. Without a point done it would only
/// happen again.
pub(crate) fn requeue(exit: Exit, quiet: bool) -> Exit {
    if let (Exit::OutOfTime { done: 1.., text }, Some(job)) = (&exit, environment::job(variable)) {
        // Said first, for Slurm ends this run as soon as it is asked for another.
        output::note(quiet, text);
        match process::answer(&command::requeue(&job), "", ANSWER_TIME) {
            Ok(_) => output::note(quiet, &format!("asked Slurm to go on with {job} in a new run")),
            Err(reason) => output::note(quiet, &format!("Slurm does not run {job} again: {reason}")),
        }
    }
    exit
}
