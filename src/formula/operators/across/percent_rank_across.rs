//! `percent_rank_across(x)`: the place of x among the members, from above 0 to 1.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::end::End;
use crate::formula::kernel::order::give_places;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `percent_rank_across(x)`: the place of x among the members, from above 0 to 1.
pub(crate) static PERCENT_RANK_ACROSS: Operator = Operator {
    name: "percent_rank_across",
    usage: "percent_rank_across(x)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Across(Across {
        shared: None,
        compute,
        with_memory: None,
        keeps_absence: true,
        equal_parts: false,
    }),
    purpose: "an asset beside the others",
    definition: "The place of x among the members, counted from the lowest and divided by the number of values: 1 for the highest of K values, `1 / K` for the lowest. Equal values share the mean of their places.",
    absent: Absent::Rule("Absent stays absent and is not counted."),
    example: &[
        "day 6: percent_rank_across(close) -> 0.6667, 1, 0.3333",
        "day 6: percent_rank_across(close > 10) -> 0.8333, 0.8333, 0.3333",
    ],
    remarks: "`rank(x)` counts from the highest: 1 to K. The highest tenth is `percent_rank_across(x) > 0.9`.",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    give_places(End::Lowest, x, block, |place, count| place / count);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&PERCENT_RANK_ACROSS, &[], &[5.0, 9.0, NAN, 5.0, 1.0], &[0.625, 1.0, NAN, 0.625, 0.25]);
        check(&PERCENT_RANK_ACROSS, &[], &[NAN, 3.0], &[NAN, 1.0]);
    }
}
