//! The shards of a sweep's folder, read, counted and merged.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::table::{Table, merge};

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
}

/// The folder of all results, above that of a sweep.
pub(crate) fn above(results: &Results) -> PathBuf {
    let folder = &results.folder;
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
    real.parent().map_or(real.clone(), Path::to_owned)
}
