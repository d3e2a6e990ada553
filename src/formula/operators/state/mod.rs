//! Operators with a state that every day may change.

pub(super) mod hold;
