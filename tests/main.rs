//! Integration tests: the command and its files, judged from outside.

mod aarch64;
mod bad_input;
mod command_line;
mod comparison;
mod documentation;
mod formula_reference;
mod golden_case;
mod goldens;
mod plateau;
mod properties;
mod scripts;
mod slow_simulation;
mod slurm;
mod sound_input;
mod support;
mod tree;
