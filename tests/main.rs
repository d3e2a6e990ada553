//! Integration tests, all in one program.

mod formula_reference;
