//! `top(x, n)`: `1 / n` for the n members with the highest x.

use crate::formula::kernel::block::Block;
use crate::formula::kernel::end::End;
use crate::formula::kernel::order::{choose_first, positions};
use crate::formula::kernel::places::{hold_places, keep_rule};
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `top(x, n)`: `1 / n` for the n members with the highest x.
pub(crate) static TOP: Operator = Operator {
    name: "top",
    usage: "top(x, n, keep)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::whole(1), Argument::whole(1)],
    optional: 1,
    rule: Some(keep_rule),
    depth: no_depth,
    compute: Compute::Across(Across {
        shared: Some(order),
        compute: choose_first,
        with_memory: Some(|x, constants, block| hold_places(End::Highest, x, constants, block)),
        keeps_absence: false,
        equal_parts: false,
    }),
    purpose: "choosing assets",
    definition: "`1 / n` for the n members with the highest x, 0 for the others. Equal values stand in universe order. \
        With `keep` there are n places with a buffer: at each close, whatever the schedule, a member leaves whose \
        place is beyond `keep`, and the best members outside fill the places that are free. `keep` is at least n.",
    absent: Absent::Rule(
        "A member without a value gets 0. If fewer than n members have a value, each of them gets `1 / n` all the \
        same, so the weights sum to less than 1. A member that loses its value leaves its place.",
    ),
    example: &[
        "day 6: top(close, 2) -> 0.5, 0.5, 0",
        "day 2: top(close, 3) -> 0.3333, 0.3333, -",
        "day 6: top(-close, 1, 2) -> 1, 0, 0",
    ],
    remarks: "",
    source: "",
};

/// The position of every value in the order of the members, which does not depend on n.
fn order(x: &[f64], block: &Block, out: &mut [f64]) {
    positions(End::Highest, x, block.rows, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        let row = [5.0, 9.0, NAN, 5.0, 1.0];
        check(&TOP, &[2.0], &row, &[0.5, 0.5, 0.0, 0.0, 0.0]);
        check(&TOP, &[3.0], &[NAN, 1.0], &[0.0, 1.0 / 3.0]);
    }
}
