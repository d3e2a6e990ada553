//! Any bytes as a price file: what can be read makes a market, no day of it depends on rows after that day, and no open on
//! its day's close.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| backtest::internals::fuzz::prices(bytes));
