//! Floor 4: many points of one strategy. What the points are, a sealed plan of them, and files of results that are the only
//! state. Prints nothing; knows nothing of Slurm.

pub(crate) mod aggregate;
pub(crate) mod axis;
pub(crate) mod compute;
pub(crate) mod curves;
pub(crate) mod definition;
pub(crate) mod error;
pub(crate) mod fold_winners;
pub(crate) mod gathered;
pub(crate) mod holdout;
pub(crate) mod kept;
pub(crate) mod keys;
pub(crate) mod latin_hypercube;
pub(crate) mod leaderboard;
pub(crate) mod listener;
pub(crate) mod maker;
pub(crate) mod plan;
pub(crate) mod rank;
pub(crate) mod ranked;
pub(crate) mod recompute;
pub(crate) mod results;
pub(crate) mod row;
pub(crate) mod sample;
pub(crate) mod shard;
pub(crate) mod sobol;
pub(crate) mod space;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod trial_mark;
pub(crate) mod trials;
pub(crate) mod value;
pub(crate) mod variant;
pub(crate) mod verdict;
pub(crate) mod verify;
pub(crate) mod walk_forward;
