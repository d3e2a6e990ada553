//! The weights of a block of decisions, for all decisions or only for those that change a weight.

use wide::f64x4;

const LANES: usize = 4;
/// Number of rows that are compared before the result is looked at.
const ROWS: usize = 64;

/// Decisions that are carried out, with their weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct WeightBlock {
    /// The decisions in order, counted from the first one of the block.
    pub rows: Vec<u32>,
    /// `rows.len()` weights for each column, column after column; NaN where there is no weight.
    pub weights: Vec<f64>,
    /// For each column the weight at the last decision of the block, 0 where absent; for equal parts 1 or 0. Used where only
    /// changes are carried out.
    pub(super) last: Vec<f64>,
    /// All weights of a block, before the changes are selected.
    all: Vec<f64>,
}

impl WeightBlock {
    /// Takes all of `count` decisions, with the weights that a function writes.
    pub(crate) fn fill(&mut self, count: usize, write: impl FnOnce(&mut Vec<f64>)) {
        write(&mut self.weights);
        self.rows.clear();
        self.rows.extend(0..count as u32);
    }

    /// Takes those of `count` decisions whose weights differ from the decision before; that of the first is the last of the
    /// block before.
    pub(super) fn fill_changes(&mut self, count: usize, write: impl FnOnce(&mut Vec<f64>)) {
        write(&mut self.all);
        changes(&self.all, count, &mut self.last, &mut self.rows);
        self.weights.clear();
        for column in self.all.chunks(count.max(1)) {
            self.weights.extend(self.rows.iter().map(|&row| column[row as usize]));
        }
    }
}

/// Lists the rows of a block on which any weight differs from the row before; an absent weight counts as 0.
///
/// `weights` has `rows` values for each column, column after column. `last` has the weights of the row before the block, one
/// for each column, and is left with those of the last row of the block.
fn changes(weights: &[f64], rows: usize, last: &mut [f64], changed: &mut Vec<u32>) {
    changed.clear();
    if rows == 0 {
        return;
    }
    let columns = || weights.chunks(rows);
    if columns().zip(last.iter()).any(|(column, last)| differ(column[0], *last)) {
        changed.push(0);
    }
    for start in (1..rows).step_by(ROWS) {
        let end = (start + ROWS).min(rows);
        let mut rows_differ =
            columns().fold(0, |differences, column| differences | differences_of(&column[start - 1..end]));
        while rows_differ != 0 {
            changed.push(start as u32 + rows_differ.trailing_zeros());
            rows_differ &= rows_differ - 1;
        }
    }
    last.iter_mut().zip(columns()).for_each(|(last, column)| *last = column[rows - 1]);
}

/// Bit i says whether values i and i + 1 differ, for up to [`ROWS`] pairs. There is no branch for each row.
fn differences_of(values: &[f64]) -> u64 {
    let (before, after) = (&values[..values.len() - 1], &values[1..]);
    let ((before, before_rest), (after, after_rest)) = (before.as_chunks::<LANES>(), after.as_chunks());
    let zero_if_absent = |values: f64x4| values & values.simd_eq(values);
    let mut differences = 0;
    for (group, (before, after)) in before.iter().zip(after).enumerate() {
        let [before, after] = [before, after].map(|values| zero_if_absent(f64x4::new(*values)));
        differences |= u64::from(before.simd_ne(after).to_bitmask()) << (group * LANES);
    }
    let rest_start = before.len() * LANES;
    for (pair, (before, after)) in before_rest.iter().zip(after_rest).enumerate() {
        differences |= u64::from(differ(*before, *after)) << (rest_start + pair);
    }
    differences
}

#[inline]
fn differ(a: f64, b: f64) -> bool {
    let zero_if_absent = |weight: f64| if weight.is_nan() { 0.0 } else { weight };
    zero_if_absent(a) != zero_if_absent(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_zero_are_the_same() {
        let weights = [0.0, f64::NAN, 0.5, 0.5, 1.0, 1.0, 1.0, 0.0];
        let (mut last, mut changed) = (vec![f64::NAN, 1.0], Vec::new());
        changes(&weights, 4, &mut last, &mut changed);
        assert_eq!(changed, [2, 3]);
        assert_eq!(last, [0.5, 0.0]);
    }

    #[test]
    fn the_row_before_the_block_counts() {
        let (mut last, mut changed) = (vec![0.0], Vec::new());
        let weights: Vec<f64> = (0..50).map(|row| f64::from(row / 20 + 1)).collect();
        changes(&weights, 50, &mut last, &mut changed);
        assert_eq!(changed, [0, 20, 40]);
    }
}
