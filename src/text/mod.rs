//! Floor 0: how things read. Knows nothing of what they are.

pub mod number;
