//! Sweeps from outside: the bytes of their rows, however and wherever they are computed, and what is refused.

mod damage;
mod holdout;
mod interruption;
mod looks;
mod neighbours;
mod placebo;
mod places;
mod refused;
mod same_bytes;
mod sealing;
mod space;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::sound_input;
use crate::support;

/// The top of a sweep of the sound strategy.
const HEAD: &str = "name = \"s\"\nstrategy = \"case.toml\"\n";
/// Twenty points, of which some never trade.
const AXES: &str = "[axes]\nn = { from = 1, to = 10, step = 1 }\n\"costs.commission\" = [0.0, 0.001]\n";

/// A folder with a sound strategy, sound prices and the sweep `s.toml`.
struct Place {
    folder: TempDir,
}

/// What a command left behind.
struct Seen {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Place {
    /// A place whose sweep has this text below its name and strategy.
    fn new(sweep: &str) -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        sound_input::write(folder.path());
        let place = Place { folder };
        place.write("s.toml", &format!("{HEAD}{sweep}"));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        support::write(self.folder.path(), name, text.as_bytes());
    }

    /// The program in this folder, outside any array job.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backtest"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for variable in ["RUST_BACKTRACE", "SLURM_ARRAY_TASK_ID", "SLURM_JOB_ID", "SLURM_RESTART_COUNT"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        seen(&self.command(arguments).output().expect("the command was built with the tests"))
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the command was built with the tests")
    }

    /// A run that must succeed.
    fn done(&self, arguments: &[&str]) -> Seen {
        let seen = self.run(arguments);
        assert_eq!(seen.code, Some(0), "{arguments:?}: {}", seen.stderr);
        seen
    }

    /// `sweep run s.toml --results r` with more arguments; gives the folder of the sweep.
    fn sweep(&self, arguments: &[&str]) -> PathBuf {
        let seen = self.done(&[&["sweep", "run", "s.toml", "--results", "r"], arguments].concat());
        self.path(seen.stdout.trim_end())
    }

    /// `sweep status FOLDER --json`.
    fn status(&self, folder: &Path) -> Value {
        let folder = folder.to_str().expect("a path of text");
        let seen = self.done(&["sweep", "status", folder, "--json"]);
        serde_json::from_str(&seen.stdout).expect("JSON on standard output")
    }
}

fn seen(output: &Output) -> Seen {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the command writes UTF-8");
    Seen { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Names in the folder of shards, in order.
fn shard_names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("shards")) else { return Vec::new() };
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("the folder can be read").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Names of tables in the folder of shards, in order.
fn tables(folder: &Path) -> Vec<String> {
    let mut names = shard_names(folder);
    names.retain(|name| name.ends_with(".csv") && !name.starts_with('.'));
    names
}

/// The rows of all shards by point, without headers. Rows that stand twice must agree.
fn rows(folder: &Path) -> BTreeMap<u64, String> {
    let mut rows = BTreeMap::new();
    let mut header = None;
    for name in tables(folder) {
        let text = fs::read_to_string(folder.join("shards").join(&name)).expect("a text file");
        let (first, rest) = text.split_once('\n').expect("a header");
        assert_eq!(header.get_or_insert(first.to_owned()), first, "{name}");
        let mut points = Vec::new();
        for line in rest.split_inclusive('\n') {
            let point: u64 = line.split(',').next().unwrap_or_default().parse().expect("a point first");
            points.push(point);
            if let Some(other) = rows.insert(point, line.to_owned()) {
                assert_eq!(other, line, "{name}");
            }
        }
        assert!(points.is_sorted_by(|a, b| a < b), "{name} is in order: {points:?}");
        let ends = [points[0], points[points.len() - 1]].map(|point| format!("{point:09}")).join("-");
        assert_eq!(name.split('.').next(), Some(ends.as_str()), "a shard is named by its ends");
    }
    rows
}

/// Header and rows as one text, in order of the points.
fn points_csv(folder: &Path) -> String {
    let first = tables(folder).into_iter().next().expect("a shard");
    let text = fs::read_to_string(folder.join("shards").join(first)).expect("a text file");
    let header = text.split_inclusive('\n').next().expect("a header").to_owned();
    header + &rows(folder).into_values().collect::<String>()
}

/// The rows of a folder, each a map from column to cell.
fn table(folder: &Path) -> Vec<BTreeMap<String, String>> {
    let text = points_csv(folder);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a table")).collect()
}
