//! The sums over blocks that cross-validation needs of each trial: of its returns and of their squares.

use std::ops::Range;

use super::combinations::BLOCKS_MOST;
use super::unavailable::Unavailable;

/// Sums over blocks of equally many periods, for some trials.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockSums {
    /// Number of blocks.
    pub blocks: usize,
    /// Number of periods in a block.
    pub length: usize,
    /// For each trial the sum of its returns in each block, then the sum of their squares in each block.
    pub sums: Vec<f64>,
}

impl BlockSums {
    /// Number of trials.
    pub(crate) fn trials(&self) -> usize {
        self.sums.len() / (2 * self.blocks)
    }

    /// Adds the sums of a trial with these returns. The oldest returns, which fill no block, are left out.
    pub(crate) fn push(&mut self, returns: &[f64]) {
        let first = returns.len() - self.blocks * self.length;
        let blocks = || returns[first..].chunks(self.length);
        self.sums.extend(blocks().map(|block| block.iter().fold(0.0, |sum, x| sum + x)));
        self.sums.extend(blocks().map(|block| block.iter().fold(0.0, |sum, x| sum + x * x)));
    }
}

/// The number of periods in each of `blocks` blocks.
///
/// # Errors
/// A number of blocks that is odd, below 2 or above [`BLOCKS_MOST`]; fewer than two periods in a block.
pub(crate) fn block_length(periods: usize, blocks: usize) -> Result<usize, Unavailable> {
    if blocks < 2 || !blocks.is_multiple_of(2) || blocks > BLOCKS_MOST {
        let reason = format!("{blocks} blocks: expected an even number from 2 to {BLOCKS_MOST}");
        return Err(Unavailable::new(reason));
    }
    let length = periods / blocks;
    if length < 2 {
        let reason = format!("{periods} periods in {blocks} blocks are {length} in each: two are needed");
        return Err(Unavailable::new(reason));
    }
    Ok(length)
}

/// Number of trials that are processed together, so that their partial sums stay in the cache.
pub(super) const WIDTH: usize = 64;

/// One number for each trial of a tile.
pub(super) type Lanes = [f64; WIDTH];

/// The sums over every subset of the lower half of the blocks and of the upper half, for a tile of trials.
pub(super) struct PartialSums {
    half: usize,
    lower: Vec<[Lanes; 2]>,
    upper: Vec<[Lanes; 2]>,
    /// Number of trials.
    pub width: usize,
}

impl PartialSums {
    /// Allocates the tables for so many blocks.
    pub(crate) fn new(blocks: usize) -> PartialSums {
        let half = blocks / 2;
        let table = || vec![[[0.0; WIDTH]; 2]; 1 << half];
        PartialSums { half, lower: table(), upper: table(), width: 0 }
    }

    /// Computes the sums for up to [`WIDTH`] trials.
    pub(crate) fn fill(&mut self, sums: &BlockSums, trials: Range<usize>) {
        self.width = trials.len();
        let (half, blocks) = (self.half, sums.blocks);
        for (table, first) in [(&mut self.lower, 0), (&mut self.upper, half)] {
            for set in 1usize..1 << half {
                let block = first + set.trailing_zeros() as usize;
                let (known, rest) = table.split_at_mut(set);
                let before = &known[set & (set - 1)];
                for kind in 0..2 {
                    for (lane, trial) in trials.clone().enumerate() {
                        rest[0][kind][lane] =
                            before[kind][lane] + sums.sums[(2 * trial + kind) * blocks + block];
                    }
                }
            }
        }
    }

    /// The four parts of the sums over a set of blocks: of the returns in the lower and the upper half, then of their squares.
    pub(crate) fn parts(&self, set: u32) -> [&Lanes; 4] {
        let lower = &self.lower[set as usize & ((1 << self.half) - 1)];
        let upper = &self.upper[set as usize >> self.half];
        [&lower[0], &upper[0], &lower[1], &upper[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_must_be_even_and_filled() {
        assert_eq!(block_length(1003, 16), Ok(62));
        assert!(block_length(100, 5).unwrap_err().to_string().contains("even"));
        assert!(block_length(10, 8).unwrap_err().to_string().contains("two are needed"));
    }

    #[test]
    fn partial_sums_add_up() {
        let mut sums = BlockSums { blocks: 4, length: 2, sums: Vec::new() };
        sums.push(&[9.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]);
        assert_eq!(sums.sums, [2.0, 4.0, 6.0, 8.0, 2.0, 8.0, 18.0, 32.0]);
        let mut partial = PartialSums::new(4);
        partial.fill(&sums, 0..1);
        let [a, b, c, d] = partial.parts(0b1011).map(|lanes| lanes[0]);
        assert_eq!((a, b, c, d), (6.0, 8.0, 10.0, 32.0));
    }
}
