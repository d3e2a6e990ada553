//! The short examples in `docs/strategy-file.md`: each is a table of a strategy file, and the full example runs with it.

use super::{blocks, document};
use crate::inside::support::project;
use crate::strategy::definition::Strategy;
use crate::strategy::run::run;

/// The name of the table that begins with a line.
fn header(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.split_once(']').map(|(name, _)| name)
}

/// A strategy file with a table, in place of its own one of that name.
fn with_table(file: &str, table: &str) -> String {
    let name = table.lines().find_map(header).expect("an example is a table");
    let mut inside = false;
    let mut rest = String::new();
    for line in file.lines() {
        inside = header(line).map_or(inside, |header| header == name);
        if !inside {
            rest += &format!("{line}\n");
        }
    }
    rest + table
}

#[test]
fn the_short_examples_of_a_strategy_file_run() {
    let text = document("strategy-file.md");
    let blocks = blocks(&text, "toml");
    let ((_, full), examples) = blocks.split_first().expect("the full example");
    let mut tables = Vec::new();
    for (line, example) in examples {
        let place = format!("docs/strategy-file.md:{line}");
        let whole = with_table(full, example);
        let strategy = Strategy::parse(&place, &whole, &project("strategies"), &[]);
        let result = strategy.and_then(|strategy| run(&strategy));
        let result = result.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(result.outcome.fills > 1, "{place}: it trades");
        tables.extend(example.lines().find_map(header));
    }
    for table in ["universe", "rebalance", "portfolio", "costs"] {
        assert!(tables.contains(&table), "no example of '{table}'");
    }
}
