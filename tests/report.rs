//! The pages: `report.html` of an aggregate and the tear sheet of a run, judged from outside, as files and in a browser.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

mod browser;
mod chromium;
mod markup;
mod pages;
mod tear_sheet;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::aggregate::{aggregate, backtest, swept, text};
use crate::support::{project, write};

/// The page of a sweep of the shipped momentum strategy, with the folder that holds it.
fn report(name: &str, sweep: &str, more: &[&str]) -> (TempDir, PathBuf) {
    let (folder, results) = swept(name, sweep, &[]);
    let output = aggregate(&results, &[&["--quiet"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    (folder, results.join("aggregate/report.html"))
}

/// The page of a sweep of a strategy of its own, which reads the shipped prices.
fn report_of(strategy: &str, sweep: &str, more: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let prices = project("data/prices");
    write(folder.path(), "strategy.toml", format!("{strategy}\n[data]\nprices = {prices:?}\n").as_bytes());
    write(folder.path(), "sweep.toml", format!("strategy = \"strategy.toml\"\n{sweep}").as_bytes());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = backtest(&["sweep", "run", &path("sweep.toml"), "--quiet", "--results", &path("results")]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let results = PathBuf::from(text(&run.stdout).trim());
    let output = aggregate(&results, &[&["--quiet"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    (folder, results.join("aggregate/report.html"))
}

/// The tear sheet of a shipped strategy.
fn tear_sheet(strategy: &str, more: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("sheet.html");
    let strategy = format!("strategies/{strategy}.toml");
    let output =
        backtest(&[&["run", &strategy, "--quiet", "--report", page.to_str().unwrap()], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    (folder, page)
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(page).unwrap()
}

/// A strategy whose every text would like to be more than text.
const HOSTILE: &str = "name = \"<script>alert(1)</script>\"
description = \"\\\"><img src=x onerror=alert(2)> ' & </title></style></script>\"
[parameters]
n = 20
[universe]
assets = [\"IBM\", \"MSFT\"]
benchmark = \"IBM\"
[alpha]
weights = \"equal(sma(n) > 0)\"
[rebalance]
schedule = \"end_of_month\"
[portfolio]
initial_cash = 1000000.0
long_only = { cash_buffer = 0.01 }
[period]
start = 2005-01-03
end = 2007-12-31";
