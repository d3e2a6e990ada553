//! `age()`: closes since the hold began.

use crate::formula::operator::{Absent, Compute, HoldState, Operator, no_depth};

/// `age()`: closes since the hold began.
pub(crate) static AGE: Operator = Operator {
    name: "age",
    usage: "age()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::State(HoldState::Age),
    purpose: "positions with a memory",
    definition: "In the `exit` or the `size` of a hold: the number of closes since its entry close, 0 on that.",
    absent: Absent::Rule("Never absent."),
    example: &["A: hold(close > 11, age() >= 1) -> 0, 1, 0, 1, 0, 1"],
    remarks: "Inside `monthly` it counts months. Five days: `hold(rsi(2) < 10, age() >= 5)`.",
    source: "",
};
