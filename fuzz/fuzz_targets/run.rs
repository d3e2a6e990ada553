//! Any strategy file over any price files, `%%` between them: a whole backtest with everything it can write.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    if backtest::internals::fuzz::run(text) { Corpus::Keep } else { Corpus::Reject }
});
