//! Groups of assets, as tables or as files of a strategy.

use std::collections::HashMap;
use std::path::Path;

use super::definition::Groups;
use super::error::BacktestError;
use super::keys::{self, STRATEGY};
use super::member_rows::read_ticker;
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::Table;
use crate::formula::check::is_ticker;
use crate::market::records::Records;
use crate::text::toml_text;

/// The key of a table of groups that names a file in place of them.
const FILE: &str = "file";
/// The columns of such a file.
const COLUMNS: [&str; 2] = ["symbol", "group"];

/// The groups of a strategy, whose files have been read in.
///
/// # Errors
/// A division that is no table of lists of tickers, an asset in two groups of one.
pub(super) fn groups(root: &Table) -> Result<Vec<Groups>, ConfigError> {
    let mut divisions = Vec::new();
    for field in root.inner(&STRATEGY, &keys::GROUPS)?.fields() {
        if !field.is_table() {
            return Err(field
                .expected("a table with a list of tickers for each group, or `{ file = \"sectors.csv\" }`"));
        }
        let mut groups = Vec::new();
        let mut known: HashMap<&str, (String, String)> = HashMap::new();
        for group in field.table()?.fields() {
            let tickers = group.texts()?;
            for ticker in &tickers {
                let symbol = ticker.text()?;
                if !is_ticker(symbol) {
                    return Err(ticker.error(format!(
                        "'{symbol}' is no ticker, expected letters, digits or any of . _ ^ = -"
                    )));
                }
                let place = (group.key.to_owned(), ticker.error("").location);
                if let Some((other, location)) = known.insert(symbol, place) {
                    let message = match other == group.key {
                        true => {
                            format!("'{symbol}' stands twice in the group '{other}', first at {location}")
                        }
                        false => format!(
                            "'{symbol}' is in the group '{}' and in '{other}' at {location}",
                            group.key
                        ),
                    };
                    return Err(ticker.error(message));
                }
            }
            let tickers = tickers.iter().map(|ticker| ticker.text().map(str::to_owned));
            groups.push((group.key.to_owned(), tickers.collect::<Result<_, _>>()?));
        }
        divisions.push(Groups { name: field.key.to_owned(), groups });
    }
    Ok(divisions)
}

/// Puts the content of the files that a strategy names for its groups in place of their names. A relative name begins at
/// `folder`, or at the working directory where an override gives it.
///
/// # Errors
/// A file cannot be read, or is wrong; the error has its line.
pub(crate) fn read_in(document: &mut Document, folder: &Path) -> Result<(), BacktestError> {
    let mut contents = Vec::new();
    if let Ok(table) = document.table().optional_table(keys::GROUPS.name) {
        for field in table.fields().filter(|field| field.is_table()) {
            let inner = field.table()?;
            let Some(file) = inner.get(FILE).filter(|file| file.text().is_ok()) else { continue };
            inner.allow(&[FILE])?;
            let base = if file.is_override() { Path::new("") } else { folder };
            contents.push((field.path.clone(), base.join(file.text()?)));
        }
    }
    for (key, path) in contents {
        let shown = path.display().to_string();
        let bytes =
            std::fs::read(&path).map_err(|error| BacktestError::Unreadable { path: shown.clone(), error })?;
        let table = table_of(&bytes)
            .map_err(|(line, message)| BacktestError::Universe(format!("{shown}:{line}: {message}")))?;
        document.set_by(&STRATEGY, shown, &format!("{key}={table}"))?;
    }
    Ok(())
}

/// The groups of a file, as a table in TOML, in the order in which they first appear.
fn table_of(bytes: &[u8]) -> Result<String, (u64, String)> {
    let mut records = Records::new(bytes);
    let mut columns: Option<[usize; 2]> = None;
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut known: HashMap<String, u64> = HashMap::new();
    while let Some(line) = records.advance().map_err(|error| (error.line, error.kind.to_string()))? {
        let record = records.record();
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let cell =
            |column: usize| String::from_utf8_lossy(record.get(column).unwrap_or_default()).trim().to_owned();
        let Some([symbol, group]) = columns else {
            let names: Vec<String> = (0..record.len()).map(|column| cell(column).to_lowercase()).collect();
            let column = |name: &str| {
                names.iter().position(|known| known == name).ok_or_else(|| {
                    (
                        line,
                        format!(
                            "the column '{name}' is missing, expected Symbol and Group, found {}",
                            names.join(", ")
                        ),
                    )
                })
            };
            columns = Some([column(COLUMNS[0])?, column(COLUMNS[1])?]);
            continue;
        };
        let (text, group) = (cell(symbol), cell(group));
        let symbol = read_ticker(&text).map_err(|message| (line, message))?.to_owned();
        if group.is_empty() {
            return Err((line, format!("'{symbol}' has no group")));
        }
        if let Some(first) = known.insert(symbol.clone(), line) {
            return Err((line, format!("the asset '{symbol}' stands twice, first on line {first}")));
        }
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, assets)) => assets.push(symbol),
            None => groups.push((group, vec![symbol])),
        }
    }
    if groups.is_empty() {
        return Err((1, "expected the columns Symbol and Group and at least one row".to_owned()));
    }
    let group = |(name, assets): &(String, Vec<String>)| {
        let assets: Vec<String> = assets.iter().map(|asset| toml_text::string(asset)).collect();
        format!("{} = [{}]", toml_text::string(name), assets.join(", "))
    };
    Ok(format!("{{ {} }}", groups.iter().map(group).collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_table_of_groups() {
        let text = b"name,GROUP,Symbol\n\"a, b\",tech,AAPL\r\n,energy,XOM\n\n,tech,\"BRK.B\"\n";
        assert_eq!(table_of(text).unwrap(), "{ \"tech\" = [\"AAPL\", \"BRK.B\"], \"energy\" = [\"XOM\"] }");
    }

    #[test]
    fn wrong_files_are_refused_with_their_line() {
        let refused = |text: &str| table_of(text.as_bytes()).unwrap_err();
        assert_eq!(refused("").0, 1);
        assert_eq!(refused("Symbol,Sector\nA,x\n").0, 1);
        assert_eq!(
            refused("Symbol,Group\nA,x\nA,y\n"),
            (3, "the asset 'A' stands twice, first on line 2".to_owned())
        );
        assert_eq!(refused("Symbol,Group\nA,\n"), (2, "'A' has no group".to_owned()));
        assert_eq!(refused("Symbol,Group\n../a,x\n").0, 2);
    }
}
