//! Floor 1: configuration files: text with places, keys as rows of a schema, faults with their place. Knows no key
//! but `parameters`.

pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod fields;
pub(crate) mod overrides;
pub(crate) mod reading;
pub(crate) mod schema;
pub(crate) mod tree;
