//! Floor 0: dates, inputs of prices and price columns. Knows nothing of formulas, portfolios or sweeps, and never
//! gives a price that was not known at the time asked for.

pub mod calendar;
pub mod columns;
pub mod date;
pub mod decisions;
pub mod fingerprint;
pub mod input;
pub mod lint;
pub mod load;
pub mod membership;
#[cfg(feature = "parquet")]
pub mod parquet_matrix;
pub mod prices;
pub mod quoted;
pub mod return_matrix;
pub mod table;
pub mod universe;

/// Longer names than this are like no other: comparing two takes their lengths' product of time and memory.
const NAME_LIMIT: usize = 100;

/// The known name most like an unknown one: at most a third of its letters (at least one) differ, case aside.
pub fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase();
    let limit = (unknown.chars().count() / 3).max(1);
    known
        .filter(|name| unknown.len().max(name.len()) <= NAME_LIMIT)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}
