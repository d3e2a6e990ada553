//! Floor 5: all knowledge of Slurm. Prints nothing and runs nothing: text in, text out.

pub mod command;
pub mod environment;
pub mod keys;
pub mod log;
pub mod script;
pub mod settings;
pub mod task;
