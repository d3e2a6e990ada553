//! Integration tests: the command and its files, judged from outside.
#![allow(unreachable_pub, reason = "nothing here is reached from elsewhere")]

mod aarch64;
mod aggregate;
mod bad_input;
mod cluster;
mod command_line;
mod comparison;
mod cookbook;
mod formula_reference;
mod golden_case;
mod goldens;
mod made_market;
mod pace;
mod recorded;
mod report;
mod scripts;
mod slow_simulation;
mod slow_verdict;
mod slurm;
mod sound_input;
mod support;
mod sweep;

// Where tests from inside have it, too.
use slow_simulation::draw;
