//! Equal blocks of consecutive returns, for cross-validation over blocks (Bailey, Borwein, López de Prado and Zhu, 2017).

use std::ops::Range;

/// Number of blocks of a long curve.
const BLOCKS: usize = 16;
/// Number of blocks of a short curve.
const BLOCKS_OF_SHORT: usize = 10;
/// A curve with fewer returns than this is short.
const SHORT: usize = 500;

/// The number of blocks into which so many returns are divided.
pub(crate) fn block_count(returns: usize) -> usize {
    if returns < SHORT { BLOCKS_OF_SHORT } else { BLOCKS }
}

/// For each block of a curve of `points` points, the points whose returns form it; the return of point t is the change since
/// point t - 1.
///
/// The first range holds the oldest returns, which are left over and belong to no block.
pub(crate) fn segments(points: usize) -> impl Iterator<Item = Range<usize>> {
    let returns = points.saturating_sub(1);
    let count = block_count(returns);
    let length = returns / count;
    let first = 1 + returns % count;
    std::iter::once(1..first)
        .chain((0..count).map(move |block| first + block * length..first + (block + 1) * length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_with_the_curve() {
        for (points, count, length, dropped) in
            [(500, 10, 49, 9), (501, 16, 31, 4), (8, 10, 0, 7), (1, 10, 0, 0)]
        {
            let segments: Vec<_> = segments(points).collect();
            assert_eq!(segments.len(), count + 1);
            assert_eq!(segments[0], 1..1 + dropped);
            assert!(segments[1..].iter().all(|block| block.len() == length));
            assert!(segments.array_windows().all(|[a, b]| a.end == b.start));
            assert_eq!(segments[count].end, points.max(1));
        }
    }
}
