//! Tests that look into the rooms of the library, and so are compiled with it. Tests that need only the program and its files stand
//! in the folder above.

mod cache;
mod columns;
mod cookbook;
mod documentation;
#[path = "../slow_simulation/draw.rs"]
mod draw;
mod engine_properties;
mod errors;
mod figures;
mod homes;
mod keys;
#[path = "../made_market.rs"]
mod made_market;
mod market;
mod mutations;
mod numbers;
mod overfitting;
mod placebo;
mod plateau;
mod properties;
mod shards;
mod side_by_side;
mod skill;
#[path = "../sound_input.rs"]
mod sound_input;
#[path = "../support.rs"]
mod support;
mod tree;
mod worlds;
