//! The reference of keys, generated from their rows; and the files that `backtest new` writes, held to them.

use std::fs;

use crate::config::document::Document;
use crate::config::schema::{Key, KeyDefault, Kind, Range, Schema};
use crate::slurm::keys::SLURM;
use crate::slurm::settings::JobSettings;
use crate::strategy::definition::Strategy;
use crate::strategy::keys::STRATEGY;
use crate::sweep::definition::Sweep;
use crate::sweep::keys::SWEEP;

use super::{check_generated, printed};
use crate::inside::support::project;

fn type_of(key: &Key) -> String {
    let name = match key.kind {
        Kind::Text | Kind::Line | Kind::Choice { .. } | Kind::Choices { .. } => "text",
        Kind::Folder | Kind::File => "text",
        Kind::Formula | Kind::Condition => "formula",
        Kind::ChoiceOrList { .. } => "text or list of texts",
        Kind::Lines => "list of texts",
        Kind::Conditions => "list of formulas",
        Kind::Boolean => "true or false",
        Kind::Number { .. } => "number",
        Kind::Whole { .. } => "whole number",
        Kind::WholeOr { word, .. } => return format!("whole number or `\"{word}\"`"),
        Kind::Moment { .. } => "moment",
        Kind::Date => "date",
        Kind::Ticker => "ticker",
        Kind::TickersOrFile => "list of tickers or text",
        Kind::Members => "text",
        Kind::NumberOrFormula { .. } => "number or formula",
        Kind::Values => "list or range",
        Kind::Table => "table",
        Kind::FileOrTable | Kind::TextOrTable(_) => "text or table",
    };
    name.to_owned()
}

fn default_of(key: &Key) -> String {
    match key.default {
        KeyDefault::Required => "required".to_owned(),
        KeyDefault::Optional => "none".to_owned(),
        KeyDefault::Is(number) => number.to_string(),
        KeyDefault::Flag(flag) => format!("`{flag}`"),
        KeyDefault::Named(name) => format!("`\"{name}\"`"),
        KeyDefault::As(words) => words.to_owned(),
    }
}

fn range_of(key: &Key) -> String {
    match key.kind {
        Kind::Number { range, .. } | Kind::NumberOrFormula { range, .. } => range.to_string(),
        Kind::Whole { range, .. } | Kind::WholeOr { range, .. } => range.to_string(),
        _ => String::new(),
    }
}

/// A table of some keys. There is a column of ranges if one of them has a range.
fn table(keys: &[&Key]) -> String {
    let ranges = keys.iter().any(|key| !range_of(key).is_empty());
    let range = |text: &str| match text {
        _ if !ranges => String::new(),
        "" => " |".to_owned(),
        text => format!(" {text} |"),
    };
    let mut text = format!("| Key | Type | Default |{} Meaning |\n", range("Range"));
    text += &format!("|---|---|---|{}---|\n", if ranges { "---|" } else { "" });
    for key in keys {
        let path = key.path.replace('*', "NAME");
        let (kind, default, about) = (type_of(key), default_of(key), key.about);
        text += &format!("| `{path}` | {kind} | {default} |{} {about} |\n", range(&range_of(key)));
    }
    text
}

/// Checks the tables of a document: its top keys under `top`, and those below each table with a heading of its own.
fn check_tables(file: &str, schema: &Schema, top: Option<&str>, tables: &[&str]) {
    let mut shown = 0;
    let mut check = |name: &str, keys: Vec<&Key>| {
        assert!(!keys.is_empty(), "{name}");
        shown += keys.len();
        check_generated(file, name, &table(&keys));
    };
    let keys = || schema.keys.iter();
    if let Some(name) = top {
        check(name, keys().filter(|key| key.table.is_empty()).collect());
    }
    for name in tables {
        let below = format!("{name}.");
        check(&format!("keys of {name}"), keys().filter(|key| key.path.starts_with(&below)).collect());
    }
    assert_eq!(shown, schema.keys.len(), "docs/{file} shows each key of its schema once");
}

#[test]
fn the_reference_of_keys_is_generated() {
    let tables = [
        "conventions",
        "parameters",
        "signals",
        "groups",
        "universe",
        "alpha",
        "rebalance",
        "portfolio",
        "costs",
        "period",
        "data",
        "statistics",
    ];
    check_tables("strategy-file.md", &STRATEGY, Some("keys of a strategy file"), &tables);
    let tables = ["axes", "points", "sample", "rank", "walk_forward", "holdout", "plan"];
    check_tables("sweep-file.md", &SWEEP, Some("keys of a sweep file"), &tables);
    check_tables("slurm.md", &SLURM, None, &["slurm"]);
}

/// The text of a new file with its commented keys taken in, and the names of those.
fn taken_in(text: &str) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let line = |line: &str| {
        let inside = line.strip_prefix("# ").unwrap_or("");
        let name = inside.split(['=', ' ']).next().unwrap_or("");
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let is_key = is_word && inside[name.len()..].trim_start().starts_with("= ");
        if is_key {
            names.push(name.to_owned());
        }
        let is_taken = is_key || inside.starts_with('[');
        format!("{}\n", if is_taken { inside } else { line })
    };
    (text.lines().map(line).collect(), names)
}

#[test]
fn a_new_file_names_keys_that_there_are_with_their_defaults() {
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), "new breakout");
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    let (strategy, names) = taken_in(&read("strategies/breakout.toml"));
    assert_eq!(
        names,
        ["weekday", "tax", "commission_per_share", "commission_minimum", "slippage", "cash_rate"]
    );
    let document = Document::new("breakout.toml", &strategy).unwrap();
    Strategy::from_document(&document, folder.path()).unwrap_or_else(|error| panic!("{error}"));
    for path in names.iter().filter_map(|name| STRATEGY.path_to(name)) {
        let (table, name) = path.split_once('.').unwrap();
        let written = document.table().require_table(table).unwrap().require(name).unwrap();
        if let KeyDefault::Is(default) = STRATEGY.key(&path).unwrap().default {
            assert_eq!(written.number().unwrap().value(), default, "{path}");
        }
    }
    let (sweep, names) = taken_in(&read("sweeps/breakout.toml"));
    assert_eq!(names, ["keep", "results", "tasks"]);
    let sweep = Sweep::parse("breakout.toml", &sweep, &folder.path().join("sweeps")).unwrap();
    assert!(JobSettings::from_document(&sweep.document).unwrap().is_some());
}

#[test]
fn a_range_is_told_as_it_is() {
    let told = |range: Range, noun: &str| [range.to_string(), range.expected(noun)];
    assert_eq!(told(Range::Above(0.0), "an amount"), ["above 0", "an amount above 0"]);
    assert_eq!(told(Range::AtLeast(0.0), "an amount"), ["0 or more", "an amount of 0 or more"]);
    assert_eq!(told(Range::Within(1.0, 5.0), "a number"), ["1 to 5", "a number from 1 to 5"]);
    assert_eq!(told(Range::Below(0.0, 1.0), "a part"), ["0 to below 1", "a part from 0 to below 1"]);
}

#[test]
fn the_fuzzer_of_strategies_knows_every_key() {
    let words = fs::read_to_string(project("fuzz/strategy.dict")).expect("the dictionary is there");
    for key in STRATEGY.keys.iter().filter(|key| key.name != "*") {
        let spellings = [format!("\"{}\"", key.name), format!("\"[{}]\"", key.name)];
        let is_there = words.lines().any(|line| spellings.iter().any(|spelling| spelling == line));
        assert!(is_there, "fuzz/strategy.dict has no line \"{}\"", key.name);
    }
}
