//! The rows of a sweep ranked, judged and entered into the ledger. Draws nothing and writes no table.

use super::error::SweepError;
use super::gathered::{Gathered, above};
use super::listener::Listener;
use super::plan::Plan;
use super::ranked::Ranked;
use super::verdict::examination::{LedgerFaults, Sources, SweepVerdict, judge};
use super::verdict::family::priced;

/// What is asked of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Whether the best point is real.
    pub verdict: bool,
    /// Whether to make the placebo worlds that nobody has to ask for.
    pub placebo: bool,
}

/// What a ranking is worth.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The verdict on the best point, if it was asked for.
    pub examined: Option<SweepVerdict>,
    /// The sweep with its prices, or why they cannot be had.
    pub priced: Result<Plan, SweepError>,
    /// Faults of files of the ledger.
    pub ledger: LedgerFaults,
}

/// Judges the best point and enters the sweep into the ledger, unless nobody asks for the verdict.
///
/// Prices that are not there are no error: then returns are missing, and the verdict says so. Nor are faults of the ledger.
pub(crate) fn judged(ranked: &Ranked, asked: Asked, writer: &str, listener: &dyn Listener) -> Judged {
    let Gathered { results, plan, absent, .. } = ranked.gathered;
    let above = above(results);
    // Reading the plan anew checks the prices against its seal.
    let priced = priced(results);
    let (examined, ledger) = if asked.verdict {
        let sources = Sources {
            plan,
            priced: &priced,
            results,
            above: &above,
            table: &ranked.table,
            rank: &ranked.rank,
            board: &ranked.board,
            writer,
            makes_worlds: asked.placebo,
            absent: *absent,
            listener,
        };
        let (verdict, ledger) = judge(&sources);
        (Some(verdict), ledger)
    } else {
        (None, LedgerFaults::default())
    };
    Judged { examined, priced, ledger }
}
