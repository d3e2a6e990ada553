//! `sign(x)`: -1, 0 or 1.

use crate::formula::kernel::arithmetic::{present, truth};
use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `sign(x)`: -1, 0 or 1.
pub(crate) static SIGN: Operator = Operator {
    name: "sign",
    usage: "sign(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "-1, 0 or 1 where x is below, at or above 0.",
    absent: Absent::Rule("Absent where x is."),
    example: &["A: sign(close - 12) -> -1, 0, -1, 0, 1, 0"],
    remarks: "",
    source: "",
};

fn value([x]: [f64; 1]) -> f64 {
    present(truth(x > 0.0) - truth(x < 0.0), x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&SIGN, &[&[-2.0, -0.0, 0.0, 3.0, NAN]], &[-1.0, 0.0, 0.0, 1.0, NAN]);
    }
}
