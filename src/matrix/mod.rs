//! Floor 0: matrices of returns, a column a trial, as people hand them in. Knows nothing of sweeps or statistics.

#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod return_matrix;
