//! Floor 5: all knowledge of Slurm. Prints nothing and runs nothing: text in, text out.

pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod script;
pub(crate) mod settings;
pub(crate) mod task;
pub(crate) mod told;
