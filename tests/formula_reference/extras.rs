//! What a case may have beside prices and parameters, as text of the strategy and its files.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::columns::{Column, Whose};
use super::market::Spell;
use super::tree::Tree;

/// Groups with their assets.
pub type Groups = Vec<(String, Vec<String>)>;

/// What only some cases have.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Days are the dates of price rows in place of weekdays.
    pub sessions: bool,
    /// Assets of the universe with the spells in which they are members, in place of `entry`.
    pub spells: Vec<(String, Vec<Spell>)>,
    pub signals: Vec<(String, Tree)>,
    pub groups: Vec<(String, Groups)>,
    pub columns: Vec<(String, Form, Column)>,
}

/// How the files of a column are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A file an asset.
    Folder,
    /// A row an asset and date.
    Long,
    /// A column an asset.
    Wide,
}

impl Extras {
    /// `[signals]` and `[groups]`.
    pub fn definitions(&self) -> String {
        let mut text = String::new();
        let tables = [("signals", self.signals.is_empty()), ("groups", self.groups.is_empty())];
        for (table, is_empty) in tables {
            if is_empty {
                continue;
            }
            text += &format!("[{table}]\n");
            if table == "signals" {
                for (name, signal) in &self.signals {
                    text += &format!("{name} = '''\n{signal} # of this case\n'''\n");
                }
            }
            if table == "groups" {
                for (name, groups) in &self.groups {
                    let pairs: Vec<String> =
                        groups.iter().map(|(group, assets)| format!("{group} = {assets:?}")).collect();
                    text += &format!("{name} = {{ {} }}\n", pairs.join(", "));
                }
            }
            text.push('\n');
        }
        text
    }

    /// `[data.columns]`.
    pub fn columns_table(&self) -> String {
        if self.columns.is_empty() {
            return String::new();
        }
        let lines: Vec<String> = self.columns.iter().map(column_line).collect();
        format!("\n[data.columns]\n{}", lines.concat())
    }

    /// The files that it names.
    pub fn texts(&self) -> Vec<(String, String)> {
        let mut texts: Vec<(String, String)> = self.columns.iter().flat_map(column_texts).collect();
        if !self.spells.is_empty() {
            let date = |date: Option<NaiveDate>| date.map_or(String::new(), |date| date.to_string());
            let mut text = String::from("symbol,entry,exit\n");
            for (symbol, spells) in &self.spells {
                for spell in spells {
                    text += &format!("{symbol},{},{}\n", date(spell.entry), date(spell.exit));
                }
            }
            texts.push(("members.csv".into(), text));
        }
        texts
    }
}

fn column_line((name, form, column): &(String, Form, Column)) -> String {
    match column {
        Column::Dates { known, .. } => {
            format!("{name} = {{ dates = \"{name}.csv\", known = {known} }}\n")
        }
        Column::Numbers { lag, max_age, .. } => {
            let place = match form {
                Form::Folder => format!("folder = \"{name}\", column = \"number\""),
                Form::Long => format!("file = \"{name}.csv\""),
                Form::Wide => format!("wide = \"{name}.csv\""),
            };
            let age = max_age.map_or(String::new(), |age| format!(", max_age = {age}"));
            format!("{name} = {{ {place}, lag = {lag}{age} }}\n")
        }
    }
}

fn column_texts((name, form, column): &(String, Form, Column)) -> Vec<(String, String)> {
    let rows: Vec<(Whose, String)> = match column {
        Column::Dates { rows, .. } => rows.iter().map(|whose| (whose.clone(), String::new())).collect(),
        Column::Numbers { rows, .. } => {
            rows.iter().map(|(whose, x)| (whose.clone(), x.to_string())).collect()
        }
    };
    let assets: BTreeSet<String> = rows.iter().filter_map(|((_, symbol), _)| symbol.clone()).collect();
    let rows = &rows;
    let own = |asset: &String| {
        let asset = asset.clone();
        rows.iter().filter(move |((_, symbol), _)| symbol.as_ref() == Some(&asset))
    };
    if *form == Form::Folder {
        let of_asset = |asset: &String| {
            let lines: String = own(asset).map(|((date, _), x)| format!("{date},{x}\n")).collect();
            (format!("{name}/{asset}.csv"), format!("Date,number\n{lines}"))
        };
        return assets.iter().map(of_asset).collect();
    }
    let text = if *form == Form::Wide {
        let dates: BTreeSet<NaiveDate> = rows.iter().map(|((date, _), _)| *date).collect();
        let cell = |date: NaiveDate, asset: &String| {
            let found = own(asset).find(|((dated, _), _)| *dated == date);
            found.map_or(String::new(), |(_, x)| x.clone())
        };
        let line = |date: &NaiveDate| {
            let cells: String = assets.iter().map(|asset| format!(",{}", cell(*date, asset))).collect();
            format!("{date}{cells}\n")
        };
        let header: String = assets.iter().map(|asset| format!(",{asset}")).collect();
        format!("Date{header}\n{}", dates.iter().map(line).collect::<String>())
    } else {
        let is_for_all = assets.is_empty();
        let is_dates = matches!(column, Column::Dates { .. });
        let line = |((date, symbol), x): &(Whose, String)| {
            let symbol = symbol.as_ref().map_or(String::new(), |symbol| format!(",{symbol}"));
            let x = if is_dates { String::new() } else { format!(",{x}") };
            format!("{date}{symbol}{x}\n")
        };
        let header = format!(
            "Date{}{}\n",
            if is_for_all { "" } else { ",Symbol" },
            if is_dates { String::new() } else { format!(",{name}") }
        );
        header + &rows.iter().map(line).collect::<String>()
    };
    vec![(format!("{name}.csv"), text)]
}
