//! `count()`: the number of members.

use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Compute, Operator, no_depth};

/// `count()`: the number of members.
pub(crate) static COUNT: Operator = Operator {
    name: "count",
    usage: "count()",
    synonyms: &[],
    arguments: &[],
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
    definition: "The number of members.",
    absent: Absent::Rule("Never absent for a member."),
    example: &["A: count() -> 2, 2, 3, 3, 3, 3"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let mut counts = vec![0.0; block.rows];
    for column in 0..block.members.columns() {
        for spell in block.members.spells(column) {
            counts[spell].iter_mut().for_each(|count| *count += 1.0);
        }
    }
    block.each_spell(x, |values, rows| values.copy_from_slice(&counts[rows]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn values_do_not_matter() {
        check(&COUNT, &[], &[5.0, NAN, 0.0], &[3.0; 3]);
    }
}
