//! `sum_across(x)`: the sum of x over the members.

use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `sum_across(x)`: the sum of x over the members.
pub(crate) static SUM_ACROSS: Operator = Operator {
    name: "sum_across",
    usage: "sum_across(x)",
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
    definition: "The sum of x over the members, given to every member. Of a condition it is the number of members where it is true.",
    absent: Absent::Rule(
        "Members without a value are not counted and are given the result too. Absent for all where no member has a value.",
    ),
    example: &["day 6: sum_across(close) -> 43, 43, 43", "day 6: sum_across(close > 10) -> 2, 2, 2"],
    remarks: "`fill(sum_across(x), 0)` where no value is to mean 0.",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let (mut sums, counts) = block.sums(x);
    for (sum, count) in sums.iter_mut().zip(counts) {
        if count == 0.0 {
            *sum = f64::NAN;
        }
    }
    block.give(x, &sums);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&SUM_ACROSS, &[], &[1.0, NAN, 3.0], &[4.0, 4.0, 4.0]);
        check(&SUM_ACROSS, &[], &[NAN, NAN], &[NAN, NAN]);
        check(&SUM_ACROSS, &[], &[1e308, 1e308], &[NAN, NAN]);
    }
}
