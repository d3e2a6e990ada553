//! `sqrt(x)`: the square root.

use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `sqrt(x)`: the square root.
pub(crate) static SQRT: Operator = Operator {
    name: "sqrt",
    usage: "sqrt(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "The square root.",
    absent: Absent::Rule("Absent where x is below 0."),
    example: &[
        "A: sqrt(close - 9) -> 1, 1.7321, 0, 1.7321, 2.4495, 1.7321",
        "A: sqrt(close - 12) -> -, 0, -, 0, 1.7321, 0",
    ],
    remarks: "",
    source: "",
};

fn value([x]: [f64; 1]) -> f64 {
    x.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&SQRT, &[&[9.0, 0.0, -1.0, NAN]], &[3.0, 0.0, NAN, NAN]);
    }
}
