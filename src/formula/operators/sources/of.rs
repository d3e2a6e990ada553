//! `of("TICKER", x)`: x of another asset.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `of("TICKER", x)`: x of another asset.
pub(crate) static OF: Operator = Operator {
    name: "of",
    usage: "of(\"TICKER\", x)",
    synonyms: &[],
    arguments: &[Argument::Ticker { hint: "write of(\"SPY\", close)" }, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::OfAsset,
    purpose: "another asset",
    definition: "The value of x for one named asset, given to every asset: a filter by an index, a spread, a ratio. The \
        named asset need not be in the universe; its price file must be in the folder. Everything inside x is \
        about that asset. Operators across assets inside x still look at the members of the universe, and are \
        absent when the named asset is not among them.",
    absent: Absent::Rule(
        "The result is absent before the first day of the asset that gets it. Under `since_entry` an asset outside the \
        universe gets nothing.",
    ),
    example: &[
        "A: of(\"B\", close) -> 20, 20, 21, 21, 20, 22",
        "day 6: close / of(\"B\", close) -> 0.5455, 1, 0.4091",
        "day 6: top(close, 2) * (of(\"B\", close) > of(\"B\", sma(3))) -> 0.5, 0.5, 0",
    ],
    remarks: "",
    source: "",
};
