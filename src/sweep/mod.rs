//! Floor 4: many points of one strategy. What the points are, a sealed plan of them, and files of results that are the only
//! state. Prints nothing; knows nothing of Slurm.

pub mod axis;
pub mod kept;
pub mod latin_hypercube;
pub mod mixer;
pub mod sample;
pub mod sobol;
pub mod space;
pub mod value;
