//! `mean_across(x)`: the mean of x over the members.

use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `mean_across(x)`: the mean of x over the members.
pub(crate) static MEAN_ACROSS: Operator = Operator {
    name: "mean_across",
    usage: "mean_across(x)",
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
    definition: "The mean of x over the members, given to every member.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &[
        "day 6: mean_across(close) -> 14.3333, 14.3333, 14.3333",
        "day 2: mean_across(close) -> 16, 16, -",
    ],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let (mut means, counts) = block.sums(x);
    means.iter_mut().zip(counts).for_each(|(mean, count)| *mean /= count);
    block.give(x, &means);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&MEAN_ACROSS, &[], &[1.0, NAN, 3.0], &[2.0, 2.0, 2.0]);
        check(&MEAN_ACROSS, &[], &[NAN, NAN], &[NAN, NAN]);
    }
}
