//! `cap(w, limit)`: weights of which none is above a limit.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::block::Block;
use crate::formula::operator::{Absent, Across, Argument, Compute, Number, Operator, no_depth};

/// `cap(w, limit)`: weights of which none is above a limit.
pub(crate) static CAP: Operator = Operator {
    name: "cap",
    usage: "cap(w, limit)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::Constant(Number::Positive)],
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
    purpose: "weights",
    definition: "The weights w with none above the limit in size. What is cut off is spread over the others in proportion to their sizes, again until none is above the limit, so that the sum of the sizes stays. Where that cannot be, because there are too few weights, each weight that is not 0 gets the limit, and the sum falls. Signs stay.",
    absent: Absent::Rule("Absent stays absent and is not counted."),
    example: &[
        "day 6: cap(share(close), 0.4) -> 0.3429, 0.4, 0.2571",
        "day 6: cap(share(close), 0.2) -> 0.2, 0.2, 0.2",
    ],
    remarks: "Equal risk with at most 13 % each is `cap(share(1 / volatility(63)), 0.13)`.",
    source: "",
};

fn compute(x: &mut [f64], constants: &[f64], block: &Block) {
    let limit = constants[0];
    // The columns of a row, in the order of the universe at first, and the sums of the sizes from each place on.
    let (mut columns, mut rests): (Vec<usize>, Vec<f64>) = (Vec::new(), Vec::new());
    for row in 0..block.rows {
        let cell = |column: usize| column * block.rows + row;
        columns.clear();
        columns.extend(block.universe.iter().filter(|column| !x[cell(**column)].is_nan()));
        let sum = columns.iter().fold(0.0, |sum, column| sum + x[cell(*column)].abs());
        columns.sort_by(|a, b| x[cell(*b)].abs().total_cmp(&x[cell(*a)].abs()));
        rests.clear();
        rests.extend(columns.iter().rev().scan(0.0, |rest, column| {
            *rest += x[cell(*column)].abs();
            Some(*rest)
        }));
        rests.reverse();
        let (cut, factor) = cut(&columns, &rests, |column| x[cell(column)].abs(), sum, limit);
        for (place, column) in columns.iter().enumerate() {
            let weight = &mut x[cell(*column)];
            if place < cut && *weight != 0.0 {
                *weight = limit.copysign(*weight);
            } else {
                *weight = finite(*weight * factor);
            }
        }
    }
}

/// How many of the largest weights get the limit, and the factor of the others. `rests` are the sums of the sizes from each
/// place on.
fn cut(columns: &[usize], rests: &[f64], size: impl Fn(usize) -> f64, sum: f64, limit: f64) -> (usize, f64) {
    for (place, (column, rest)) in columns.iter().zip(rests).enumerate() {
        let size = size(*column);
        let factor = if place == 0 { 1.0 } else { (sum - place as f64 * limit) / rest };
        if size != 0.0 && factor * size <= limit {
            return (place, factor);
        }
    }
    (columns.len(), 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::across::testing::{NAN, check};

    #[test]
    fn hand_worked_rows() {
        check(&CAP, &[1.0], &[0.5, NAN, -0.25], &[0.5, NAN, -0.25]);
        // What is cut off -4 makes the 2 too large, which is cut as well; the rest of 7 is 2.
        check(&CAP, &[2.5], &[-4.0, 2.0, 1.0, 0.0, NAN], &[-2.5, 2.5, 2.0, 0.0, NAN]);
        check(&CAP, &[2.0], &[-4.0, 2.0, 1.0, 0.0, NAN], &[-2.0, 2.0, 2.0, 0.0, NAN]);
        check(&CAP, &[0.25], &[1.0, 0.0], &[0.25, 0.0]);
    }
}
