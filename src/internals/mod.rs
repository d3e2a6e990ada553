//! Floor 7: doors for benches and fuzz targets, which measure and try what is nobody's interface. Behind the feature
//! `internals`.

pub mod fuzz;
pub mod points;
pub mod prices;
pub mod verdict;
