//! A strategy file as a list of keys, with the files beside it: what random cases are made of, and what makes one smaller.

use std::fmt::Write;
use std::path::Path;

use crate::support;

/// One key of the strategy file.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub table: &'static str,
    pub name: String,
    /// As TOML.
    pub value: String,
    /// Whether the strategy stands without it.
    pub optional: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub seed: u64,
    pub keys: Vec<Key>,
    /// Path and text.
    pub files: Vec<(String, String)>,
}

impl Case {
    pub fn strategy(&self) -> String {
        let mut tables: Vec<&str> = Vec::new();
        for key in &self.keys {
            if !tables.contains(&key.table) {
                tables.push(key.table);
            }
        }
        let mut text = format!("name = \"seed {}\"\n", self.seed);
        for table in tables {
            writeln!(text, "\n[{table}]").expect("a string takes everything");
            for key in self.keys.iter().filter(|key| key.table == table) {
                writeln!(text, "{} = {}", key.name, key.value).expect("a string takes everything");
            }
        }
        text
    }

    pub fn write(&self, folder: &Path) {
        for (path, text) in &self.files {
            support::write(folder, path, text.as_bytes());
        }
        support::write(folder, "case.toml", self.strategy().as_bytes());
    }

    /// All that is needed to run the case by hand.
    pub fn replay(&self) -> String {
        let mut text = format!("---- case.toml\n{}", self.strategy());
        for (path, content) in &self.files {
            write!(text, "---- {path}\n{content}").expect("a string takes everything");
        }
        text
    }

    /// The same case with one optional key less, with an earlier end, or without the rows after the end.
    pub fn smaller(&self) -> Vec<Case> {
        let optional = (0..self.keys.len()).filter(|place| self.keys[*place].optional);
        let mut cases: Vec<Case> = optional
            .map(|place| {
                let mut case = self.clone();
                case.keys.remove(place);
                case
            })
            .collect();
        let value = |name: &str| {
            let key = self.keys.iter().find(|key| key.table == "period" && key.name == name);
            let value = &key.expect("a period has both ends").value;
            value[..10].parse::<chrono::NaiveDate>().expect("a date")
        };
        let (start, end) = (value("start"), value("end"));
        let days = (end - start).num_days();
        for fewer in [days / 2, days / 8, 1].into_iter().filter(|fewer| *fewer > 0) {
            let mut case = self.clone();
            let last = case.keys.iter_mut().find(|key| key.table == "period" && key.name == "end");
            let earlier = end - chrono::TimeDelta::days(fewer);
            last.expect("a period has an end").value = earlier.to_string();
            cases.push(case);
        }
        let mut case = self.clone();
        for (_, text) in case.files.iter_mut().filter(|(path, _)| path.starts_with("prices/")) {
            let late = |line: &&str| line[..10].parse::<chrono::NaiveDate>().is_ok_and(|date| date > end);
            let kept: Vec<&str> = text.lines().filter(|line| !late(line)).collect();
            *text = kept.join("\n") + "\n";
        }
        if case != *self {
            cases.push(case);
        }
        cases
    }
}
