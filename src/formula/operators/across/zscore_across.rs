//! `zscore_across(x)`: how many deviations x is away from the mean of the members.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `zscore_across(x)`: how many deviations x is away from the mean of the members.
pub(crate) static ZSCORE_ACROSS: Operator = Operator {
    name: "zscore_across",
    usage: "zscore_across(x)",
    synonyms: &["zscore_cs", "standardize", "standardise"],
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
    definition: "`(x - mean_across(x)) / stdev_across(x)`: how many deviations the value of a member is away from the mean of the members.",
    absent: Absent::Rule(
        "Absent stays absent and is not counted. Absent for all where the deviation is 0 or fewer than two members have a value.",
    ),
    example: &["day 6: zscore_across(close) -> -0.3428, 1.1263, -0.7835"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    let (means, deviations) = block.deviations(x);
    block.each_spell(x, |values, rows| {
        let of_rows = means[rows.clone()].iter().zip(&deviations[rows]);
        for (value, (mean, deviation)) in values.iter_mut().zip(of_rows) {
            *value = if *deviation == 0.0 { f64::NAN } else { finite((*value - mean) / deviation) };
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&ZSCORE_ACROSS, &[], &[1.0, NAN, 3.0, 2.0], &[-1.0, NAN, 1.0, 0.0]);
        check(&ZSCORE_ACROSS, &[], &[0.1, 0.1, 0.1], &[NAN; 3]);
        check(&ZSCORE_ACROSS, &[], &[5.0, NAN], &[NAN, NAN]);
    }
}
