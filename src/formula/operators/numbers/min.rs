//! `min(a, b, ...)`: the smallest of two or more values.

use crate::formula::kernel::end::End;
use crate::formula::kernel::numbers::folded;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `min(a, b, ...)`: the smallest of two or more values.
pub(crate) static MIN: Operator = Operator {
    name: "min",
    usage: "min(a, b, ...)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::MoreValues],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(folded!(value)),
    purpose: "functions of numbers, choices",
    definition: "The smallest of two or more values.",
    absent: Absent::Rule("Absent where one of them is."),
    example: &["A: min(close, open, 11) -> 10, 11, 9, 9, 11, 11"],
    remarks: "",
    source: "",
};

fn value(a: f64, b: f64) -> f64 {
    End::Lowest.choose(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        let columns: [&[f64]; 3] = [&[1.0, 5.0, 2.0, NAN], &[3.0, 4.0, 2.0, 1.0], &[2.0; 4]];
        check(&MIN, &columns, &[1.0, 2.0, 2.0, NAN]);
    }
}
