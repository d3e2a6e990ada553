//! Where numbers of named assets come from.

pub(super) mod fixed;
pub(super) mod of;
