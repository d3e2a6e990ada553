//! `share(x)`: x over the members' sum of x.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `share(x)`: x over the members' sum of x.
pub(crate) static SHARE: Operator = Operator {
    name: "share",
    usage: "share(x)",
    synonyms: &["scale", "normalize"],
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
    purpose: "weights",
    definition: "`x / sum`, the sum over the members that have a value. 0 for all where the sum is 0. The shares of \
        values of both signs can be larger than 1.",
    absent: Absent::Rule(
        "0 for a member without a value; absent for all where the sum is too large for a number.",
    ),
    example: &[
        "day 6: share(close) -> 0.2791, 0.5116, 0.2093",
        "day 6: share(1 / (close - 12)) -> 0, -0.4286, 1.4286",
    ],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let sums = block.sums(x).0;
    block.each_spell(x, |values, rows| {
        for (value, &sum) in values.iter_mut().zip(&sums[rows]) {
            // A sum that overflows is absent, and so are the shares of it.
            *value = if sum == 0.0 || value.is_nan() {
                0.0
            } else if sum.is_finite() {
                finite(*value / sum)
            } else {
                f64::NAN
            };
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&SHARE, &[], &[1.0, NAN, 3.0], &[0.25, 0.0, 0.75]);
        check(&SHARE, &[], &[1.0, -1.0], &[0.0, 0.0]);
        check(&SHARE, &[], &[1e308, 1e308, NAN, 0.0], &[NAN, NAN, 0.0, NAN]);
    }

    #[test]
    fn the_sum_is_added_in_universe_order() {
        let mut x = vec![0.1, 0.2, 0.3];
        let members = crate::market::membership::Members::always(3, 1);
        compute(&mut x, &[], &Block { rows: 1, members: &members, universe: &[2, 1, 0] });
        assert_eq!(x[0], 0.1 / ((0.3 + 0.2) + 0.1));
        assert_ne!(x[0], 0.1 / ((0.1 + 0.2) + 0.3));
    }
}
