//! Rows that hang together more than blocks of them allow for: holdings that overlap, stale prices. Only returns of other
//! people need this guard; the residuals of our own trials are those of a session.

use super::flips::sum_of_squares;
use super::scales::{Blocks, Buckets};
use crate::stats::overfitting::block_length::inflation;

/// What a statistic of each scale is worth: 1, or less where blocks of the scale show less of how the rows hang together than
/// the long-run variance does.
pub(crate) fn overlap_guards(residuals: &[f64], buckets: &Buckets) -> Vec<f64> {
    let squares = sum_of_squares(residuals);
    if squares == 0.0 {
        return vec![1.0; buckets.0.len()];
    }
    let inflation = inflation(residuals);
    let guard = |Blocks(blocks): &Blocks| {
        let mut start = 0;
        let sum = |end: u32| {
            let rows = start..end as usize;
            start = rows.end;
            residuals[rows].iter().sum::<f64>()
        };
        let sums: Vec<f64> = blocks.iter().map(|block| block.end).map(sum).collect();
        (sum_of_squares(&sums) / squares / inflation).min(1.0).sqrt()
    };
    buckets.0.iter().map(guard).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scales::of_rows;
    use super::*;
    use crate::mixer::{fraction, hash};

    #[test]
    fn rows_that_overlap_say_less_until_blocks_are_long_enough() {
        let alone: Vec<f64> = (0..2000).map(|t| fraction(hash(3, t)) - 0.5).collect();
        let sums: Vec<f64> = alone.windows(20).map(|window| window.iter().sum()).collect();
        let guards =
            |values: &[f64]| overlap_guards(values, &Buckets::of_rows(&of_rows(values.len()), values.len()));
        let found = guards(&sums);
        assert!(found[0] < 0.3 && found[2] > 2.0 * found[0], "{found:?}");
        assert!(guards(&alone)[0] > 0.9);
        assert_eq!(guards(&[0.0; 80]), [1.0]);
    }
}
