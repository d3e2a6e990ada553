//! The table `[walk_forward]` of a sweep file.

use crate::backtest::document::Document;
use crate::backtest::error::ConfigError;
use crate::stats::overfitting::walk_forward::Windows;

const KEYS: [&str; 4] = ["train", "test", "step", "anchored"];

/// The windows that a sweep file asks for, in weekdays. `None` without the table.
///
/// # Errors
/// A window that is missing or no positive number.
pub fn windows(document: &Document) -> Result<Option<Windows>, ConfigError> {
    let root = document.table();
    let Some(field) = root.get("walk_forward") else {
        return Ok(None);
    };
    let table = field.table()?;
    table.allow(&KEYS)?;
    let days = |key: &str, least: i64| -> Result<Option<usize>, ConfigError> {
        let Some(field) = table.get(key) else { return Ok(None) };
        let expected = format!("a number of weekdays from {least} to 1000000");
        let days = field.whole_where(|days| (least..=1_000_000).contains(&days), &expected)?;
        Ok(Some(days as usize))
    };
    table.require("train")?;
    table.require("test")?;
    let (train, test) = (days("train", 2)?.unwrap_or(2), days("test", 1)?.unwrap_or(1));
    let anchored = table.get("anchored").map_or(Ok(false), |field| field.boolean())?;
    Ok(Some(Windows { train, test, step: days("step", 1)?.unwrap_or(test), anchored }))
}

/// The windows as text of a sweep file.
pub fn to_toml(windows: &Windows) -> String {
    let Windows { train, test, step, anchored } = windows;
    format!("\n[walk_forward]\ntrain = {train}\ntest = {test}\nstep = {step}\nanchored = {anchored}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_written() {
        let read = |text: &str| windows(&Document::new("s.toml", text).unwrap());
        let found = read("[walk_forward]\ntrain = 500\ntest = 125").unwrap().unwrap();
        assert_eq!(found, Windows { train: 500, test: 125, step: 125, anchored: false });
        assert_eq!(read(&to_toml(&found)).unwrap(), Some(found));
        assert_eq!(read("name = \"a\"").unwrap(), None);
        for wrong in [
            "train = 500",
            "train = 0\ntest = 5",
            "train = 5\ntest = 5\nwindow = 3",
            "train = 5\ntest = 5\nanchored = 1",
        ] {
            assert!(read(&format!("[walk_forward]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
