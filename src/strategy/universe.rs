//! Reads the table `universe` of a strategy file: which assets, and when they are members. Opens no file: their content stands
//! in place of their names already.

use std::collections::{HashMap, HashSet};

use super::error::BacktestError;
use super::keys::{self, STRATEGY};
use super::member_rows::{Assets, MemberRow, members};
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::Key;
use crate::engine::schedule::Period;
use crate::formula::check::is_ticker;
use crate::market::date::{Date, Instant};
use crate::market::universe::Tenure;
use crate::text::nearest::nearest;

/// What the table says of assets.
pub(super) struct UniverseKeys {
    /// Assets with the times of their membership, ascending, in the order of the universe.
    pub assets: Assets,
    /// Symbols whose spells all lie outside the period: they are no part of the strategy.
    pub left_out: Vec<String>,
    /// Asset whose buy-and-hold is reported for comparison.
    pub benchmark: Option<String>,
}

/// Reads the assets and the benchmark.
///
/// # Errors
/// A key of the table is missing or has a wrong value, or no member is left within the period.
pub(super) fn universe(root: &Table, period: &Period) -> Result<UniverseKeys, BacktestError> {
    let table = root.inner(&STRATEGY, &keys::UNIVERSE)?;
    let (mut assets, mut left_out) = (Vec::new(), Vec::new());
    match (table.find(&keys::ASSETS), table.find(&keys::MEMBERS)) {
        (Some(field), None) => {
            assets = listed_assets(&field)?;
            read_tenures(&table, &mut assets)?;
        }
        (None, Some(field)) => {
            for key in [keys::ENTRIES, keys::EXITS] {
                if let Some(field) = table.find(&key) {
                    let message =
                        format!("'{}' goes with 'assets': with 'members' its rows say when", key.path);
                    return Err(field.key_error(message).into());
                }
            }
            for (symbol, tenures) in listed_members(&field)? {
                match tenures.iter().all(|tenure| is_outside(tenure, period)) {
                    true => left_out.push(symbol),
                    false => assets.push((symbol, tenures)),
                }
            }
            if assets.is_empty() {
                let Period { start, end, .. } = period;
                let error =
                    field.error(format!("no symbol is a member between {} and {}", start.date, end.date));
                return Err(BacktestError::NoDay { file: Some(error.location), message: error.message });
            }
        }
        (Some(_), Some(field)) => {
            let message = "'universe' has both assets and members, expected exactly one";
            return Err(field.key_error(message).into());
        }
        (None, None) => {
            return Err(root.need(&keys::UNIVERSE)?.key_error(
                "'universe' has neither assets nor members, expected exactly one; write assets = [\"SPY\", \"AGG\"] or \
                 members = \"members.csv\"",
            ).into());
        }
    }
    let benchmark =
        table.find(&keys::BENCHMARK).map(|field| ticker(&field).map(str::to_owned)).transpose()?;
    Ok(UniverseKeys { assets, left_out, benchmark })
}

/// Whether a tenure lies outside the period: it ends at or before the date of the start, or begins after that of the end.
fn is_outside(tenure: &Tenure, period: &Period) -> bool {
    tenure.exit.is_some_and(|exit| exit.date <= period.start.date)
        || tenure.entry.is_some_and(|entry| entry.date > period.end.date)
}

/// The assets of a list of tickers, each a member at all times.
fn listed_assets(list: &Field) -> Result<Assets, ConfigError> {
    if list.list().is_none() {
        return Err(no_list(list, "a list of tickers, or the name of a file with one a line"));
    }
    let mut assets: Assets = Vec::new();
    let mut indices = HashMap::new();
    for field in list.texts()? {
        let symbol = ticker(&field)?;
        if indices.insert(symbol, assets.len()).is_some() {
            return Err(field.error(format!("the asset '{symbol}' stands twice in 'universe.assets'")));
        }
        assets.push((symbol.to_owned(), vec![Tenure::default()]));
    }
    if assets.is_empty() {
        return Err(list.error("'universe.assets': expected at least one asset"));
    }
    Ok(assets)
}

/// The members of a list of lists `[symbol, entry, exit]`.
fn listed_members(list: &Field) -> Result<Assets, ConfigError> {
    let Some(fields) = list.list() else {
        return Err(no_list(list, "the name of a CSV file of members"));
    };
    let expected = "a list of texts [symbol, entry, exit]";
    let row = |field: &Field| {
        let cells = field.texts().map_err(|_| field.expected(expected))?;
        let texts: Vec<&str> = cells.iter().map(Field::text).collect::<Result<_, _>>()?;
        let [symbol, entry, exit] = texts[..] else { return Err(field.expected(expected)) };
        MemberRow::read(symbol, [entry, exit], |text| Date::parse(text.as_bytes()))
            .map_err(|message| field.error(message))
    };
    let rows: Vec<MemberRow> = fields.iter().map(row).collect::<Result<_, _>>()?;
    members(&rows, |index| format!("row {}", index + 1)).map_err(|(row, message)| fields[row].error(message))
}

/// The error about a value that is no list. A text names a file, whose content would stand here if there could be such a file.
fn no_list(field: &Field, expected: &str) -> ConfigError {
    match field.text() {
        Ok(_) => field.error(format!("'{}': expected the name of a file", field.path)),
        Err(_) => field.expected(expected),
    }
}

/// Reads the entries and exits of the assets of a list.
fn read_tenures(table: &Table, assets: &mut Assets) -> Result<(), ConfigError> {
    let symbols: Vec<String> = assets.iter().map(|(symbol, _)| symbol.clone()).collect();
    let indices: HashMap<&str, usize> =
        symbols.iter().enumerate().map(|(index, symbol)| (symbol.as_str(), index)).collect();
    let index_of = |field: &Field, what: &str| {
        indices.get(field.key).copied().ok_or_else(|| {
            let help = did_you_mean(field.key, symbols.iter().map(String::as_str));
            field.key_error(format!("'{}' has an {what} but is not among 'universe.assets'{help}", field.key))
        })
    };
    let moments =
        |tables: &Key, key: &Key, what: &str| -> Result<Vec<(usize, Field, Instant)>, ConfigError> {
            let inner = table.inner(&STRATEGY, tables)?;
            let fields: Vec<Field> = inner.fields().collect();
            fields
                .into_iter()
                .map(|field| Ok((index_of(&field, what)?, field.clone(), field.moment(key)?)))
                .collect()
        };
    for (index, _, entry) in moments(&keys::ENTRIES, &keys::ENTRY, "entry")? {
        assets[index].1[0].entry = Some(entry);
    }
    for (index, field, exit) in moments(&keys::EXITS, &keys::EXIT, "exit")? {
        let tenure = &mut assets[index].1[0];
        if let Some(entry) = tenure.entry.filter(|entry| exit <= *entry) {
            return Err(
                field.error(format!("the exit {exit} of '{}' is not after its entry {entry}", field.key))
            );
        }
        tenure.exit = Some(exit);
    }
    Ok(())
}

/// What shares are worth after the end of their prices, by asset. `known` are the traded assets and the benchmark. Prices of
/// symbols that are left out are as well.
///
/// # Errors
/// A price is out of range, or of an asset that is neither traded nor the benchmark.
pub(super) fn final_prices(
    root: &Table,
    known: &HashSet<&str>,
    left_out: &[String],
) -> Result<Vec<(String, f64)>, ConfigError> {
    let left_out: HashSet<&str> = left_out.iter().map(String::as_str).collect();
    let table = root.inner(&STRATEGY, &keys::UNIVERSE)?.inner(&STRATEGY, &keys::FINAL_PRICES)?;
    let mut prices = Vec::new();
    for field in table.fields() {
        let price = field.number_in_range(&keys::FINAL_PRICE)?;
        if known.contains(field.key) {
            prices.push((field.key.to_owned(), price));
        } else if !left_out.contains(field.key) {
            let help = did_you_mean(field.key, known.iter().copied());
            let message =
                format!("'{}' has a final price but is neither traded nor the benchmark{help}", field.key);
            return Err(field.key_error(message));
        }
    }
    Ok(prices)
}

fn did_you_mean<'s>(name: &str, known: impl Iterator<Item = &'s str>) -> String {
    nearest(name, known).map_or(String::new(), |nearest| format!("; did you mean '{nearest}'?"))
}

/// The value of a key as a ticker.
///
/// # Errors
/// It is no ticker.
pub(super) fn ticker<'d>(field: &Field<'d>) -> Result<&'d str, ConfigError> {
    let symbol = field.text()?;
    if !is_ticker(symbol) {
        let message = format!("'{symbol}' is no ticker, expected letters, digits or any of . _ ^ = -");
        return Err(field.error(message));
    }
    Ok(symbol)
}
