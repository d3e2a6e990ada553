//! `max(a, b, ...)`: the largest of two or more values.

use crate::formula::kernel::end::End;
use crate::formula::kernel::numbers::folded;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `max(a, b, ...)`: the largest of two or more values.
pub(crate) static MAX: Operator = Operator {
    name: "max",
    usage: "max(a, b, ...)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::MoreValues],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(folded!(value)),
    purpose: "functions of numbers, choices",
    definition: "The largest of two or more values.",
    absent: Absent::Rule("Absent where one of them is."),
    example: &["A: max(close, lag(close, 1)) -> -, 12, 12, 12, 15, 15"],
    remarks: "",
    source: "",
};

fn value(a: f64, b: f64) -> f64 {
    End::Highest.choose(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        let columns: [&[f64]; 3] = [&[1.0, 5.0, 2.0, NAN], &[3.0, 4.0, 2.0, 1.0], &[2.0; 4]];
        check(&MAX, &columns, &[3.0, 5.0, 2.0, NAN]);
    }
}
