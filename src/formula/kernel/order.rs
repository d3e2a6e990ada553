//! The order of the members on one day, over blocks of days: positions in the order, and sorted rows.
//!
//! A block holds one run of `rows` values a column, column after column; the cells of an asset that is not a member are NaN.

use super::block::Block;
use super::end::End;
use super::sorted::quantile;

/// With more columns than this a row is sorted; with fewer its values are compared pair by pair.
const PAIRS_LIMIT: usize = 24;

/// Writes the position of every present value in its row, 0 for the first from `end`; ties are in column order, NaN stays NaN.
pub(crate) fn positions(end: End, x: &[f64], rows: usize, out: &mut [f64]) {
    let columns = x.len().checked_div(rows).unwrap_or(0);
    if columns > PAIRS_LIMIT {
        return positions_by_sorting(end, x, rows, out);
    }
    for (position, value) in out.iter_mut().zip(x) {
        *position = if value.is_nan() { f64::NAN } else { 0.0 };
    }
    for later in 1..columns {
        for earlier in 0..later {
            let (before, after) = out.split_at_mut(later * rows);
            let earlier_positions = &mut before[earlier * rows..][..rows];
            let later_positions = &mut after[..rows];
            let (a, b) = (&x[earlier * rows..][..rows], &x[later * rows..][..rows]);
            let pairs = a.iter().zip(b).zip(earlier_positions.iter_mut().zip(later_positions));
            // Written without branches, so that it runs in vector lanes; comparisons with NaN are false.
            match end {
                End::Highest => pairs.for_each(|((a, b), (position_a, position_b))| {
                    *position_a += f64::from(u8::from(b > a));
                    *position_b += f64::from(u8::from(a >= b));
                }),
                End::Lowest => pairs.for_each(|((a, b), (position_a, position_b))| {
                    *position_a += f64::from(u8::from(b < a));
                    *position_b += f64::from(u8::from(a <= b));
                }),
            }
        }
    }
}

fn positions_by_sorting(end: End, x: &[f64], rows: usize, out: &mut [f64]) {
    let columns = x.len() / rows;
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(columns);
    for row in 0..rows {
        sorted_row(end, x, rows, row, &mut order);
        out[row..].iter_mut().step_by(rows).for_each(|position| *position = f64::NAN);
        for (position, &(_, column)) in order.iter().enumerate() {
            out[column * rows + row] = position as f64;
        }
    }
}

/// The present values of a row with their columns, sorted from `end`, ties in column order.
pub(crate) fn sorted_row(end: End, x: &[f64], rows: usize, row: usize, order: &mut Vec<(f64, usize)>) {
    order.clear();
    order.extend(x[row..].iter().step_by(rows).copied().enumerate().map(|(column, value)| (value, column)));
    order.retain(|(value, _)| !value.is_nan());
    order.sort_by(|a, b| {
        // Zeros of either sign are equal, as in every other comparison.
        let values = a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal);
        match end {
            End::Highest => values.reverse(),
            End::Lowest => values,
        }
    });
}

/// Turns positions into weights: `1 / n` for the first `n`, 0 for every other member; `n` is the first constant.
pub(crate) fn choose_first(positions: &mut [f64], constants: &[f64], block: &Block) {
    let count = constants[0];
    let weight = 1.0 / count;
    block.each_spell(positions, |positions, _| {
        positions.iter_mut().for_each(|position| *position = if *position < count { weight } else { 0.0 });
    });
}

/// Turns each present value into what `value` makes of its place in its row, 1 for the first from `end`, and of the number of
/// present values. Equal values share the mean of their places.
pub(crate) fn give_places(end: End, x: &mut [f64], block: &Block, value: impl Fn(f64, f64) -> f64) {
    let mut order = Vec::new();
    for row in 0..block.rows {
        sorted_row(end, x, block.rows, row, &mut order);
        let (count, mut before) = (order.len() as f64, 0.0);
        for ties in order.chunk_by(|a, b| a.0 == b.0) {
            let equal = ties.len() as f64;
            let value = value(before + (equal + 1.0) / 2.0, count);
            before += equal;
            ties.iter().for_each(|&(_, column)| x[column * block.rows + row] = value);
        }
    }
}

/// Gives every member the quantile of the present values of its row.
pub(crate) fn give_quantile(x: &mut [f64], q: f64, block: &Block) {
    let (mut order, mut sorted) = (Vec::new(), Vec::new());
    let mut of_row = |row: usize| {
        sorted_row(End::Lowest, x, block.rows, row, &mut order);
        sorted.clear();
        sorted.extend(order.iter().map(|(value, _)| *value));
        if sorted.is_empty() { f64::NAN } else { quantile(&sorted, q) }
    };
    let quantiles: Vec<f64> = (0..block.rows).map(&mut of_row).collect();
    block.give(x, &quantiles);
}

/// Gives every member the extreme of the present values of its row.
pub(crate) fn give_extreme(x: &mut [f64], end: End, block: &Block) {
    let mut extremes = vec![f64::NAN; block.rows];
    for column in x.chunks(block.rows.max(1)) {
        for (extreme, &value) in extremes.iter_mut().zip(column) {
            if extreme.is_nan() || end.is_beyond(value, *extreme) {
                *extreme = value;
            }
        }
    }
    block.give(x, &extremes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::{NAN, bits};
    use crate::market::membership::Members;

    #[test]
    fn ties_are_in_column_order() {
        let row = [5.0, 9.0, NAN, 5.0, 1.0];
        let mut out = [0.0; 5];
        positions(End::Highest, &row, 1, &mut out);
        assert_eq!(bits(&out), bits(&[1.0, 0.0, NAN, 2.0, 3.0]));
        positions(End::Lowest, &row, 1, &mut out);
        assert_eq!(bits(&out), bits(&[1.0, 3.0, NAN, 2.0, 0.0]));
    }

    #[test]
    fn sorting_and_comparing_pairs_agree() {
        let (rows, columns) = (50, 9);
        let x: Vec<f64> = (0..rows * columns)
            .map(|i| if i % 13 == 0 { NAN } else { f64::from((i * 29 % 17) as u8) - 3.0 })
            .collect();
        for end in [End::Highest, End::Lowest] {
            let (mut pairs, mut sorted) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            positions(end, &x, rows, &mut pairs);
            positions_by_sorting(end, &x, rows, &mut sorted);
            assert_eq!(bits(&pairs), bits(&sorted));
        }
    }

    #[test]
    fn non_members_are_not_chosen() {
        let mut positions = [0.0, 0.0, NAN, 1.0];
        let members = Members::new([0..2, 1..2].map(std::iter::once));
        choose_first(&mut positions, &[2.0], &Block { rows: 2, members: &members, universe: &[0, 1] });
        assert_eq!(bits(&positions), bits(&[0.5, 0.5, NAN, 0.5]));
    }
}
