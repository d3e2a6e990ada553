//! Conditions as bits: one bit for each row of a block, 1 where the condition holds. The rows on which a condition changes are
//! then found by comparing words with themselves, shifted by one row.

use std::ops::Range;

use wide::f64x4;

use super::evaluation::{Evaluation, FrameIndex, Value};
use super::node::{Node, NodeId};
use super::syntax::BinaryOperator;
use super::weight_block::WeightBlock;

const LANES: usize = 4;
/// Number of rows in a word.
const WORD: usize = 64;

/// The rows on which a condition holds, of every column: `rows.div_ceil(64)` words a column, row 0 the lowest bit of the first.
/// Bits beyond the last row have no meaning.
type Truths = Vec<u64>;

impl Evaluation<'_> {
    /// Writes the decisions of a block whose weights differ from the decision before, for a formula that gives one equal part
    /// to each member on which a condition holds.
    ///
    /// `closed` is the number of rows at the start on which all weights are 0 whatever the condition says.
    pub(super) fn changes_of_equal_parts(
        &mut self,
        condition: NodeId,
        closed: usize,
        at: FrameIndex,
        out: &mut WeightBlock,
    ) {
        let (rows, members) = (self.block(at).len(), self.members(at));
        let words = rows.div_ceil(WORD);
        let mut truths = self.truths(condition, at);
        for (column, truths) in truths.chunks_mut(words.max(1)).enumerate() {
            clear(truths, 0..closed);
            members.gaps(column, words * WORD, |gap| clear(truths, gap));
        }
        out.rows.clear();
        let mut before: Vec<bool> = out.last.iter().map(|last| *last != 0.0).collect();
        for word in 0..words {
            let mut changed = u64::from(std::mem::take(&mut out.next_acts));
            for (before, column) in before.iter_mut().zip(truths.chunks(words)) {
                let truths = column[word];
                changed |= truths ^ (truths << 1 | u64::from(*before));
                *before = truths >> (WORD - 1) == 1;
            }
            // Bits beyond the last row have no meaning.
            if word + 1 == words && rows % WORD != 0 {
                changed &= (1 << (rows % WORD)) - 1;
            }
            while changed != 0 {
                out.rows.push((word * WORD) as u32 + changed.trailing_zeros());
                changed &= changed - 1;
            }
        }
        let columns = || truths.chunks(words.max(1));
        let bit = |column: &[u64], row: u32| column[row as usize / WORD] >> (row as usize % WORD) & 1;
        // First the number of members on which the condition holds, then the share of each.
        let mut shares = vec![0.0; out.rows.len()];
        for column in columns() {
            shares.iter_mut().zip(&out.rows).for_each(|(count, &row)| *count += bit(column, row) as f64);
        }
        shares.iter_mut().for_each(|count| *count = if *count > 1.0 { 1.0 / *count } else { 1.0 });
        out.weights.clear();
        for (column, truths) in columns().enumerate() {
            let first = out.weights.len();
            out.weights.extend(
                out.rows
                    .iter()
                    .zip(&shares)
                    .map(|(&row, &share)| if bit(truths, row) == 1 { share } else { 0.0 }),
            );
            let weights = &mut out.weights[first..];
            members.gaps(column, rows, |gap| {
                let position = |row: usize| out.rows.partition_point(|&changed| (changed as usize) < row);
                if !gap.is_empty() {
                    weights[position(gap.start)..position(gap.end)].fill(f64::NAN);
                }
            });
        }
        if let Some(last) = rows.checked_sub(1) {
            for (weight, column) in out.last.iter_mut().zip(columns()) {
                *weight = bit(column, last as u32) as f64;
            }
        }
    }

    /// Lists the rows of the block on which a node is present and not 0 for at least one member, from the row `closed` on.
    pub(super) fn rows_where_any(&mut self, node: NodeId, closed: usize, at: FrameIndex) -> Vec<u32> {
        let (rows, members) = (self.block(at).len(), self.members(at));
        let words = rows.div_ceil(WORD);
        let mut any = vec![0; words];
        for (column, truths) in self.truths(node, at).chunks_mut(words.max(1)).enumerate() {
            members.gaps(column, words * WORD, |gap| clear(truths, gap));
            any.iter_mut().zip(truths).for_each(|(any, truths)| *any |= *truths);
        }
        clear(&mut any, 0..closed);
        let holds = |row: &usize| any[row / WORD] >> (row % WORD) & 1 == 1;
        (0..rows).filter(holds).map(|row| row as u32).collect()
    }

    /// The rows on which a node is present and not 0.
    fn truths(&mut self, node: NodeId, at: FrameIndex) -> Truths {
        use BinaryOperator as Op;
        let Node::Binary(operator, operands) = &self.formula.nodes[node] else {
            return self.not_zero(node, at);
        };
        let operands = *operands;
        match operator {
            Op::And | Op::Or => {
                let [mut a, b] = operands.map(|operand| self.truths(operand, at));
                let join = |a: u64, b: u64| if *operator == Op::And { a & b } else { a | b };
                a.iter_mut().zip(b).for_each(|(a, b)| *a = join(*a, b));
                a
            }
            Op::Less => self.compare(operands, at, |a, b| a.simd_lt(b)),
            Op::LessOrEqual => self.compare(operands, at, |a, b| a.simd_le(b)),
            Op::Greater => self.compare(operands, at, |a, b| a.simd_gt(b)),
            Op::GreaterOrEqual => self.compare(operands, at, |a, b| a.simd_ge(b)),
            Op::Equal => self.compare(operands, at, |a, b| a.simd_eq(b)),
            Op::NotEqual => self.compare(operands, at, not_equal),
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Power => self.not_zero(node, at),
        }
    }

    /// The rows on which a comparison of two nodes holds. The comparison must be false for NaN.
    fn compare(
        &mut self,
        nodes: [NodeId; 2],
        at: FrameIndex,
        holds: impl Fn(f64x4, f64x4) -> f64x4,
    ) -> Truths {
        let values = nodes.map(|node| self.value(node, at));
        self.compare_values(values, at, holds)
    }

    /// The rows on which a node is present and not 0, as its value says.
    fn not_zero(&mut self, node: NodeId, at: FrameIndex) -> Truths {
        let value = self.value(node, at);
        self.compare_values([value, Value::Scalar(0.0)], at, not_equal)
    }

    fn compare_values(
        &mut self,
        values: [Value; 2],
        at: FrameIndex,
        holds: impl Fn(f64x4, f64x4) -> f64x4,
    ) -> Truths {
        let (columns, rows) = (self.columns(at), self.block(at).len());
        let words = rows.div_ceil(WORD);
        let mut truths = Vec::with_capacity(columns * words);
        for column in 0..columns {
            let [a, b] = values.each_ref().map(|value| match value {
                Value::Scalar(value) => Operand { whole: &[], rest: [*value; WORD] },
                value => Operand::new(self.column(value, column, at)),
            });
            truths.extend((0..words).map(|word| compare_word(a.word(word), b.word(word), &holds)));
        }
        values.into_iter().for_each(|value| self.recycle(value));
        truths
    }
}

/// A column in words of rows, the last word filled up with NaN. A number uses one word for all rows.
struct Operand<'v> {
    whole: &'v [[f64; WORD]],
    rest: [f64; WORD],
}

impl Operand<'_> {
    fn new(values: &[f64]) -> Operand<'_> {
        let (whole, over) = values.as_chunks();
        let mut rest = [f64::NAN; WORD];
        rest[..over.len()].copy_from_slice(over);
        Operand { whole, rest }
    }

    #[inline]
    fn word(&self, word: usize) -> &[f64; WORD] {
        self.whole.get(word).unwrap_or(&self.rest)
    }
}

/// A function of its own, so that the word is chosen once and not at every load.
#[inline(never)]
fn compare_word(a: &[f64; WORD], b: &[f64; WORD], holds: impl Fn(f64x4, f64x4) -> f64x4) -> u64 {
    let groups = a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0);
    groups.enumerate().fold(0, |truths, (group, (a, b))| {
        truths | u64::from(holds(f64x4::new(*a), f64x4::new(*b)).to_bitmask()) << (group * LANES)
    })
}

/// Unlike `!=`, false for NaN.
fn not_equal(a: f64x4, b: f64x4) -> f64x4 {
    a.simd_lt(b) | a.simd_gt(b)
}

/// Sets the bits of some rows to 0.
fn clear(column: &mut [u64], rows: Range<usize>) {
    for (word, bits) in column.iter_mut().enumerate() {
        let below = |row: usize| match row.saturating_sub(word * WORD) {
            count @ 0..WORD => (1u64 << count) - 1,
            _ => u64::MAX,
        };
        *bits &= below(rows.start) | !below(rows.end);
    }
}
