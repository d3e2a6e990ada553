//! Runs the built command and finds files. Knows nothing of cases or of what a run should give.
#![allow(dead_code, reason = "tests from inside and from outside each use a part")]

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;
use serde_json::Value;

/// What one run of the command left behind.
pub struct Run {
    pub code: Option<i32>,
    pub stderr: String,
    /// The text of `out.json`, if it was written.
    pub output: Option<String>,
}

/// The built program. Cargo names it to tests from outside; those from inside look beside themselves.
pub fn program() -> PathBuf {
    if let Some(program) = option_env!("CARGO_BIN_EXE_backtest") {
        return program.into();
    }
    let own = std::env::current_exe().expect("this program has a path");
    let program = own.ancestors().nth(2).expect("a folder above").join("backtest");
    assert!(program.is_file(), "{}: made by `cargo test`, not by `cargo test --lib`", program.display());
    program
}

/// `backtest run case.toml --output out.json`, with more arguments behind it, in a folder that holds the strategy file.
pub fn run_strategy(folder: &Path, arguments: &[String]) -> Run {
    let result = Command::new(program())
        .args(["run", "case.toml", "--output", "out.json"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the command was built with the tests");
    Run {
        code: result.status.code(),
        stderr: String::from_utf8_lossy(&result.stderr).into_owned(),
        output: std::fs::read_to_string(folder.join("out.json")).ok(),
    }
}

/// The whole number in an environment variable, or another one if it is not set.
pub fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// A path inside the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folder of reference material that may lie beside the project, or where `BACKTEST_SHARED` says.
///
/// Without it prints why the test that asks is skipped.
pub fn shared(test: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("BACKTEST_SHARED") {
        let named = PathBuf::from(named);
        assert!(named.is_dir(), "BACKTEST_SHARED names {}, which is no folder", named.display());
        return Some(named);
    }
    let beside = project("../shared");
    if beside.is_dir() {
        return Some(beside);
    }
    println!("skipped: {test} needs ../shared");
    None
}

/// Files of a folder whose names end in one of these, in order of name.
pub fn files_of(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    files.retain(|file| endings.iter().any(|ending| file.to_string_lossy().ends_with(ending)));
    files.sort();
    files
}

/// Reads JSON, gzip-compressed if the name ends in `.gz`.
pub fn read_json(path: &Path) -> Value {
    let mut file = File::open(path).expect("the file is there");
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).read_to_string(&mut text).expect("the file is gzip");
    } else {
        file.read_to_string(&mut text).expect("the file is text");
    }
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Paths of everything below a folder, in order.
pub fn names_below(folder: &Path) -> Vec<PathBuf> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            names.push(path);
        }
    }
    names.sort();
    names
}

/// Writes a file below a folder and makes the folders on the way.
pub fn write(folder: &Path, path: &str, content: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder can be made");
    std::fs::write(path, content).expect("a file can be written");
}
