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
    /// Whether the next decision is carried out even if it changes no weight. Used where only changes are carried out.
    pub(super) next_acts: bool,
    /// All weights of a block, before the changes are selected.
    all: Vec<f64>,
}

impl WeightBlock {
    /// Begins anew for this many columns, before the first decision of a backtest.
    pub(super) fn begin(&mut self, columns: usize, first_acts: bool) {
        self.last.clear();
        self.last.resize(columns, 0.0);
        self.next_acts = first_acts;
    }

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
        self.select_changes(count);
    }

    /// Takes the decisions `passing` among `count`, ascending; with `only_changes` those of them whose weights differ from the
    /// last one that passed. `write` is not called where none passes.
    pub(super) fn fill_passing(
        &mut self,
        count: usize,
        passing: &[u32],
        only_changes: bool,
        write: impl FnOnce(&mut Vec<f64>),
    ) {
        self.rows.clear();
        self.weights.clear();
        if passing.is_empty() {
            return;
        }
        write(&mut self.all);
        if passing.len() < count {
            let columns = self.all.len() / count;
            // No cell is moved to a place behind its own, so none is overwritten before it is read.
            for column in 0..columns {
                for (place, &row) in passing.iter().enumerate() {
                    self.all[column * passing.len() + place] = self.all[column * count + row as usize];
                }
            }
            self.all.truncate(columns * passing.len());
        }
        if only_changes {
            self.select_changes(passing.len());
            self.rows.iter_mut().for_each(|row| *row = passing[*row as usize]);
        } else {
            std::mem::swap(&mut self.weights, &mut self.all);
            self.rows.extend_from_slice(passing);
        }
    }

    /// Takes the changes among all weights of `count` decisions.
    fn select_changes(&mut self, count: usize) {
        let first_acts = count > 0 && std::mem::take(&mut self.next_acts);
        changes(&self.all, count, first_acts, &mut self.last, &mut self.rows);
        self.weights.clear();
        for column in self.all.chunks(count.max(1)) {
            self.weights.extend(self.rows.iter().map(|&row| column[row as usize]));
        }
    }
}

/// Lists the rows of a block on which any weight differs from the row before, and with `first_acts` the first row in any case;
/// an absent weight counts as 0.
///
/// `weights` has `rows` values for each column, column after column. `last` has the weights of the row before the block, one
/// for each column, and is left with those of the last row of the block.
fn changes(weights: &[f64], rows: usize, first_acts: bool, last: &mut [f64], changed: &mut Vec<u32>) {
    changed.clear();
    if rows == 0 {
        return;
    }
    let columns = || weights.chunks(rows);
    if first_acts || columns().zip(last.iter()).any(|(column, last)| differ(column[0], *last)) {
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
        changes(&weights, 4, false, &mut last, &mut changed);
        assert_eq!(changed, [2, 3]);
        assert_eq!(last, [0.5, 0.0]);
    }

    #[test]
    fn the_row_before_the_block_counts() {
        let (mut last, mut changed) = (vec![0.0], Vec::new());
        let weights: Vec<f64> = (0..50).map(|row| f64::from(row / 20 + 1)).collect();
        changes(&weights, 50, false, &mut last, &mut changed);
        assert_eq!(changed, [0, 20, 40]);
    }

    #[test]
    fn the_first_acts_once() {
        let mut block = WeightBlock::default();
        block.begin(1, true);
        block.fill_changes(0, |all| all.clear());
        block.fill_changes(3, |all| *all = vec![0.0, 0.0, f64::NAN]);
        assert_eq!((&*block.rows, &*block.weights), (&[0][..], &[0.0][..]));
        block.fill_changes(2, |all| *all = vec![0.0, 0.5]);
        assert_eq!((&*block.rows, &*block.weights), (&[1][..], &[0.5][..]));
    }

    #[test]
    fn what_does_not_pass_is_left_out_and_not_compared() {
        let weights = [[0.5, 0.2, 0.5, 0.5, 0.1], [0.0, 0.3, f64::NAN, 0.0, 0.0]].concat();
        let write = |all: &mut Vec<f64>| all.clone_from(&weights);
        let mut block = WeightBlock::default();
        block.begin(2, false);
        block.fill_passing(5, &[1, 3, 4], false, write);
        assert_eq!((&*block.rows, &*block.weights), (&[1, 3, 4][..], &[0.2, 0.5, 0.1, 0.3, 0.0, 0.0][..]));
        block.begin(2, true);
        block.fill_passing(5, &[], true, |_| panic!("nothing passes"));
        assert!(block.rows.is_empty() && block.weights.is_empty());
        // Row 1 is not seen, so row 2 is compared with row 0.
        block.fill_passing(5, &[0, 2, 4], true, write);
        assert_eq!((&*block.rows, &*block.weights), (&[0, 4][..], &[0.5, 0.1, 0.0, 0.0][..]));
        block.fill_passing(5, &[4], true, write);
        assert!(block.rows.is_empty(), "it was the last that passed");
    }
}
