//! What a long computation tells while it runs. Who listens decides what becomes of it: a line on a terminal, a widget,
//! nothing.

use std::fmt;
use std::path::PathBuf;

use crate::strategy::notice::Notice;
use crate::text::number::whole;
use crate::text::size::{bytes, duration};

/// Hears what a computation tells; what is not written is not heard. Its methods are called on the thread that called the
/// computation, which waits for them.
pub trait Listener {
    /// Something that a user should know and that is no error.
    fn note(&self, _note: &Note) {}

    /// How far the computation of points is: once before the first, then after each batch of them, several times a second if
    /// points are quick. Reading results computes none.
    fn progress(&self, _progress: Progress) {}
}

/// Hears nothing.
impl Listener for () {}

/// How far the computation of points is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Points to compute.
    pub todo: u64,
    /// Points computed.
    pub done: u64,
    /// Of them failed: they have a row with the reason.
    pub failed: u64,
}

/// Something that a user should know and that is no error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// About the strategy and its prices.
    Backtest(Notice),
    /// The files of a shard do not belong together or to this sweep: its points are computed again.
    DamagedAgain(PathBuf),
    /// The same while results are read: its points are left out.
    DamagedLeftOut(PathBuf),
    /// Some points have rows already.
    Present {
        /// How many.
        present: u64,
        /// Of how many.
        points: u64,
    },
    /// A file of placebo worlds is damaged, or of other points, another seed or other blocks: its worlds count as missing.
    WorldsLeftOut(PathBuf),
    /// Some placebo worlds are there already.
    WorldsPresent {
        /// How many.
        present: u64,
        /// Of how many.
        worlds: u64,
    },
    /// Placebo worlds are about to be computed.
    Worlds {
        /// How many.
        worlds: u64,
        /// Points in each.
        points: u64,
        /// About how many seconds of one processor they take.
        seconds: f64,
    },
    /// What the points will take, from a few that were timed.
    Estimate {
        /// Points to compute.
        points: u64,
        /// Seconds on the threads that there are.
        seconds: f64,
        /// Bytes on disk.
        bytes: f64,
    },
    /// Points are missing, and what follows rests on the others.
    Incomplete {
        /// How many are missing.
        missing: u64,
        /// Of how many.
        points: u64,
        /// The plan of the sweep.
        plan: PathBuf,
        /// The folder of all results.
        results: PathBuf,
    },
    /// What the tasks that own missing points say in their logs, a line for each reason.
    TaskErrors(Vec<String>),
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Backtest(notice) => notice.fmt(formatter),
            Note::DamagedAgain(table) => {
                write!(
                    formatter,
                    "{}: damaged or of another sweep: its points are computed again",
                    table.display()
                )
            }
            Note::DamagedLeftOut(table) => {
                write!(formatter, "{}: damaged or of another sweep, left out", table.display())
            }
            Note::WorldsLeftOut(path) => write!(
                formatter,
                "{}: damaged, or of other points, another seed or other blocks: its placebo worlds count as missing",
                path.display()
            ),
            Note::WorldsPresent { present, worlds } => {
                write!(formatter, "{present} of {worlds} placebo worlds are there already")
            }
            Note::Worlds { worlds, points, seconds } => write!(
                formatter,
                "{} points in each of {worlds} placebo worlds take about {} of a processor",
                whole(*points as f64),
                duration(*seconds)
            ),
            Note::TaskErrors(errors) => formatter.write_str(&errors.join("\n")),
            Note::Present { present, points } => {
                write!(formatter, "{present} of {points} points are there already")
            }
            Note::Estimate { points, seconds, bytes: needed } => {
                let (time, disk) = (duration(*seconds), bytes(*needed));
                write!(formatter, "{points} points take about {time} and {disk} of disk")
            }
            Note::Incomplete { missing, points, plan, results } => write!(
                formatter,
                "INCOMPLETE: {} of {} points are missing; what follows rests on the others. Compute them with: sweep run {} \
                 --results {}",
                whole(*missing as f64),
                whole(*points as f64),
                plan.display(),
                results.display()
            ),
        }
    }
}
