//! Integration tests: the command and its files, judged from outside.

mod aarch64;
mod aggregate;
mod bad_input;
mod cache;
mod cluster;
mod command_line;
mod comparison;
mod documentation;
mod figures;
mod formula_reference;
mod golden_case;
mod goldens;
mod keys;
mod market;
mod overfitting;
mod plateau;
mod properties;
mod recorded;
mod report;
mod scripts;
mod slow_simulation;
mod slurm;
mod sound_input;
mod support;
mod sweep;
mod tree;
