//! Reads `[data.columns]`: the columns of numbers from files that a strategy declares. Opens none of the files.

use std::path::Path;

use super::keys::{self, STRATEGY};
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::Key;
use crate::market::numbers::declaration::{Declaration, Layout, Timing};
use crate::text::nearest::nearest;

/// The keys that say where the rows of a column are, each with a layout of its own.
const PLACES: [Key; 4] = [keys::COLUMN_FOLDER, keys::COLUMN_FILE, keys::COLUMN_WIDE, keys::COLUMN_DATES];

/// The columns of the table `data`, in file order. A relative path begins at `folder`, or at the working directory where an
/// override gives it.
///
/// # Errors
/// A column without its keys or with some that do not go together, a wrong value.
pub(crate) fn number_columns(data: &Table, folder: &Path) -> Result<Vec<Declaration>, ConfigError> {
    let table = data.inner(&STRATEGY, &keys::COLUMNS)?;
    let fields: Vec<Field> = table.fields().collect();
    let declared: Vec<&str> =
        fields.iter().filter(|field| !field.is_added()).map(|field| field.key).collect();
    fields.iter().map(|field| declaration(field, folder, &declared)).collect()
}

/// One column. `declared` are the names of the columns that the file itself has.
fn declaration(field: &Field, folder: &Path, declared: &[&str]) -> Result<Declaration, ConfigError> {
    let table = field.table()?.checked(&STRATEGY)?;
    let (path, name) = (&field.path, field.key.to_owned());
    let mut places = PLACES.iter().filter_map(|key| table.find(key));
    let Some(place) = places.next() else {
        let misspelled = nearest(&name, declared.iter().copied()).filter(|_| field.is_added());
        return Err(field.key_error(match misspelled {
            Some(nearest) => format!("'{path}' is no column of the strategy; did you mean 'data.columns.{nearest}'?"),
            None => format!(
                "'{path}' names no file; write file = \"{name}.csv\", folder = \"...\", wide = \"...\" or dates = \"...\""
            ),
        }));
    };
    if let Some(second) = places.next() {
        let message = format!("'{path}' has both {} and {}, expected exactly one", place.key, second.key);
        return Err(second.key_error(message));
    }
    let header = || match table.find(&keys::COLUMN_NAME) {
        Some(field) => field.text().map(str::to_owned),
        None => Ok(name.clone()),
    };
    let (layout, meaningless) = match place.key {
        key if key == keys::COLUMN_DATES.name => {
            (Layout::Dates, vec![keys::COLUMN_LAG, keys::COLUMN_MAX_AGE, keys::COLUMN_NAME])
        }
        key if key == keys::COLUMN_WIDE.name => (Layout::Wide, vec![keys::COLUMN_KNOWN, keys::COLUMN_NAME]),
        key if key == keys::COLUMN_FILE.name => {
            (Layout::Long { column: header()? }, vec![keys::COLUMN_KNOWN])
        }
        _ => (Layout::Folder { column: header()? }, vec![keys::COLUMN_KNOWN]),
    };
    if let Some(field) = meaningless.iter().find_map(|key| table.find(key)) {
        let message = format!("'{}' has no meaning with '{}'", field.path, place.key);
        return Err(field.key_error(message));
    }
    let timing = timing(field, &table, &layout)?;
    // A relative path on the command line is relative to the working directory.
    let base = if place.is_override() { Path::new("") } else { folder };
    match place.text()? {
        text if text.is_empty() || text.contains('\0') => {
            let kind = if matches!(layout, Layout::Folder { .. }) { "folder" } else { "file" };
            Err(place.error(format!("'{}': expected the path of a {kind}", place.path)))
        }
        text => Ok(Declaration { name, path: base.join(text), layout, timing }),
    }
}

/// When the rows are known, which has no default: nobody but the writer of the strategy can know it.
fn timing(field: &Field, table: &Table, layout: &Layout) -> Result<Timing, ConfigError> {
    let name = field.key;
    if *layout == Layout::Dates {
        let known = table.find_whole(&keys::COLUMN_KNOWN)?;
        let missing = || format!("missing 'known': how many sessions ahead is a date of '{name}' announced?");
        return Ok(Timing::Ahead { known: known.ok_or_else(|| field.key_error(missing()))? });
    }
    let lag = table.find_whole(&keys::COLUMN_LAG)?;
    let missing = || {
        format!(
            "missing 'lag': how many sessions after its date is a number of '{name}' known? \
             0 if it was known by that day's close"
        )
    };
    Ok(Timing::After {
        lag: lag.ok_or_else(|| field.key_error(missing()))?,
        max_age: table.find_whole(&keys::COLUMN_MAX_AGE)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::document::Document;

    fn read(text: &str, overrides: &[&str]) -> Result<Vec<Declaration>, String> {
        let mut document = Document::new("case.toml", &format!("[data.columns]\n{text}\n")).unwrap();
        for assignment in overrides {
            document.set(&STRATEGY, assignment).unwrap();
        }
        let data = document.table().require_table("data").unwrap();
        number_columns(&data, Path::new("here"))
            .map_err(|error| format!("{}: {}", error.location, error.message))
    }

    #[test]
    fn a_column_is_read_in_each_form() {
        let text = "pe = { folder = '../f', column = 'PE', lag = 1, max_age = 20 }\nvix = { file = '/v.csv', lag = 0 }\n\
                    score = { wide = 's.csv', lag = 2 }\n[data.columns.fomc]\ndates = 'd.csv'\nknown = 250";
        let columns = read(text, &["data.columns.vix.lag=3", "data.columns.score.wide=t.csv"]).unwrap();
        let expected = |name: &str, path: &str, layout, timing| Declaration {
            name: name.to_owned(),
            path: path.into(),
            layout,
            timing,
        };
        let column = |name: &str| columns.iter().find(|column| column.name == name).unwrap();
        let folder = Layout::Folder { column: "PE".to_owned() };
        let after = |lag, max_age| Timing::After { lag, max_age };
        assert_eq!(*column("pe"), expected("pe", "here/../f", folder, after(1, Some(20))));
        let long = Layout::Long { column: "vix".to_owned() };
        assert_eq!(*column("vix"), expected("vix", "/v.csv", long, after(3, None)));
        assert_eq!(*column("score"), expected("score", "t.csv", Layout::Wide, after(2, None)));
        let ahead = Timing::Ahead { known: 250 };
        assert_eq!(*column("fomc"), expected("fomc", "here/d.csv", Layout::Dates, ahead));
        assert_eq!(columns.iter().map(|column| column.timing.to_string()).max().unwrap(), "lag 3");
        assert_eq!(column("pe").timing.to_string(), "lag 1 max_age 20");
        assert_eq!(column("fomc").timing.to_string(), "known 250");
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let refuse = |text: &str, expected: &str| assert_eq!(read(text, &[]).unwrap_err(), expected);
        refuse(
            "pe = { file = 'a' }",
            "case.toml:2:1: missing 'lag': how many sessions after its date is a number of 'pe' known? \
             0 if it was known by that day's close",
        );
        refuse(
            "fomc = { dates = 'a' }",
            "case.toml:2:1: missing 'known': how many sessions ahead is a date of 'fomc' announced?",
        );
        refuse(
            "pe = { lag = 1 }",
            "case.toml:2:1: 'data.columns.pe' names no file; write file = \"pe.csv\", folder = \"...\", wide = \"...\" or \
             dates = \"...\"",
        );
        refuse(
            "pe = { file = 'a', folder = 'b', lag = 1 }",
            "case.toml:2:8: 'data.columns.pe' has both folder and file, expected exactly one",
        );
        refuse(
            "pe = { wide = 'a', column = 'b', lag = 1 }",
            "case.toml:2:20: 'data.columns.pe.column' has no meaning with 'wide'",
        );
        refuse(
            "pe = { file = 'a', known = 1, lag = 1 }",
            "case.toml:2:20: 'data.columns.pe.known' has no meaning with 'file'",
        );
        for key in ["lag = 1", "max_age = 1", "column = 'x'"] {
            let name = key.split(' ').next().unwrap();
            refuse(
                &format!("pe = {{ dates = 'a', known = 1, {key} }}"),
                &format!("case.toml:2:32: 'data.columns.pe.{name}' has no meaning with 'dates'"),
            );
        }
        refuse(
            "pe = { file = 'a', lags = 1 }",
            "case.toml:2:20: unknown key 'lags' in [data.columns.pe]; did you mean 'lag'?",
        );
        refuse(
            "pe = 'a.csv'",
            "case.toml:2:6: 'data.columns.pe': expected a table, found the text \"a.csv\"",
        );
        refuse(
            "pe = { file = '', lag = 1 }",
            "case.toml:2:15: 'data.columns.pe.file': expected the path of a file",
        );
        for (lag, found) in [("-1", "the number -1"), ("1.5", "the number 1.5"), ("'1'", "the text \"1\"")] {
            refuse(
                &format!("pe = {{ file = 'a', lag = {lag} }}"),
                &format!(
                    "case.toml:2:26: 'data.columns.pe.lag': expected a whole number of sessions from 0 to 1000000, found {found}"
                ),
            );
        }
        assert_eq!(
            read("pe = { file = 'a', lag = 1 }", &["data.columns.p.lag=2"]).unwrap_err(),
            "--params data.columns.p.lag=2: 'data.columns.p' is no column of the strategy; did you mean 'data.columns.pe'?"
        );
    }
}
