//! Floor 5: results as text: pages, tables, JSON, CSV. Prints nothing and opens no file.

pub(crate) mod allocations;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod figure_value;
pub(crate) mod formula_values;
pub(crate) mod json;
pub(crate) mod json_number;
pub(crate) mod json_rows;
pub(crate) mod overfitting;
pub(crate) mod page;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod sweep;
pub(crate) mod tear_sheet;
