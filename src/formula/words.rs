//! Names that are reserved in every formula.

use super::operators;
use crate::market::columns::Column;

/// The operators that are written as words.
pub(crate) const KEYWORDS: [&str; 3] = ["and", "or", "not"];

/// The window of all days up to today.
pub(crate) const ALL: &str = "all";

/// Whether a name has a meaning in every formula, so that no parameter may have it.
pub(crate) fn is_reserved(name: &str) -> bool {
    KEYWORDS.contains(&name)
        || name == ALL
        || Column::named(name).is_some()
        || operators::operator(name).is_some()
}
