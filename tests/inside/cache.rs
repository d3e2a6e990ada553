//! Backtests with a cache of their prices, sound or broken, against the same backtests without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::market::input::cache;
use crate::report::json;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::run;

use crate::inside::sound_input::{self, HEADER, rows};
use crate::inside::support::{self, files_of, project, run_strategy};

/// A strategy of the project on prices elsewhere.
fn strategy(path: &Path, prices: &Path) -> Strategy {
    let overrides = [format!("data.prices={}", prices.display())];
    Strategy::read(path, &overrides).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The whole result, or the message.
fn result(strategy: &Strategy) -> String {
    let result = match run::run(strategy) {
        Ok(result) => result,
        Err(error) => return error.to_string(),
    };
    let mut text = Vec::new();
    json::write_json(strategy, &result, &mut text).expect("a result can be written");
    String::from_utf8(text).expect("JSON is text")
}

/// The sample prices in a folder of their own.
fn copy_of_prices() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for file in files_of(&project("data/prices"), &[".csv"]) {
        fs::copy(&file, folder.path().join(file.file_name().expect("a name"))).expect("a file can be copied");
    }
    folder
}

/// A folder with a sound strategy and its prices.
fn case() -> (tempfile::TempDir, PathBuf, Vec<String>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    sound_input::write(folder.path());
    let prices = folder.path().join("prices");
    (folder, prices, ["AAA", "BBB"].map(str::to_owned).into())
}

#[test]
fn every_strategy_gives_the_same_bytes_with_a_cache() {
    let prices = copy_of_prices();
    let strategies = files_of(&project("strategies"), &[".toml"]);
    assert!(strategies.len() > 5, "{strategies:?}");
    for path in strategies {
        let from_files = strategy(&path, prices.path());
        let expected = result(&from_files);
        let file = cache::make(prices.path(), &from_files.symbols()).expect("the folder can be written");
        assert_eq!(result(&from_files), expected, "{}: from folder and cache", path.display());
        assert_eq!(result(&strategy(&path, &file)), expected, "{}: from the cache alone", path.display());
    }
}

#[test]
fn a_cache_that_is_damaged_anywhere_changes_no_result() {
    let prices = copy_of_prices();
    let path = project("strategies/momentum.toml");
    let from_files = strategy(&path, prices.path());
    let expected = result(&from_files);
    let file = cache::make(prices.path(), &from_files.symbols()).expect("the folder can be written");
    let whole = fs::read(&file).expect("the cache can be read");
    let alone = strategy(&path, &file);
    let mut refused = 0;
    // A step that is prime to the width of all columns comes by every kind of byte.
    for place in (0..whole.len()).step_by((whole.len() / 60) | 1) {
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        for bytes in [&damaged, &whole[..place].to_vec()] {
            fs::write(&file, bytes).expect("the cache can be written");
            assert_eq!(result(&from_files), expected, "byte {place}");
            match run::run(&alone) {
                Ok(_) => assert_eq!(result(&alone), expected, "byte {place}, the cache alone"),
                Err(error) => {
                    assert!(matches!(error, BacktestError::File(_)), "byte {place}: {error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 60, "{refused} files were refused");
}

#[test]
fn new_prices_are_used_at_once() {
    let (folder, prices, symbols) = case();
    let strategy = Strategy::read(&folder.path().join("case.toml"), &[]).expect("a sound strategy");
    cache::make(&prices, &symbols).expect("the folder can be written");
    let mut seen = vec![result(&strategy)];
    for price in [51.0, 52.0, 53.0] {
        // Of the same size, and within a moment.
        support::write(&prices, "BBB.csv", (HEADER.to_owned() + &rows(price)).as_bytes());
        let now = result(&strategy);
        assert!(!seen.contains(&now), "{price}: an old result");
        cache::make(&prices, &symbols).expect("the folder can be written");
        assert_eq!(result(&strategy), now, "{price}: with a new cache");
        seen.push(now);
    }
}

#[test]
fn messages_name_the_price_file() {
    let (folder, prices, symbols) = case();
    let strategy = Strategy::read(&folder.path().join("case.toml"), &[]).expect("a sound strategy");
    let broken = [
        "2020-01-08,1,1,1,1,1,1\n\n2020-01-09,0,1,1,1,1,1\n",
        "2020-01-06,1,1,1,1,1,1\n2020-01-07,1,1,1,1,1,1\n2020-01-06,1,1,1,1,1,1\n",
    ];
    for text in broken {
        support::write(&prices, "BBB.csv", (HEADER.to_owned() + text).as_bytes());
        let expected = result(&strategy);
        assert!(expected.contains("BBB.csv:4: "), "{expected}");
        cache::make(&prices, &symbols).expect("the folder can be written");
        assert_eq!(result(&strategy), expected);
    }
}

#[test]
fn the_command_uses_a_cache_and_makes_none() {
    let (folder, prices, symbols) = case();
    let before = support::names_below(&prices);
    let expected = run_strategy(folder.path(), &[]);
    assert_eq!((expected.code, support::names_below(&prices)), (Some(0), before));
    let file = cache::make(&prices, &symbols).expect("the folder can be written");
    let alone = folder.path().join("copied.prices");
    fs::rename(file, &alone).expect("a file can be renamed");
    fs::remove_dir_all(&prices).expect("a folder can be removed");
    let run = run_strategy(folder.path(), &["--params".into(), "data.prices=copied.prices".into()]);
    assert_eq!((run.code, run.output), (expected.code, expected.output), "{}", run.stderr);
    fs::write(&alone, &fs::read(&alone).expect("the cache can be read")[..100]).expect("it can be written");
    let run = run_strategy(folder.path(), &["--params".into(), "data.prices=copied.prices".into()]);
    assert_eq!(run.code, Some(65));
    assert!(run.stderr.contains("copied.prices: the cache of prices is damaged"), "{}", run.stderr);
}

#[test]
fn a_folder_that_cannot_be_written_goes_without() {
    let (folder, prices, symbols) = case();
    let strategy = Strategy::read(&folder.path().join("case.toml"), &[]).expect("a sound strategy");
    let expected = result(&strategy);
    let set_readonly = |readonly| {
        let mut permissions = fs::metadata(&prices).expect("the folder is there").permissions();
        permissions.set_readonly(readonly);
        fs::set_permissions(&prices, permissions).expect("its permissions can be set");
    };
    set_readonly(true);
    let made = cache::make(&prices, &symbols);
    assert_eq!(result(&strategy), expected);
    set_readonly(false);
    assert_eq!(made, None, "even for an administrator, to whom every folder can be written");
}

#[test]
fn tasks_that_start_together_get_the_same_bytes() {
    let (folder, prices, symbols) = case();
    let expected = run_strategy(folder.path(), &[]).output;
    let before = support::names_below(&prices).len();
    std::thread::scope(|scope| {
        let makers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| (0..20).for_each(|_| drop(cache::make(&prices, &symbols)))))
            .collect();
        let strategy = Strategy::read(&folder.path().join("case.toml"), &[]).expect("a sound strategy");
        while !makers.iter().all(|maker| maker.is_finished()) {
            assert_eq!(Some(result(&strategy) + "\n"), expected);
        }
    });
    assert_eq!(support::names_below(&prices).len(), before + 1, "one file came");
    assert_eq!(run_strategy(folder.path(), &[]).output, expected);
}

#[test]
fn sweeps_and_their_scripts_leave_a_cache() {
    for command in [&["run"][..], &["generate", "-o", "-"]] {
        let (folder, prices, symbols) = case();
        let before = support::names_below(&prices);
        let sweep = "name = \"s\"\nstrategy = \"case.toml\"\n[axes]\n\"costs.commission\" = [0.0, 0.01]\n";
        fs::write(folder.path().join("s.toml"), sweep).expect("a file can be written");
        let output = Command::new(support::program())
            .args(["sweep", command[0], "s.toml"])
            .args(&command[1..])
            .current_dir(folder.path())
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(support::names_below(&prices).len(), before.len() + 1, "{command:?}");
        let made = cache::make(&prices, &symbols).expect("it is there");
        assert!(made.is_file());
    }
}
