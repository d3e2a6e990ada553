//! Statistics of selection against vectors computed elsewhere: a part of them everywhere, all of them where they are.

mod command;
mod returns;
mod skill;
mod vectors;

use std::path::PathBuf;

use crate::inside::support::{project, shared};

/// Runs a check on the vectors that ship and, where they are, on all of them.
fn on_vectors(name: &str, check: fn(&PathBuf) -> usize) {
    assert!(check(&project("tests/vectors/overfitting")) > 0);
    if let Some(folder) = shared(&format!("the whole set of {name} vectors")) {
        assert!(check(&folder.join("reference/overfitting")) > 0);
    }
}
