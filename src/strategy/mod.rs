//! Floor 3: one backtest, from its strategy file to its result. Prints nothing and writes no file.

pub(crate) mod benchmark;
pub(crate) mod definition;
pub(crate) mod ends;
pub(crate) mod error;
pub(crate) mod figures;
pub(crate) mod formula_values;
pub(crate) mod groups;
pub(crate) mod keys;
pub(crate) mod lines;
pub(crate) mod member_rows;
mod names;
pub(crate) mod notice;
pub(crate) mod number_columns;
pub(crate) mod part;
pub(crate) mod prepare;
pub(crate) mod price_notices;
pub(crate) mod rates;
pub(crate) mod read;
pub(crate) mod run;
pub(crate) mod run_notices;
pub(crate) mod seal;
#[cfg(test)]
pub(crate) mod testing;
mod universe;
pub(crate) mod universe_files;
