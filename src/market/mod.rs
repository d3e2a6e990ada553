//! Floor 0: dates, inputs of prices and of other numbers, and what of them is known on every day. Knows nothing of formulas,
//! portfolios or sweeps. Never gives a value that was not known at the time.

pub(crate) mod bar_dates;
pub(crate) mod bar_days;
pub(crate) mod calendar;
pub(crate) mod columns;
pub(crate) mod date;
pub(crate) mod decisions;
pub(crate) mod fingerprint;
pub(crate) mod input;
pub(crate) mod jobs;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod membership;
pub(crate) mod numbers;
pub(crate) mod prices;
pub(crate) mod records;
pub(crate) mod shuffled;
pub(crate) mod table;
pub(crate) mod universe;
