//! The folder of one sweep's results: its plan and its shards. The folder is listed and compared with the plan; names are
//! never probed, for a network share may remember for half a minute that a file was missing.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::kept::Kept;
use super::maker;
use super::plan::Plan;
use super::shard::{self, Shard, ShardName, write_whole};

const PLAN_FILE: &str = "plan.toml";

/// The folder of one sweep's results.
#[derive(Debug, Clone)]
pub(crate) struct Results {
    /// The folder.
    pub folder: PathBuf,
    seal: blake3::Hash,
    digits: usize,
}

/// What the shards of a folder cover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// Shards that are whole and belong to the sweep, in order.
    pub whole: Vec<ShardName>,
    /// Tables that do not: they count as missing.
    pub damaged: Vec<ShardName>,
}

/// The sweeps that a path names.
#[derive(Debug)]
pub(crate) struct Found {
    /// Their folders, by name.
    pub folders: Vec<PathBuf>,
    /// Whether the path is a sweep's own folder, not one above those of several.
    pub is_own: bool,
}

impl Results {
    /// The folder of a plan's results below `results`, which need not exist.
    pub(crate) fn new(plan: &Plan, results: &Path) -> Results {
        Results { folder: results.join(plan.folder_name()), seal: plan.seal, digits: plan.digits() }
    }

    /// A folder that holds a plan, with that plan.
    ///
    /// # Errors
    /// The plan cannot be read, the file is no plan, or a program with another revision of the results made it.
    pub(crate) fn open(folder: &Path, budget_bytes: usize) -> Result<(Results, Plan), SweepError> {
        let plan = Plan::as_sealed(maker::read_plan(&folder.join(PLAN_FILE))?, budget_bytes)?;
        let results = Results { folder: folder.to_owned(), seal: plan.seal, digits: plan.digits() };
        Ok((results, plan))
    }

    /// The folders of sweeps: a folder with a plan itself, else those below it that have one, by name. Whether a plan can be
    /// read is not asked.
    ///
    /// # Errors
    /// The folder cannot be listed, or there is no plan.
    pub(crate) fn find(path: &Path) -> Result<Found, SweepError> {
        if has_plan(path) {
            return Ok(Found { folders: vec![path.to_owned()], is_own: true });
        }
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                SweepError::Missing(format!("{}: no such folder of results", path.display()))
            }
            _ => SweepError::Io { path: path.to_owned(), error },
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let folder = entry.map_err(failed)?.path();
            if has_plan(&folder) {
                found.push(folder);
            }
        }
        found.sort();
        if found.is_empty() {
            Err(SweepError::Missing(format!(
                "{}: no sweep here: no folder has a {PLAN_FILE}",
                path.display()
            )))
        } else {
            Ok(Found { folders: found, is_own: false })
        }
    }

    /// Where the shards are.
    pub(crate) fn shards(&self) -> PathBuf {
        self.folder.join("shards")
    }

    /// Where the plan is.
    pub(crate) fn plan_file(&self) -> PathBuf {
        self.folder.join(PLAN_FILE)
    }

    /// Makes the folder and writes the plan into it, unless just this text is there.
    ///
    /// # Errors
    /// The folder cannot be made or written to, or holds the results of another sweep.
    pub(crate) fn prepare(&self, plan_text: &str, writer: &str) -> Result<(), SweepError> {
        let shards = self.shards();
        fs::create_dir_all(&shards).map_err(|error| SweepError::Create { path: shards, error })?;
        let path = self.plan_file();
        match fs::read_to_string(&path) {
            Ok(text) if text == plan_text => return Ok(()),
            Ok(text) if !text.contains(&format!("seal = \"{}\"", self.seal)) => {
                let path = path.display();
                return Err(SweepError::Data(format!(
                    "{path}: the folder belongs to a sweep with another seal"
                )));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(SweepError::Io { path, error }),
        }
        write_whole(&path, plan_text.as_bytes(), writer)
    }

    /// Takes away the temporary files of writers that are gone.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub(crate) fn remove_temporaries(&self, is_gone: impl Fn(&str) -> bool) -> Result<(), SweepError> {
        for folder in [&self.folder, &self.shards()] {
            shard::remove_temporaries(folder, &is_gone)?;
        }
        Ok(())
    }

    /// Takes away those of some damaged shards whose points lie in `range` and have rows elsewhere: they would be reported
    /// for ever.
    ///
    /// # Errors
    /// The folder or a shard cannot be read.
    pub(crate) fn remove_damaged(
        &self,
        damaged: &[ShardName],
        range: &Range<u64>,
        kept: &Kept,
    ) -> Result<(), SweepError> {
        if damaged.is_empty() {
            return Ok(());
        }
        let coverage = self.coverage(range)?;
        // Those that were written again under the same name are whole by now.
        for &name in coverage.damaged.iter().filter(|name| damaged.contains(name)) {
            let inside = range.start <= name.first && name.last < range.end;
            if inside && coverage.missing(name.first..name.last + 1, kept).is_empty() {
                shard::remove(&self.shards(), name, self.digits);
            }
        }
        Ok(())
    }

    /// The names of all shards, in order, whole or not.
    ///
    /// # Errors
    /// The folder is there and cannot be listed.
    pub(crate) fn names(&self) -> Result<Vec<ShardName>, SweepError> {
        let shards = self.shards();
        let failed = |error: io::Error| SweepError::Io { path: shards.clone(), error };
        let entries = match fs::read_dir(&shards) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(failed)?.file_name();
            let name = file.to_str().and_then(ShardName::parse);
            names.extend(name.filter(|name| file.to_str() == Some(&name.table_file(self.digits))));
        }
        names.sort();
        Ok(names)
    }

    /// A shard's content; `None` if it is not whole or of another sweep.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn read(&self, name: ShardName) -> Result<Option<Shard>, SweepError> {
        shard::read(&self.shards(), name, self.digits, &self.seal)
    }

    /// Writes a shard.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, name: ShardName, shard: &Shard, writer: &str) -> Result<(), SweepError> {
        shard::write(&self.shards(), name, self.digits, &self.seal, shard, writer)
    }

    /// Reads all shards that touch a range of points and sorts them into whole and damaged ones.
    ///
    /// # Errors
    /// The folder or a shard cannot be read.
    pub(crate) fn coverage(&self, range: &Range<u64>) -> Result<Coverage, SweepError> {
        let mut coverage = Coverage::default();
        for name in self.names()? {
            if name.last < range.start || range.end <= name.first {
                continue;
            }
            match self.read(name)? {
                Some(_) => coverage.whole.push(name),
                None => coverage.damaged.push(name),
            }
        }
        Ok(coverage)
    }

    /// The path of a shard's table, for messages.
    pub(crate) fn table_path(&self, name: ShardName) -> PathBuf {
        self.shards().join(name.table_file(self.digits))
    }
}

/// Whether a folder holds a plan, or a folder in its place. Where that cannot be found out, reading it tells why.
pub(crate) fn has_plan(folder: &Path) -> bool {
    match fs::metadata(folder.join(PLAN_FILE)) {
        Ok(found) => found.is_file() || found.is_dir(),
        Err(error) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
    }
}

impl Coverage {
    /// The parts of a range of points that no whole shard covers and in which points exist, in order.
    pub(crate) fn missing(&self, range: Range<u64>, kept: &Kept) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut next = range.start;
        let mut push = |gap: Range<u64>| {
            if gap.start < gap.end && kept.indices(gap.clone()).next().is_some() {
                missing.push(gap);
            }
        };
        for name in &self.whole {
            push(next..name.first.min(range.end));
            next = next.max(name.last + 1);
        }
        push(next..range.end);
        missing
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::sweep::space::{Design, Space};

    #[test]
    fn what_no_shard_covers_is_missing() {
        let space = Space { axes: Vec::new(), design: Design::List, keep: None, defaults: Vec::new() };
        let kept = Kept::new(Arc::new(space), 100);
        let shard = |first, last| ShardName { first, last };
        let missing = |whole: &[ShardName], range| {
            Coverage { whole: whole.to_vec(), damaged: Vec::new() }.missing(range, &kept)
        };
        let all = std::slice::from_ref::<Range<u64>>;
        assert_eq!(missing(&[], 0..100), all(&(0..100)));
        assert_eq!(missing(&[shard(0, 99)], 0..100), []);
        assert_eq!(missing(&[shard(0, 9), shard(5, 19), shard(6, 7), shard(50, 99)], 0..100), all(&(20..50)));
        assert_eq!(missing(&[shard(10, 19)], 15..25), all(&(20..25)));
        assert_eq!(missing(&[shard(10, 19)], 0..15), all(&(0..10)));
        assert_eq!(missing(&[shard(10, 19), shard(40, 49)], 5..45), [5..10, 20..40]);
    }
}
