//! `trough(x)`: the smallest x since the hold began.

use crate::formula::operator::{Absent, Argument, Compute, HoldState, Operator, no_depth};

/// `trough(x)`: the smallest x since the hold began.
pub(crate) static TROUGH: Operator = Operator {
    name: "trough",
    usage: "trough(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::State(HoldState::Trough),
    purpose: "positions with a memory",
    definition: "In the `exit` or the `size` of a hold: the smallest present x from its entry close to today.",
    absent: Absent::Rule("Absent days are passed over."),
    example: &["A: hold(close < 13, close > 1.2 * trough(close)) -> 1, 1, 1, 0, 0, 1"],
    remarks: "",
    source: "",
};
