//! The assets of a universe and the spells in which they are members.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use toml::{Table, Value};

use super::refusal::{BAD_CONFIGURATION, BAD_DATA, Refusal, refuse};
use super::strategy::moment;

/// A member from `entry` on and before `exit`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    pub entry: Option<NaiveDateTime>,
    pub exit: Option<NaiveDateTime>,
}

impl Spell {
    fn covers(&self, instant: NaiveDateTime) -> bool {
        self.entry.is_none_or(|entry| entry <= instant) && self.exit.is_none_or(|exit| instant < exit)
    }

    fn overlaps(&self, other: &Spell) -> bool {
        let before =
            |a: &Spell, b: &Spell| a.exit.is_some_and(|exit| b.entry.is_some_and(|entry| exit <= entry));
        !before(self, other) && !before(other, self)
    }
}

pub fn in_a_spell(spells: &[Spell], instant: NaiveDateTime) -> bool {
    spells.iter().any(|spell| spell.covers(instant))
}

/// Whether one of the spells is over.
pub fn one_is_over(spells: &[Spell], instant: NaiveDateTime) -> bool {
    spells.iter().any(|spell| spell.exit.is_some_and(|exit| exit <= instant))
}

/// The `[universe]` table and the file that it may name.
pub fn read(
    universe: &Table,
    folder: &Path,
    start: NaiveDateTime,
    end: NaiveDateTime,
) -> Result<Vec<(String, Vec<Spell>)>, Refusal> {
    match (universe.get("assets"), universe.get("members")) {
        (Some(assets), None) => listed(universe, assets, folder),
        (None, Some(Value::String(file))) => {
            let text = std::fs::read_to_string(folder.join(file)).expect("the file of members is there");
            let rows = rows_of(&text, file)?;
            let outside = |spell: &Spell| {
                spell.exit.is_some_and(|exit| exit <= start.date().and_time(NaiveTime::MIN))
                    || spell.entry.is_some_and(|entry| entry.date() > end.date())
            };
            let kept: Vec<_> = rows.into_iter().filter(|(_, spells)| !spells.iter().all(outside)).collect();
            if kept.is_empty() { refuse(BAD_DATA, "no symbol left") } else { Ok(kept) }
        }
        _ => refuse(BAD_CONFIGURATION, "exactly one of assets and members"),
    }
}

fn listed(universe: &Table, assets: &Value, folder: &Path) -> Result<Vec<(String, Vec<Spell>)>, Refusal> {
    let tickers: Vec<String> = match assets {
        Value::String(file) => {
            let text = std::fs::read_to_string(folder.join(file)).expect("the file of assets is there");
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            lines.map(str::to_string).collect()
        }
        list => list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect(),
    };
    let at = |key: &str, ticker: &str| universe.get(key)?.get(ticker).map(|value| moment(value, 0, 0));
    let spell = |ticker: &str| Spell { entry: at("entry", ticker), exit: at("exit", ticker) };
    for ticker in &tickers {
        if let Spell { entry: Some(entry), exit: Some(exit) } = spell(ticker)
            && exit <= entry
        {
            return refuse(BAD_CONFIGURATION, format!("the exit of {ticker} is not after its entry"));
        }
    }
    Ok(tickers.iter().map(|ticker| (ticker.clone(), vec![spell(ticker)])).collect())
}

fn rows_of(text: &str, file: &str) -> Result<Vec<(String, Vec<Spell>)>, Refusal> {
    let mut lines = text.lines();
    let header: Vec<String> =
        lines.next().unwrap_or("").split(',').map(|name| name.trim().to_lowercase()).collect();
    let column = |name: &str| header.iter().position(|column| column == name);
    let mut symbols: Vec<(String, Vec<Spell>)> = Vec::new();
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |name: &str| column(name).and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        let date = |name: &str| match cell(name) {
            "" => None,
            text => Some(text.parse::<NaiveDate>().expect("a date").and_time(NaiveTime::MIN)),
        };
        let spell = Spell { entry: date("entry"), exit: date("exit") };
        let symbol = cell("symbol").to_string();
        match symbols.iter_mut().find(|(known, _)| *known == symbol) {
            None => symbols.push((symbol, vec![spell])),
            Some((_, spells)) if spells.iter().any(|known| known.overlaps(&spell)) => {
                return refuse(BAD_DATA, format!("{file}:{}: spells of {symbol} overlap", index + 2));
            }
            Some((_, spells)) => spells.push(spell),
        }
    }
    Ok(symbols)
}
