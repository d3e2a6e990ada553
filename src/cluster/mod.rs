//! Floor 5: a Slurm cluster of a few machines, from one file. Text in, text out: prints nothing and runs nothing.

pub mod definition;
pub mod files;
pub mod finding;
pub mod program;
pub mod script;
