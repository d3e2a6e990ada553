//! The program for 64-bit Arm, run by an emulator: its shards are those of this machine, byte for byte.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{files_of, project, write};

const HERE: &str = env!("CARGO_BIN_EXE_backtest");
const EMULATOR: &str = "qemu-aarch64-static";

/// Everything that a processor or a C library could compute in another way.
const STRATEGY: &str = r#"
name = "s"
parameters = { n = 20, p = 1.5 }
universe = { assets = ["AAPL", "IBM", "MSFT"] }
alpha = { weights = "share(exp(log(close) / n) ^ p + sqrt(volatility(n)) + zscore(close, n) ^ 2 + abs(ema(n) - sma(n)) / atr(n))" }
rebalance = { schedule = "weekly", weekday = "WED" }
costs = { commission = 0.001, slippage = 0.0005 }
portfolio = { initial_cash = 1e6, long_only = { cash_buffer = 0.01 } }
period = { start = 2000-03-01, end = 2013-03-01 }
data = { prices = "PRICES" }
"#;
const SWEEP: &str = "name = \"s\"\nstrategy = \"s.toml\"\n[axes]\nn = [5, 20, 61, 200]\np = { from = 0.5, to = 3.0, step = 0.25 }\n";

fn ok(program: &[&str], folder: &Path, arguments: &[&str]) {
    let output =
        Command::new(program[0]).args(&program[1..]).args(arguments).current_dir(folder).output().unwrap();
    assert!(
        output.status.success(),
        "{program:?} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn shards_of_both_processors_are_equal_and_mix() {
    let Some(there) = std::env::var("BACKTEST_AARCH64").ok() else {
        println!("skipped: BACKTEST_AARCH64 does not name what scripts/build-aarch64 made");
        return;
    };
    let there = [EMULATOR, "-cpu", "cortex-a72", &there];
    let kept = tempfile::tempdir().unwrap();
    let strategy = STRATEGY.replace("PRICES", project("data/prices").to_str().unwrap());
    write(kept.path(), "s.toml", strategy.as_bytes());
    write(kept.path(), "s_sweep.toml", SWEEP.as_bytes());
    let shipped = project("sweeps/momentum.toml");
    for sweep in ["s_sweep.toml", shipped.to_str().unwrap()] {
        // One point a shard: otherwise time decides where a shard ends, and an emulator is slow.
        for (program, results) in [(&[HERE][..], "here"), (&there[..], "there")] {
            ok(program, kept.path(), &["sweep", "run", sweep, "--results", results, "--shard-points", "1"]);
        }
        for (program, task) in [(&[HERE][..], "0"), (&there[..], "1")] {
            let task = ["run", "--params", sweep, "--results", "mixed", "--task", task, "--tasks", "2"];
            ok(program, kept.path(), &task);
        }
    }
    let mut compared = 0;
    let sweeps = files_of(&kept.path().join("here"), &[""]);
    for sweep in &sweeps {
        let other = kept.path().join("there").join(sweep.file_name().unwrap());
        for shard in files_of(&sweep.join("shards"), &[".csv", ".blocks"]) {
            let twin = other.join("shards").join(shard.file_name().unwrap());
            assert!(fs::read(&shard).unwrap() == fs::read(&twin).unwrap(), "{} differs", twin.display());
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * (44 + 48));
    for results in ["here", "mixed"] {
        ok(&[HERE], kept.path(), &["sweep", "aggregate", "--strict", results]);
    }
    for sweep in &sweeps {
        let points = |folder: &Path| fs::read(folder.join("aggregate/points.csv")).unwrap();
        let mixed = kept.path().join("mixed").join(sweep.file_name().unwrap());
        assert!(points(sweep) == points(&mixed), "{}", mixed.display());
    }
}
