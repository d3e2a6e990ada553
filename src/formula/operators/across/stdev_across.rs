//! `stdev_across(x)`: the sample deviation of x over the members.

use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `stdev_across(x)`: the sample deviation of x over the members.
pub(crate) static STDEV_ACROSS: Operator = Operator {
    name: "stdev_across",
    usage: "stdev_across(x)",
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
    definition: "The sample deviation (divided by one less than the number of values) of x over the members, given to every member; exactly 0 where all values are equal.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where fewer than two members have a value.",
    ),
    example: &["day 6: stdev_across(close) -> 6.8069, 6.8069, 6.8069"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let (_, deviations) = block.deviations(x);
    block.give(x, &deviations);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&STDEV_ACROSS, &[], &[1.0, NAN, 3.0, 2.0], &[1.0; 4]);
        check(&STDEV_ACROSS, &[], &[0.1, 0.1, 0.1], &[0.0; 3]);
        check(&STDEV_ACROSS, &[], &[5.0, NAN], &[NAN, NAN]);
    }
}
