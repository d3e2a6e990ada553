//! What a strategy says of a column of numbers from files: where they are, and when they are known. Reads no file.

use std::fmt;
use std::path::PathBuf;

/// A column of numbers from files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declaration {
    /// Its name in formulas.
    pub name: String,
    /// The file or folder.
    pub path: PathBuf,
    /// How the file is laid out.
    pub layout: Layout,
    /// When its rows are known.
    pub timing: Timing,
}

/// How the rows of a column stand in files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A folder with a file an asset, each with a date and this column.
    Folder {
        /// Its name in the header.
        column: String,
    },
    /// A file with a date, the symbol of an asset unless the rows are of all assets, and this column.
    Long {
        /// Its name in the header.
        column: String,
    },
    /// A file with a date and a column an asset.
    Wide,
    /// A file with a date, the symbol of an asset unless the rows are of all assets, and no number.
    Dates,
}

/// When the rows of a column are known, in sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timing {
    /// A number is known some time after its date.
    After {
        /// Sessions from the one of its date to the one at whose close it is known.
        lag: u64,
        /// Sessions after that one for which it counts; without end if `None`.
        max_age: Option<u64>,
    },
    /// A date is known before it comes.
    Ahead {
        /// Sessions before the one of the date.
        known: u64,
    },
}

impl Declaration {
    /// The last part of the key that names the file or folder.
    pub(crate) fn path_key(&self) -> &'static str {
        match self.layout {
            Layout::Folder { .. } => "folder",
            Layout::Long { .. } => "file",
            Layout::Wide => "wide",
            Layout::Dates => "dates",
        }
    }

    /// The name of its column in the header of the file, if that has a column of its own for it.
    pub(crate) fn header(&self) -> Option<&str> {
        match &self.layout {
            Layout::Folder { column } | Layout::Long { column } => Some(column),
            Layout::Wide | Layout::Dates => None,
        }
    }

    /// What a row has besides its date: a number, or nothing but that.
    pub(crate) fn noun(&self) -> &'static str {
        match self.timing {
            Timing::After { .. } => "number",
            Timing::Ahead { .. } => "date",
        }
    }
}

impl Timing {
    /// Whether the value of a day is known at its open already: dates are known in advance. Of numbers a decision at an open
    /// sees those of the close before.
    pub(crate) fn is_known_at_open(self) -> bool {
        matches!(self, Timing::Ahead { .. })
    }
}

impl fmt::Display for Timing {
    /// As a strategy file writes it: `lag 1 max_age 20`, `known 250`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timing::After { lag, max_age: None } => write!(formatter, "lag {lag}"),
            Timing::After { lag, max_age: Some(age) } => write!(formatter, "lag {lag} max_age {age}"),
            Timing::Ahead { known } => write!(formatter, "known {known}"),
        }
    }
}
