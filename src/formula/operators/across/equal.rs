//! `equal(condition)`: one equal part for each member where the condition holds.

use crate::formula::kernel::arithmetic::is_true;
use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Operator, no_depth};

/// `equal(condition)`: one equal part for each member where the condition holds.
pub(crate) static EQUAL: Operator = Operator {
    name: "equal",
    usage: "equal(condition)",
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
        equal_parts: true,
    }),
    purpose: "choosing assets",
    definition: "`1 / K` for the K members where the condition is true, 0 for the others; 0 for all where it is true for \
        none.",
    absent: Absent::Rule("An absent condition is false."),
    example: &["day 6: equal(close > 10) -> 0.5, 0.5, 0", "day 6: equal(close > 100) -> 0, 0, 0"],
    remarks: "",
    source: "",
};

fn compute(x: &mut [f64], _: &[f64], block: &Block) {
    if block.members.columns() == 1 {
        // One asset has the weight 1 or 0: the condition itself.
        for spell in block.members.spells(0) {
            x[spell].iter_mut().for_each(|value| *value = if is_true(*value) { 1.0 } else { 0.0 });
        }
        return;
    }
    let mut weights = vec![0.0; block.rows];
    for column in x.chunks(block.rows.max(1)) {
        for (count, &value) in weights.iter_mut().zip(column) {
            *count += f64::from(u8::from(is_true(value)));
        }
    }
    weights.iter_mut().for_each(|count| *count = 1.0 / count.max(1.0));
    block.each_spell(x, |values, rows| {
        for (value, &weight) in values.iter_mut().zip(&weights[rows]) {
            *value = if is_true(*value) { weight } else { 0.0 };
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&EQUAL, &[], &[1.0, 0.0, NAN, -2.0], &[0.5, 0.0, 0.0, 0.5]);
        check(&EQUAL, &[], &[0.0, NAN], &[0.0, 0.0]);
        check(&EQUAL, &[], &[3.0], &[1.0]);
    }
}
