//! Which half of the blocks is in-sample: all combinations, or a sample of them.

use crate::mixer::hash;

/// Up to this many blocks all combinations are taken; for 16 blocks these are 12,870.
const BLOCKS_ALL: usize = 16;
/// Number of combinations in a sample, for more blocks.
const SAMPLED: usize = 10_000;
/// The largest number of blocks: the tables of partial sums of more would not fit into a cache.
pub(crate) const BLOCKS_MOST: usize = 24;

/// Sets of half of the blocks, as bits with block 0 the lowest. The complement of set `i` is the set with index `i` from the
/// end. All sets are in lexicographic order of their blocks; a sample depends on `seed`.
pub(crate) fn combinations(blocks: usize, seed: u64) -> Vec<u32> {
    let all = (1u32 << blocks) - 1;
    let mut first: Vec<u32> = if blocks <= BLOCKS_ALL {
        // A set comes before its complement if it contains block 0, and only then.
        let half = blocks / 2;
        let mut sets: Vec<u32> =
            (0..=all).filter(|set| set & 1 == 1 && set.count_ones() as usize == half).collect();
        sets.sort_by_key(|set| std::cmp::Reverse(set.reverse_bits()));
        sets
    } else {
        (0..SAMPLED as u64 / 2).map(|draw| random_half(blocks, hash(seed, draw))).collect()
    };
    first.extend(first.clone().iter().rev().map(|set| set ^ all));
    first
}

/// A random half of the blocks; every half is equally likely.
fn random_half(blocks: usize, key: u64) -> u32 {
    let mut set = 0u32;
    let mut needed = blocks / 2;
    for block in 0..blocks {
        let left = (blocks - block) as u64;
        if hash(key, block as u64) % left < needed as u64 {
            set |= 1 << block;
            needed -= 1;
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_blocks_in_lexicographic_order() {
        assert_eq!(combinations(4, 1), [0b0011, 0b0101, 0b1001, 0b0110, 0b1010, 0b1100]);
    }

    #[test]
    fn complements_stand_opposite() {
        for (blocks, count) in [(2, 2), (10, 252), (16, 12_870), (20, 10_000)] {
            let sets = combinations(blocks, 7);
            assert_eq!(sets.len(), count);
            let all = (1 << blocks) - 1;
            assert!(sets.iter().zip(sets.iter().rev()).all(|(set, other)| set ^ other == all));
            assert!(sets.iter().all(|set| set.count_ones() as usize == blocks / 2));
        }
    }
}
