//! Tests that look into the rooms of the library. They are compiled with it, for what they ask for is nobody's but its own; tests
//! that need the program and its files alone stand above this folder.

mod cache;
mod documentation;
mod errors;
mod figures;
mod homes;
mod keys;
mod market;
mod overfitting;
mod plateau;
mod properties;
mod shards;
#[path = "../sound_input.rs"]
mod sound_input;
#[path = "../support.rs"]
mod support;
mod tree;
