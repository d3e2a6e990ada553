//! `peak(x)`: the largest x since the hold began.

use crate::formula::operator::{Absent, Argument, Compute, HoldState, Operator, no_depth};

/// `peak(x)`: the largest x since the hold began.
pub(crate) static PEAK: Operator = Operator {
    name: "peak",
    usage: "peak(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::State(HoldState::Peak),
    purpose: "positions with a memory",
    definition: "In the `exit` or the `size` of a hold: the largest present x from its entry close to today.",
    absent: Absent::Rule("Absent days are passed over."),
    example: &["A: hold(close > 9, close < 0.9 * peak(close)) -> 1, 1, 0, 1, 1, 0"],
    remarks: "A trailing stop: `hold(.., close < 0.9 * peak(close))`. After it the entry [buys back](#before-you-start) unless it is an event.",
    source: "",
};
