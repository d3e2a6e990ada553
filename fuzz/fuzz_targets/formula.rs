//! Any text as a formula: its canonical text reads back, and its weights are the same in any blocks, finite or absent,
//! and blind to the future.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    if backtest::internals::fuzz::formula(text) { Corpus::Keep } else { Corpus::Reject }
});
