//! Floor 1: configuration files: TOML whose values know their location, keys as rows of a schema, errors with their location.
//! Knows no key but `parameters`.

pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod fields;
pub(crate) mod overrides;
pub(crate) mod reading;
pub(crate) mod schema;
pub(crate) mod tree;
