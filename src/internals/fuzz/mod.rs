//! What the fuzz targets in `fuzz/` do with an input. A fault is a panic.

mod formula;
mod prices;
mod run;
mod strategy;
mod sweep;

pub use formula::formula;
pub use prices::prices;
pub use run::run;
pub use strategy::strategy;
pub use sweep::sweep;
