//! Floor 4: many points of one strategy. What the points are, a sealed plan of them, and files of results that are the only
//! state. Prints nothing; knows nothing of Slurm.

pub mod axis;
pub mod curves;
pub mod definition;
pub mod error;
pub mod examination;
pub mod fold_winners;
pub mod kept;
pub mod keys;
pub mod latin_hypercube;
pub mod leaderboard;
pub mod ledger;
pub mod plan;
pub mod rank;
pub mod results;
pub mod row;
pub mod run;
pub mod sample;
pub mod shard;
pub mod sobol;
pub mod space;
pub mod status;
pub mod table;
pub mod trial_mark;
pub mod trials;
pub mod value;
pub mod variant;
pub mod walk_forward;
