//! Sweeps made for the tests: one that is done in a moment, one that takes long enough to be disturbed.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::cluster::Cluster;
use crate::support::{files_of, project, write};

const STRATEGY: &str = r#"
name = "test"
parameters = { n = 20, k = 0.5 }
universe = { assets = ["AAPL", "IBM", "MSFT"] }
portfolio = { initial_cash = 1_000_000.0, long_only = { cash_buffer = 0.01 } }
period = { start = 2000-03-01, end = 2013-03-01 }
data = { prices = "prices" }
"#;
/// Signals that no two points share, and orders every day: several milliseconds a point.
const SLOW: &str = r#"
rebalance = { schedule = "daily" }
alpha = { weights = "share(abs(zscore(close * k, n)) + abs(zscore(open + k, n)) + rank(stdev(high * k, n)) + 1)" }
"#;
const QUICK: &str = r#"
rebalance = { schedule = "end_of_month" }
alpha = { weights = "share(k / volatility(n))" }
"#;

/// A folder with a strategy and its prices.
pub struct Project {
    _kept: TempDir,
    pub folder: PathBuf,
    axes: &'static str,
}

impl Project {
    /// 48 points, a moment each.
    pub fn quick() -> Project {
        Project::new(QUICK, "n = { from = 20, to = 130, step = 10 }\nk = [0.5, 1.0, 1.5, 2.0]")
    }

    /// 2,400 points, some 20 seconds of a processor in all.
    pub fn slow() -> Project {
        Project::new(SLOW, "n = { from = 101, to = 500, step = 1 }\nk = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75]")
    }

    fn new(alpha: &str, axes: &'static str) -> Project {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().to_owned();
        write(&folder, "strategy.toml", format!("{STRATEGY}{alpha}").as_bytes());
        for file in files_of(&project("data/prices"), &[".csv"]) {
            let name = file.file_name().unwrap().to_str().unwrap();
            write(&folder, &format!("prices/{name}"), &fs::read(&file).unwrap());
        }
        Project { _kept: kept, folder, axes }
    }

    /// Writes the sweep file.
    pub fn sweep(&self, results: &Path, settings: &str) {
        let text = format!(
            "name = \"test\"\nstrategy = \"strategy.toml\"\n[axes]\n{}\n[slurm]\nresults = \"{}\"\n{settings}\n",
            self.axes,
            results.display()
        );
        write(&self.folder, "sweep.toml", text.as_bytes());
    }

    /// The points as computed without Slurm.
    pub fn local(&self, cluster: &Cluster) -> String {
        let results = self.folder.join("local");
        // The sweep file may have been changed since.
        self.sweep(&self.folder, "tasks = 1");
        cluster.ok(&self.folder, &["sweep", "run", "sweep.toml", "--results", results.to_str().unwrap()]);
        cluster.points(&results)
    }
}
