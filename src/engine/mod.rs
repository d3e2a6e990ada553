//! Floor 2: the simulation. Weights in, fills and an equity curve out. Knows no formula, file or sweep.

pub(crate) mod account;
pub(crate) mod agenda;
pub(crate) mod book;
pub(crate) mod conventions;
pub(crate) mod deliberation;
pub(crate) mod failure;
pub(crate) mod fees;
pub(crate) mod interest;
pub(crate) mod journal;
pub(crate) mod marking;
pub(crate) mod orders;
pub(crate) mod rebalance;
pub(crate) mod schedule;
pub(crate) mod simulate;
pub(crate) mod sizing;
pub(crate) mod stage;
pub(crate) mod terms;
