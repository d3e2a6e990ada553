//! `fixed(TICKER = weight, ...)`: weights by ticker.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `fixed(TICKER = weight, ...)`: weights by ticker.
pub(crate) static FIXED: Operator = Operator {
    name: "fixed",
    usage: "fixed(TICKER = weight, ...)",
    synonyms: &[],
    arguments: &[Argument::Weights { hint: "write fixed(SPY = 0.6, AGG = 0.4)" }],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::ByTicker,
    purpose: "weights",
    definition: "Weights by ticker: the number for each named asset. A weight is made of numbers and parameters; it may \
        be negative for a [long/short portfolio](strategy-file.md#portfolio). A ticker that is no plain word \
        stands in quotes: `fixed(\"BRK.B\" = 1)`. No ticker stands twice.",
    absent: Absent::Rule("Absent for every asset that is not named."),
    example: &[
        "day 6: fixed(A = 0.6, C = 0.4) -> 0.6, -, 0.4",
        "day 6: fixed(A = 0.6, C = 0.4) * (close > 10) -> 0.6, -, 0",
    ],
    remarks: "Assets outside the universe can be named and are traded, from the first decision on: `fixed` does not \
        wait for a first price. A decision before it ends the run with an error that names the asset and its \
        first bar. After an exit of the asset its weight is 0 until it is a member again. Operators across \
        assets give nothing to an asset outside the universe, nor does `of` under the \
        [`history`](conventions.md#history) `since_entry`: there SPY must be in the universe for \
        `fixed(SPY = 1) * (of(\"IEF\", returns(20)) > 0)`.",
    source: "",
};
