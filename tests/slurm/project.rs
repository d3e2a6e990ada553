//! Sweeps made for the tests: one that is done in a moment, one that takes long enough to be disturbed.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::cluster::Cluster;
use crate::pace;
use crate::support::write;

const QUICK: &str = r#"
name = "test"
parameters = { n = 20, k = 0.5 }
universe = { assets = ["AAPL", "IBM", "MSFT"] }
portfolio = { initial_cash = 1_000_000.0, long_only = { cash_buffer = 0.01 } }
period = { start = 2000-03-01, end = 2013-03-01 }
data = { prices = "prices" }
rebalance = { schedule = "end_of_month" }
alpha = { weights = "share(k / volatility(n))" }
"#;

/// A folder with a strategy and its prices.
pub struct Project {
    _kept: TempDir,
    pub folder: PathBuf,
    axes: String,
    points: u32,
}

impl Project {
    /// 48 points, a moment each.
    pub fn quick() -> Project {
        let axes = "n = { from = 20, to = 130, step = 10 }\nk = [0.5, 1.0, 1.5, 2.0]".to_owned();
        let project = Project::new(axes, 48);
        write(&project.folder, "strategy.toml", QUICK.as_bytes());
        pace::prices(&project.folder);
        project
    }

    /// So many points that one processor, with nothing else to do, takes this long.
    pub fn slow(cluster: &Cluster, time: Duration) -> Project {
        let points = cluster.pace.points(time);
        let project = Project::new(pace::slow_axes(points), points);
        pace::slow_strategy(&project.folder);
        project
    }

    fn new(axes: String, points: u32) -> Project {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().to_owned();
        Project { _kept: kept, folder, axes, points }
    }

    /// Writes the sweep file.
    pub fn sweep(&self, results: &Path, settings: &str) {
        let text = format!(
            "{}[axes]\n{}\n[slurm]\nresults = \"{}\"\n{settings}\n",
            pace::SWEEP,
            self.axes,
            results.display()
        );
        write(&self.folder, "sweep.toml", text.as_bytes());
    }

    /// The points of one of so many tasks.
    pub fn share(&self, task: u32, tasks: u32) -> Range<u32> {
        self.points * task / tasks..self.points * (task + 1) / tasks
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
