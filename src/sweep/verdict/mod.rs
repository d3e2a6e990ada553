//! What the best point of a sweep is worth.

pub(crate) mod holdout;
