//! The bytes of all that the program writes, against hashes that an earlier version left behind.
//!
//! Each file in `recorded/commands` is a list of command lines. They run one after the other in a folder that holds the shipped
//! strategies, sweeps and prices, and as `own` the files of `recorded/files`. What they say goes to `said.txt`, and every file that
//! they leave is hashed, `said.txt` too.
//!
//! `BACKTEST_RECORD=1` writes the hashes anew. `BACKTEST_RECORDED_PROGRAM=FILE` judges another program and keeps what it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::support::{files_of, names_below, project};

const HASHES: &str = "tests/recorded/hashes.txt";
/// What commands may use beside the program: on no `PATH` of theirs is a cluster that this machine may belong to.
const TOOLS: [&str; 4] = ["cat", "mkdir", "rm", "sed"];
/// What stands in place of the version.
const VERSION: &[u8] = b"VERSION";

#[test]
fn every_byte_is_as_recorded() {
    let given = std::env::var_os("BACKTEST_RECORDED_PROGRAM").map(PathBuf::from);
    let program = given.clone().unwrap_or_else(|| env!("CARGO_BIN_EXE_backtest").into());
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let bin = folder.path().join("bin");
    lay_out_bin(&program, &bin);
    let lists = files_of(&project("tests/recorded/commands"), &[".sh"]);
    assert!(!lists.is_empty());
    let version = version(&program);
    let mut lines: Vec<String> = thread::scope(|scope| {
        let start = |list: &PathBuf| {
            let (list, folder, bin, version) = (list.clone(), folder.path(), &bin, &version);
            scope.spawn(move || recorded(&list, folder, bin, version))
        };
        let started: Vec<_> = lists.iter().map(start).collect();
        started.into_iter().flat_map(|list| list.join().expect("the commands can be run")).collect()
    });
    lines.sort();
    if std::env::var_os("BACKTEST_RECORD").is_some() {
        fs::write(project(HASHES), lines.concat()).expect("the list can be written");
    }
    let known = fs::read_to_string(project(HASHES)).expect("the list of hashes is there");
    let faults = faults(&known, &lines.concat());
    if given.is_some() || !faults.is_empty() {
        println!("what was written is in {}", folder.keep().display());
    }
    assert!(
        faults.is_empty(),
        "{} files are not as recorded, compare them (diff -r) with those of an earlier program, which this test keeps with \
         BACKTEST_RECORDED_PROGRAM=FILE:\n{faults}",
        faults.lines().count()
    );
}

/// The program under its two names, and the tools.
fn lay_out_bin(program: &Path, bin: &Path) {
    fs::create_dir(bin).expect("a folder can be made");
    let program = fs::canonicalize(program).expect("the program is there");
    for name in ["backtest", "sweep"] {
        symlink(&program, bin.join(name)).expect("a link can be made");
    }
    for tool in TOOLS {
        let found = ["/bin", "/usr/bin"].map(|folder| Path::new(folder).join(tool));
        let found = found.iter().find(|file| file.is_file()).expect("a usual tool");
        symlink(found, bin.join(tool)).expect("a link can be made");
    }
    symlink(project("tests/recorded/files/sbatch"), bin.join("sbatch")).expect("a link can be made");
}

fn version(program: &Path) -> Vec<u8> {
    let output = Command::new(program).arg("--version").output().expect("the program runs");
    let word = output.stdout.split(u8::is_ascii_whitespace).nth(1);
    word.expect("a name and a version").to_owned()
}

/// Runs a list of commands and gives a line for each file: its name, hash and size.
fn recorded(list: &Path, folder: &Path, bin: &Path, version: &[u8]) -> Vec<String> {
    let name = list.file_stem().expect("a file").to_string_lossy();
    let place = folder.join(&*name);
    for (from, to) in [
        ("data", "data"),
        ("strategies", "strategies"),
        ("sweeps", "sweeps"),
        ("tests/recorded/files", "own"),
    ] {
        copy_below(&project(from), &place.join(to));
    }
    let before: BTreeSet<PathBuf> = names_below(&place).into_iter().collect();
    let said = place.join("said.txt");
    let text = fs::read_to_string(list).expect("a text file");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        say(line, &place, bin, &said);
    }
    let is_ours = |path: &PathBuf| path.is_file() && !before.contains(path) && is_compared(path);
    let line = |path: PathBuf| {
        let bytes = without(version, &fs::read(&path).expect("a file can be read"));
        let named = path.strip_prefix(folder).expect("a file below the folder").display();
        format!("{named} {} {}\n", blake3::hash(&bytes).to_hex(), bytes.len())
    };
    names_below(&place).into_iter().filter(is_ours).map(line).collect()
}

/// Runs one line and adds to a file what it says, with its exit code.
fn say(line: &str, place: &Path, bin: &Path, said: &Path) {
    let open = || OpenOptions::new().append(true).create(true).open(said).expect("a file can be written");
    writeln!(open(), "$ {line}").expect("a file can be written");
    let status = Command::new("/bin/sh")
        .args(["-c", line])
        .current_dir(place)
        .env_clear()
        .env("PATH", bin)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(open())
        .stderr(open())
        .status()
        .expect("a shell can be started");
    writeln!(open(), "[{}]", status.code().unwrap_or(-1)).expect("a file can be written");
}

/// Not the cache of prices, which holds times of files, and nothing that only a build with Parquet writes.
fn is_compared(path: &Path) -> bool {
    let name = path.file_name().expect("a file").to_string_lossy();
    !(name.starts_with('.') || name.ends_with(".parquet"))
}

/// The bytes with each version of the program replaced, for it changes more often than anything else.
fn without(version: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes;
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((first, after)) = rest.split_first() {
        match rest.strip_prefix(version) {
            Some(after) => {
                out.extend(VERSION);
                rest = after;
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// A line for each file that differs, is missing or is new.
fn faults(known: &str, found: &str) -> String {
    // A name has blanks in it at most; hash and size have none.
    let by_name = |text: &str| -> BTreeMap<String, String> {
        let mut lines = BTreeMap::new();
        for line in text.lines() {
            let words: Vec<&str> = line.rsplitn(3, ' ').collect();
            lines.insert(words[2].to_owned(), line.to_owned());
        }
        lines
    };
    let (known, found) = (by_name(known), by_name(found));
    let names: BTreeSet<&String> = known.keys().chain(found.keys()).collect();
    let what = |name: &String| match (known.get(name), found.get(name)) {
        (Some(known), Some(found)) if known == found => None,
        (Some(_), Some(_)) => Some("differs"),
        (Some(_), None) => Some("is missing"),
        (None, _) => Some("is new"),
    };
    names.iter().filter_map(|name| Some(format!("  {name} {}\n", what(name)?))).collect()
}

fn copy_below(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for path in names_below(from) {
        let inside = to.join(path.strip_prefix(from).expect("a path below the folder"));
        match path.is_dir() {
            true => fs::create_dir_all(&inside).expect("a folder can be made"),
            false => drop(fs::copy(&path, &inside).expect("a file can be copied")),
        }
    }
}
