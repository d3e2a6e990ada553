//! `exp(x)`: e to the power of x.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `exp(x)`: e to the power of x.
pub(crate) static EXP: Operator = Operator {
    name: "exp",
    usage: "exp(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "e to the power of x.",
    absent: Absent::Rule("Absent where that is too large for a number."),
    example: &["A: exp((close - 12) / 3) -> 0.5134, 1, 0.3679, 1, 2.7183, 1"],
    remarks: "",
    source: "",
};

fn value([x]: [f64; 1]) -> f64 {
    finite(libm::exp(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&EXP, &[&[0.0, 1000.0, -1000.0, NAN]], &[1.0, NAN, 0.0, NAN]);
    }
}
