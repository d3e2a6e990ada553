//! `clip(x, low, high)`: x held between two bounds.

use crate::formula::kernel::end::End;
use crate::formula::kernel::numbers::numbers;
use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `clip(x, low, high)`: x held between two bounds.
pub(crate) static CLIP: Operator = Operator {
    name: "clip",
    usage: "clip(x, low, high)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::Value, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Numbers(numbers!(value)),
    purpose: "functions of numbers, choices",
    definition: "x held between two bounds: `min(max(x, low), high)`. Where low is above high the result is high.",
    absent: Absent::Rule("Absent where one of the three is."),
    example: &["A: clip(close, 10, 12) -> 10, 12, 10, 12, 12, 12"],
    remarks: "",
    source: "",
};

fn value([x, low, high]: [f64; 3]) -> f64 {
    End::Lowest.choose(End::Highest.choose(x, low), high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::numbers::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        let columns: [&[f64]; 3] = [&[1.0, 5.0, 9.0, NAN], &[2.0, 2.0, 7.0, 1.0], &[6.0, NAN, 6.0, 1.0]];
        check(&CLIP, &columns, &[2.0, NAN, 6.0, NAN]);
    }
}
