//! The results of a sweep from its shards: merged, ranked, entered into the ledger, examined. Draws nothing and writes no
//! table.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::leaderboard::Leaderboard;
use super::listener::Listener;
use super::plan::Plan;
use super::rank::Rank;
use super::results::{Coverage, Results};
use super::table::{Table, merge};
use super::verdict::examination::{LedgerFaults, Sources, SweepVerdict, judge};
use super::verdict::family::priced;
use crate::strategy::figures::Metric;

/// The shards of a sweep, read and counted.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// The folder.
    pub results: Results,
    /// The sweep as it was sealed.
    pub plan: Plan,
    /// The shards.
    pub coverage: Coverage,
    /// Ranges of points without a row.
    pub missing: Vec<Range<u64>>,
    /// How many points these are.
    pub absent: u64,
}

impl Gathered {
    /// Reads the shards of a folder.
    ///
    /// # Errors
    /// The plan or a shard cannot be read.
    pub(crate) fn read(folder: &Path) -> Result<Gathered, SweepError> {
        let (results, plan) = Results::open(folder, 0)?;
        let everything = 0..plan.sweep.count;
        let coverage = results.coverage(&everything)?;
        let missing = coverage.missing(everything, &plan.kept);
        let absent = missing.iter().map(|gap| plan.kept.count_in(gap)).sum();
        Ok(Gathered { results, plan, coverage, missing, absent })
    }

    /// Merges the shards into one table. Writes its text to `out`, which is a file of this path.
    ///
    /// # Errors
    /// Shards contradict each other or cannot be read; the text cannot be written.
    pub(crate) fn merge(&self, path: &Path, out: &mut dyn Write) -> Result<Table, SweepError> {
        merge(&self.plan, &self.results, &self.coverage, path, out)
    }

    /// The table alone.
    ///
    /// # Errors
    /// Shards contradict each other or cannot be read.
    pub(crate) fn table(&self) -> Result<Table, SweepError> {
        self.merge(Path::new(""), &mut io::sink())
    }

    /// Ranks the rows by a figure, by that of the sweep if none is given.
    pub(crate) fn rank(&self, table: Table, metric: Option<Metric>) -> Ranked<'_> {
        let mut rank = self.plan.sweep.rank.clone();
        rank.metric = metric.unwrap_or(rank.metric);
        let board = Leaderboard::new(&self.plan, &table, &rank);
        Ranked { gathered: self, table, rank, board }
    }
}

/// The folder of all results, above that of a sweep.
pub(crate) fn above(results: &Results) -> PathBuf {
    let folder = &results.folder;
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
    real.parent().map_or(real.clone(), Path::to_owned)
}

/// The rows of a sweep in order.
#[derive(Debug)]
pub(crate) struct Ranked<'g> {
    /// The shards.
    pub gathered: &'g Gathered,
    /// The rows.
    pub table: Table,
    /// How they are ranked.
    pub rank: Rank,
    /// Their order.
    pub board: Leaderboard,
}

impl Ranked<'_> {
    /// Judges the best point and enters the sweep into the ledger, unless nobody asks for the verdict.
    ///
    /// Prices that are not there are no error: then returns are missing, and the verdict says so. Nor are faults of the ledger.
    pub(crate) fn judge(&self, asked: Asked, writer: &str, listener: &dyn Listener) -> Judged {
        let Gathered { results, plan, absent, .. } = self.gathered;
        let above = above(results);
        // Reading the plan anew checks the prices against its seal.
        let priced = priced(results);
        let (examined, ledger) = if asked.verdict {
            let sources = Sources {
                plan,
                priced: &priced,
                results,
                above: &above,
                table: &self.table,
                rank: &self.rank,
                board: &self.board,
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
}

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
