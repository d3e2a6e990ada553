//! `highest_across(x)`: the largest x of the members.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::end::End;
use crate::formula::kernel::order::give_extreme;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `highest_across(x)`: the largest x of the members.
pub(crate) static HIGHEST_ACROSS: Operator = Operator {
    name: "highest_across",
    usage: "highest_across(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
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
    definition: "The largest x of the members, given to every member.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &["day 6: highest_across(close) -> 22, 22, 22"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    give_extreme(x, End::Highest, block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&HIGHEST_ACROSS, &[], &[1.0, NAN, -9.0, 2.0], &[2.0; 4]);
        check(&HIGHEST_ACROSS, &[], &[NAN], &[NAN]);
    }
}
