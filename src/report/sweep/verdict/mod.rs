//! The verdict on a sweep for readers: a paragraph, rows of figures, JSON. All say the same.

pub(crate) mod json;
pub(crate) mod paragraph;
pub(crate) mod rows;
