//! The operators across the members of one day, over blocks of days: columns of a block in, columns out.
//!
//! A block holds one run of `rows` values a column, column after column. Cells of an asset that is no member on a day are
//! NaN in the input and NaN in the output.

use super::node::{finite, is_true};
use super::operators::{CrossOperator, End};

/// From which row of the block on each column is a member; the number of rows if on none.
pub type Joined<'a> = &'a [usize];

/// Above this many columns a row is sorted instead of compared pair by pair.
const PAIRS_LIMIT: usize = 24;

/// The place of every present value in its row, 0 for the first from `end`; ties stand in column order. Absent is NaN.
pub fn places(end: End, x: &[f64], rows: usize, out: &mut [f64]) {
    let columns = x.len().checked_div(rows).unwrap_or(0);
    if columns > PAIRS_LIMIT {
        return places_by_sorting(end, x, rows, out);
    }
    for (place, value) in out.iter_mut().zip(x) {
        *place = if value.is_nan() { f64::NAN } else { 0.0 };
    }
    for later in 1..columns {
        for earlier in 0..later {
            let (before, after) = out.split_at_mut(later * rows);
            let earlier_places = &mut before[earlier * rows..][..rows];
            let later_places = &mut after[..rows];
            let (a, b) = (&x[earlier * rows..][..rows], &x[later * rows..][..rows]);
            let pairs = a.iter().zip(b).zip(earlier_places.iter_mut().zip(later_places));
            // Written without branches, so that it runs in vector lanes; comparisons with NaN are false.
            match end {
                End::Highest => pairs.for_each(|((a, b), (place_a, place_b))| {
                    *place_a += f64::from(u8::from(b > a));
                    *place_b += f64::from(u8::from(a >= b));
                }),
                End::Lowest => pairs.for_each(|((a, b), (place_a, place_b))| {
                    *place_a += f64::from(u8::from(b < a));
                    *place_b += f64::from(u8::from(a <= b));
                }),
            }
        }
    }
}

fn places_by_sorting(end: End, x: &[f64], rows: usize, out: &mut [f64]) {
    let columns = x.len() / rows;
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(columns);
    for row in 0..rows {
        sorted_row(end, x, rows, row, &mut order);
        out[row..].iter_mut().step_by(rows).for_each(|place| *place = f64::NAN);
        for (place, &(_, column)) in order.iter().enumerate() {
            out[column * rows + row] = place as f64;
        }
    }
}

/// The present values of a row with their columns, sorted from `end`, ties in column order.
fn sorted_row(end: End, x: &[f64], rows: usize, row: usize, order: &mut Vec<(f64, usize)>) {
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

/// `1 / n` for the first `n` places, 0 for every other member.
pub fn choose(n: usize, places: &mut [f64], rows: usize, joined: Joined) {
    let (count, weight) = (n as f64, 1.0 / n as f64);
    for (column, &joined) in places.chunks_mut(rows.max(1)).zip(joined) {
        let (outside, members) = column.split_at_mut(joined);
        outside.fill(f64::NAN);
        members.iter_mut().for_each(|place| *place = if *place < count { weight } else { 0.0 });
    }
}

/// Applies an operator in place. `universe` lists the columns in the order of the universe as given, in which `share` and
/// `demean` add (SEM 18); it differs from the order of the columns where an asset joins late.
pub fn cross(operator: CrossOperator, x: &mut [f64], rows: usize, joined: Joined, universe: &[usize]) {
    mask(x, rows, joined);
    match operator {
        CrossOperator::Equal => equal(x, rows, joined),
        CrossOperator::Share => share(x, rows, joined, universe),
        CrossOperator::Rank => rank(x, rows),
        CrossOperator::Demean => demean(x, rows, universe),
    }
}

/// Makes the cells of non-members absent.
pub fn mask(x: &mut [f64], rows: usize, joined: Joined) {
    for (column, &joined) in x.chunks_mut(rows.max(1)).zip(joined) {
        column[..joined].fill(f64::NAN);
    }
}

fn equal(x: &mut [f64], rows: usize, joined: Joined) {
    if let [joined] = joined {
        // One asset has the weight 1 or 0: the condition itself.
        x[*joined..].iter_mut().for_each(|value| *value = if is_true(*value) { 1.0 } else { 0.0 });
        return;
    }
    let mut weights = vec![0.0; rows];
    for column in x.chunks(rows.max(1)) {
        for (count, &value) in weights.iter_mut().zip(column) {
            *count += f64::from(u8::from(is_true(value)));
        }
    }
    weights.iter_mut().for_each(|count| *count = 1.0 / count.max(1.0));
    for (column, &joined) in x.chunks_mut(rows.max(1)).zip(joined) {
        for (value, &weight) in column[joined..].iter_mut().zip(&weights[joined..]) {
            *value = if is_true(*value) { weight } else { 0.0 };
        }
    }
}

fn share(x: &mut [f64], rows: usize, joined: Joined, universe: &[usize]) {
    let sums = sums(x, rows, universe).0;
    for (column, &joined) in x.chunks_mut(rows.max(1)).zip(joined) {
        for (value, &sum) in column[joined..].iter_mut().zip(&sums[joined..]) {
            // A sum too large for a number is absent, and so are the shares of it.
            *value = match sum == 0.0 || value.is_nan() {
                true => 0.0,
                false if sum.is_finite() => finite(*value / sum),
                false => f64::NAN,
            };
        }
    }
}

fn demean(x: &mut [f64], rows: usize, universe: &[usize]) {
    let (sums, counts) = sums(x, rows, universe);
    for column in x.chunks_mut(rows.max(1)) {
        for (value, (sum, count)) in column.iter_mut().zip(sums.iter().zip(&counts)) {
            *value -= sum / count;
            if value.is_infinite() {
                *value = f64::NAN;
            }
        }
    }
}

/// Sum and number of the present values of every row, added in universe order.
fn sums(x: &[f64], rows: usize, universe: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let (mut sums, mut counts) = (vec![0.0; rows], vec![0.0; rows]);
    for &column in universe {
        let column = &x[column * rows..][..rows];
        for ((sum, count), &value) in sums.iter_mut().zip(&mut counts).zip(column) {
            let present = !value.is_nan();
            *sum += if present { value } else { 0.0 };
            *count += f64::from(u8::from(present));
        }
    }
    (sums, counts)
}

fn rank(x: &mut [f64], rows: usize) {
    let mut order = Vec::new();
    for row in 0..rows {
        sorted_row(End::Highest, x, rows, row, &mut order);
        let mut first = 0;
        for ties in order.chunk_by(|a, b| a.0 == b.0) {
            let rank = first as f64 + (ties.len() as f64 + 1.0) / 2.0;
            first += ties.len();
            ties.iter().for_each(|&(_, column)| x[column * rows + row] = rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    /// One row of members.
    fn check(operator: CrossOperator, row: &[f64], expected: &[f64]) {
        let mut x = row.to_vec();
        let universe: Vec<usize> = (0..row.len()).collect();
        cross(operator, &mut x, 1, &vec![0; row.len()], &universe);
        assert_eq!(bits(&x), bits(expected), "{operator:?} of {row:?}");
    }

    #[test]
    fn hand_worked_rows() {
        check(CrossOperator::Equal, &[1.0, 0.0, NAN, -2.0], &[0.5, 0.0, 0.0, 0.5]);
        check(CrossOperator::Equal, &[0.0, NAN], &[0.0, 0.0]);
        check(CrossOperator::Share, &[1.0, NAN, 3.0], &[0.25, 0.0, 0.75]);
        check(CrossOperator::Share, &[1.0, -1.0], &[0.0, 0.0]);
        check(CrossOperator::Share, &[1e308, 1e308, NAN, 0.0], &[NAN, NAN, 0.0, NAN]);
        check(CrossOperator::Rank, &[5.0, 9.0, NAN, 5.0, 1.0], &[2.5, 1.0, NAN, 2.5, 4.0]);
        check(CrossOperator::Demean, &[1.0, NAN, 4.0], &[-1.5, NAN, 1.5]);
    }

    #[test]
    fn shares_are_summed_in_universe_order() {
        let mut x = [0.1, 0.2, 0.3];
        cross(CrossOperator::Share, &mut x, 1, &[0; 3], &[2, 1, 0]);
        assert_eq!(x[0], 0.1 / ((0.3 + 0.2) + 0.1));
        assert_ne!(x[0], 0.1 / ((0.1 + 0.2) + 0.3));
    }

    #[test]
    fn places_hold_ties_in_column_order() {
        let row = [5.0, 9.0, NAN, 5.0, 1.0];
        let mut out = [0.0; 5];
        places(End::Highest, &row, 1, &mut out);
        assert_eq!(bits(&out), bits(&[1.0, 0.0, NAN, 2.0, 3.0]));
        places(End::Lowest, &row, 1, &mut out);
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
            places(end, &x, rows, &mut pairs);
            places_by_sorting(end, &x, rows, &mut sorted);
            assert_eq!(bits(&pairs), bits(&sorted));
        }
    }

    #[test]
    fn non_members_are_absent() {
        let mut x = [1.0, 1.0, 1.0, 1.0];
        cross(CrossOperator::Equal, &mut x, 2, &[0, 1], &[0, 1]);
        assert_eq!(bits(&x), bits(&[1.0, 0.5, NAN, 0.5]));
        let mut places = [0.0, 0.0, NAN, 1.0];
        choose(2, &mut places, 2, &[0, 1]);
        assert_eq!(bits(&places), bits(&[0.5, 0.5, NAN, 0.5]));
    }
}
