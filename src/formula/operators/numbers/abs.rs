//! `abs(x)`: x without its sign.

use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `abs(x)`: x without its sign.
pub(crate) static ABS: Operator = Operator {
    name: "abs",
    usage: "abs(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "x without its sign.",
    absent: Absent::Rule("Absent where x is."),
    example: &["A: abs(close - 12) -> 2, 0, 3, 0, 3, 0"],
    remarks: "",
    source: "",
};

fn value([x]: [f64; 1]) -> f64 {
    x.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&ABS, &[&[-2.0, 0.0, 3.0, NAN]], &[2.0, 0.0, 3.0, NAN]);
    }
}
