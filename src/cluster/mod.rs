//! Floor 5: a Slurm cluster of a few machines that one file describes. Text in, text out: prints nothing and runs nothing.

pub(crate) mod definition;
pub(crate) mod fault;
pub(crate) mod files;
pub(crate) mod program;
pub(crate) mod script;
