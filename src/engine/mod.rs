//! Floor 2: the simulation. Weights in, fills and an equity curve out. Knows no formula, file or sweep.

pub mod account;
pub mod agenda;
pub mod book;
pub mod conventions;
pub mod failure;
pub mod fees;
pub mod journal;
pub mod marking;
pub mod orders;
pub mod schedule;
pub mod simulate;
pub mod sizing;
pub mod stage;
pub mod terms;
