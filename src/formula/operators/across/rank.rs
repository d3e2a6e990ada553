//! `rank(x)`: the rank of x among the members, 1 for the highest.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::end::End;
use crate::formula::kernel::order::give_places;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `rank(x)`: the rank of x among the members, 1 for the highest.
pub(crate) static RANK: Operator = Operator {
    name: "rank",
    usage: "rank(x)",
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
    definition: "1 for the highest x, 2 for the next. Equal values share the mean of their places.",
    absent: Absent::Rule("Absent stays absent and is not counted."),
    example: &["day 6: rank(close) -> 2, 1, 3", "day 6: rank(close > 10) -> 1.5, 1.5, 3"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    give_places(End::Highest, x, block, |place, _| place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&RANK, &[], &[5.0, 9.0, NAN, 5.0, 1.0], &[2.5, 1.0, NAN, 2.5, 4.0]);
    }
}
