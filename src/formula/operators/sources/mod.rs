//! Operators that name assets: another asset's values, fixed weights.

pub(super) mod fixed;
pub(super) mod of;
