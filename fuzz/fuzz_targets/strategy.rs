//! Any text as a strategy file, its lines after `%%` as overrides: a message of one fault that a terminal can show, or a
//! strategy whose values are in range.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| backtest::internals::fuzz::strategy(text));
