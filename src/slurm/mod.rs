//! Floor 5: all that the program knows of Slurm. Text in, text out: prints nothing and runs nothing.

pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod script;
pub(crate) mod settings;
pub(crate) mod task;
pub(crate) mod told;
