//! Floor 7: what benches measure and fuzz targets try, which no user of the library needs. Behind the feature `internals`.

pub mod fuzz;
pub mod points;
pub mod prices;
pub mod verdict;
