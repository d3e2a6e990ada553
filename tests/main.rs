//! Integration tests: the command and its files, judged from outside.

mod comparison;
mod documentation;
mod formula_reference;
mod golden_case;
mod goldens;
mod properties;
mod slow_simulation;
mod support;
mod tree;
