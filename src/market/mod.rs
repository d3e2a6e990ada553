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
pub mod prices;
pub mod table;
pub mod universe;
