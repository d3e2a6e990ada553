//! Floor 0: dates, inputs of prices and price columns. Knows nothing of formulas, portfolios or sweeps, and never
//! gives a price that was not known at the time asked for.

pub(crate) mod calendar;
pub(crate) mod columns;
pub(crate) mod date;
pub(crate) mod decisions;
pub(crate) mod fingerprint;
pub(crate) mod input;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod membership;
pub(crate) mod prices;
pub(crate) mod table;
pub(crate) mod universe;
