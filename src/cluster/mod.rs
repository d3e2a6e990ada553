//! Floor 5: a Slurm cluster of a few machines, from one file. Text in, text out: prints nothing and runs nothing.

pub(crate) mod definition;
pub(crate) mod files;
pub(crate) mod finding;
pub(crate) mod program;
pub(crate) mod script;
