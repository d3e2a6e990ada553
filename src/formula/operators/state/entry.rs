//! `entry(x)`: x at the close on which the hold began.

use crate::formula::operator::{Absent, Argument, Compute, HoldState, Operator, no_depth};

/// `entry(x)`: x at the close on which the hold began.
pub(crate) static ENTRY: Operator = Operator {
    name: "entry",
    usage: "entry(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::State(HoldState::Entry),
    purpose: "positions with a memory",
    definition: "In the `exit` or the `size` of a hold: x at its entry close.",
    absent: Absent::Rule("Absent where x is."),
    example: &["A: hold(close > 11, close < entry(close)) -> 0, 1, 0, 1, 1, 1"],
    remarks: "A stop of 8 %: `hold(.., close < 0.92 * entry(close))`. Prices are those of closes: fills are not seen.",
    source: "",
};
