//! `log(x)`: the natural logarithm.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `log(x)`: the natural logarithm.
pub(crate) static LOG: Operator = Operator {
    name: "log",
    usage: "log(x)",
    synonyms: &["ln"],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "The natural logarithm.",
    absent: Absent::Rule("Absent where x is not above 0."),
    example: &["A: log(close / lag(close, 1)) -> -, 0.1823, -0.2877, 0.2877, 0.2231, -0.2231"],
    remarks: "",
    source: "",
};

fn value([x]: [f64; 1]) -> f64 {
    finite(libm::log(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&LOG, &[&[1.0, 0.0, -1.0, NAN]], &[0.0, NAN, NAN, NAN]);
    }
}
