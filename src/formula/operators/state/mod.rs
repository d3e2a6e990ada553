//! Operators with a state that every day may change.

pub(super) mod age;
pub(super) mod entry;
pub(super) mod hold;
pub(super) mod latch;
pub(super) mod peak;
pub(super) mod trough;
