//! Floor 5: results as text. Gives strings and documents; prints nothing and writes no file.

pub mod allocations;
pub mod chart;
pub mod csv;
pub mod figure;
pub mod json;
pub mod rows;
pub mod sweep;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod tear_sheet;
