//! Any text as a sweep file or a plan: a message of one fault that a terminal can show, or points whose values read back.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| backtest::internals::fuzz::sweep(text));
