//! Words that mean something in every formula.

use super::operators;
use crate::market::columns::Column;

/// Words that are operators by themselves.
pub(crate) const KEYWORDS: [&str; 3] = ["and", "or", "not"];

/// Whether a name means something in every formula, so that no parameter may have it.
pub(crate) fn is_reserved(name: &str) -> bool {
    KEYWORDS.contains(&name) || Column::named(name).is_some() || operators::operator(name).is_some()
}
