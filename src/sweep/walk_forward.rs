//! The table `[walk_forward]` of a sweep file.

use super::keys::{self, SWEEP};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::stats::overfitting::walk_forward::Windows;

/// The windows that a sweep file asks for, in sessions. `None` without the table.
///
/// # Errors
/// A window that is missing or no positive number.
pub(crate) fn windows(document: &Document) -> Result<Option<Windows>, ConfigError> {
    let Some(table) = document.table().find_inner(&SWEEP, &keys::WALK_FORWARD)? else {
        return Ok(None);
    };
    table.need(&keys::TRAIN)?;
    table.need(&keys::TEST)?;
    let (train, test) = (table.whole(&keys::TRAIN)? as usize, table.whole(&keys::TEST)? as usize);
    let anchored = table.flag(&keys::ANCHORED)?;
    let step = table.find_whole(&keys::STEP)?.map_or(test, |step| step as usize);
    Ok(Some(Windows { train, test, step, anchored }))
}

/// The windows as text of a sweep file.
pub(crate) fn to_toml(windows: &Windows) -> String {
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
