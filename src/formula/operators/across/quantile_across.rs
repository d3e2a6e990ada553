//! `quantile_across(x, q)`: a quantile of x over the members.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::order::give_quantile;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `quantile_across(x, q)`: a quantile of x over the members.
pub(crate) static QUANTILE_ACROSS: Operator = Operator {
    name: "quantile_across",
    usage: "quantile_across(x, q)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::number(0.0, 1.0)],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Across(Across {
        shared: None,
        compute,
        with_memory: None,
        keeps_absence: false,
        equal_parts: false,
    }),
    purpose: "statistics of all members",
    definition: "The value below which a share q of the values of the members lies, given to every member; between two values in proportion, as `quantile(x, n, q)` over time. q is from 0, the lowest value, to 1, the highest.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &["day 6: quantile_across(close, 0.25) -> 10.5, 10.5, 10.5"],
    remarks: "Winsorised values are `clip(x, quantile_across(x, 0.01), quantile_across(x, 0.99))`.",
    source: "",
};

fn compute(x: &mut [f64], constants: &[f64], block: &Block) {
    give_quantile(x, constants[0], block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&QUANTILE_ACROSS, &[0.75], &[1.0, NAN, 9.0, 2.0], &[5.5; 4]);
        check(&QUANTILE_ACROSS, &[1.0], &[1.0, NAN, 9.0], &[9.0; 3]);
        check(&QUANTILE_ACROSS, &[0.5], &[NAN], &[NAN]);
    }
}
