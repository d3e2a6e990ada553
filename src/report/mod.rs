//! Floor 5: results as text. Gives strings and documents; prints nothing and writes no file.

pub mod allocations;
pub mod csv;
pub mod figure;
pub mod json;
pub mod overfitting;
pub mod page;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod rows;
pub mod sweep;
pub mod tear_sheet;
