//! Floor 5: all knowledge of Slurm. Prints nothing and runs nothing.

pub mod settings;
pub mod task;
