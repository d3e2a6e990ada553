//! `lowest_across(x)`: the smallest x of the members.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::end::End;
use crate::formula::kernel::order::give_extreme;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `lowest_across(x)`: the smallest x of the members.
pub(crate) static LOWEST_ACROSS: Operator = Operator {
    name: "lowest_across",
    usage: "lowest_across(x)",
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
    definition: "The smallest x of the members, given to every member.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &["day 6: lowest_across(close) -> 9, 9, 9"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    give_extreme(x, End::Lowest, block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&LOWEST_ACROSS, &[], &[1.0, NAN, -9.0, 2.0], &[-9.0; 4]);
        check(&LOWEST_ACROSS, &[], &[NAN], &[NAN]);
    }
}
