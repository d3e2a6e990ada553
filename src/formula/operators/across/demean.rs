//! `demean(x)`: x minus the members' mean of x.

use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `demean(x)`: x minus the members' mean of x.
pub(crate) static DEMEAN: Operator = Operator {
    name: "demean",
    usage: "demean(x)",
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
    definition: "x minus the mean over the members that have a value. The results sum to 0: a long/short book.",
    absent: Absent::Rule("Absent stays absent and is not counted."),
    example: &["day 6: demean(close) -> -2.3333, 7.6667, -5.3333"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let (sums, counts) = block.sums(x);
    for column in x.chunks_mut(block.rows.max(1)) {
        for (value, (sum, count)) in column.iter_mut().zip(sums.iter().zip(&counts)) {
            *value -= sum / count;
            if value.is_infinite() {
                *value = f64::NAN;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&DEMEAN, &[], &[1.0, NAN, 4.0], &[-1.5, NAN, 1.5]);
    }
}
