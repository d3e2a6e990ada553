//! `fill(x, y)`: x, or y where x is absent.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `fill(x, y)`: x, or y where x is absent.
pub(crate) static FILL: Operator = Operator {
    name: "fill",
    usage: "fill(x, y)",
    synonyms: &["nz", "coalesce", "fillna"],
    arguments: &[Argument::Value, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Fill,
    purpose: "absent values and short histories",
    definition: "x where it is present, else y: from the asset's first day on, and from the first day of the backtest for an asset that `fixed` alone names.",
    absent: Absent::Rule("Absent where both are."),
    example: &[
        "A: fill(lag(close, 2), 0) -> 0, 0, 10, 12, 9, 12",
        "day 6: fill(fixed(B = 0.5), 0) -> 0, 0.5, 0",
    ],
    remarks: "A sum with `fixed` needs it: `0.5 * top(momentum(126), 1) + 0.5 * fill(fixed(AGG = 1), 0)`.",
    source: "",
};
