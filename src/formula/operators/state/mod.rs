//! Operators with a memory that is not a window.

pub(super) mod hold;
