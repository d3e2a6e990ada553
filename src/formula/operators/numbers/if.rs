//! `if(condition, then, else)`: one of two values, by a condition.

use crate::formula::kernel::arithmetic::{is_true, present};
use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `if(condition, then, else)`: one of two values, by a condition.
pub(crate) static IF: Operator = Operator {
    name: "if",
    usage: "if(condition, then, else)",
    synonyms: &["where", "iff", "ifelse"],
    arguments: &[Argument::Value, Argument::Value, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "`then` where the condition is true, `else` where it is 0.",
    absent: Absent::Rule("Absent where the condition is. The branch that is not taken may be absent."),
    example: &[
        "A: if(close > 10, close, 0) -> 0, 12, 0, 12, 15, 12",
        "A: if(close > lag(close, 1), 1, -1) -> -, 1, -1, 1, 1, -1",
    ],
    remarks: "",
    source: "",
};

fn value([condition, yes, no]: [f64; 3]) -> f64 {
    present(if is_true(condition) { yes } else { no }, condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        let columns: [&[f64]; 3] = [&[1.0, 0.0, NAN, 2.0], &[5.0, NAN, 5.0, NAN], &[6.0; 4]];
        check(&IF, &columns, &[5.0, 6.0, NAN, NAN]);
    }
}
