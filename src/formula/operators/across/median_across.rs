//! `median_across(x)`: the median of x over the members.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::order::give_quantile;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `median_across(x)`: the median of x over the members.
pub(crate) static MEDIAN_ACROSS: Operator = Operator {
    name: "median_across",
    usage: "median_across(x)",
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
    definition: "The median of x over the members, given to every member; of an even number of values the mean of the two in the middle.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &["day 6: median_across(close) -> 12, 12, 12", "day 2: median_across(close) -> 16, 16, -"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    give_quantile(x, 0.5, block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&MEDIAN_ACROSS, &[], &[1.0, NAN, 9.0, 2.0], &[2.0; 4]);
        check(&MEDIAN_ACROSS, &[], &[1.0, NAN, 4.0], &[2.5; 3]);
        check(&MEDIAN_ACROSS, &[], &[NAN], &[NAN]);
    }
}
