//! Floor 1: configuration files: text with places, keys as rows of a schema, faults with their place. Knows no key
//! but `parameters`.

pub mod document;
pub mod error;
pub mod fields;
pub mod overrides;
pub mod reading;
pub mod schema;
pub mod tree;
