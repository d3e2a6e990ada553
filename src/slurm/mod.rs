//! Floor 5: all that the program knows of Slurm. Prints nothing and runs nothing; of files it reads the logs of tasks alone.

pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod script;
pub(crate) mod settings;
pub(crate) mod task;
pub(crate) mod task_errors;
