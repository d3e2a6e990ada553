//! Floor 0: reads matrices of returns, one column per trial, from files of users. Knows nothing of sweeps or statistics.

pub(crate) mod csv;
pub(crate) mod dates;
pub(crate) mod file;
pub(crate) mod index;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod return_matrix;
pub(crate) mod values;
