//! Floor 4: many points of one strategy. What the points are, a sealed plan of them, and files of results that are the only
//! state. Prints nothing; knows nothing of Slurm.

pub mod axis;
pub mod value;
