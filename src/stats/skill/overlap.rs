//! Rows that hang together more than blocks of them allow for: holdings that overlap, stale prices. Only returns of other people
//! need this guard; the residuals of our own trials are those of a session.

use super::flips::sum_of_squares;
use crate::stats::overfitting::block_length::inflation;

/// What a statistic of each scale is worth: 1, or less where blocks of the scale show less of how the rows hang together than
/// the long-run variance does. `starts` has for each scale the rows at which a block begins.
pub(crate) fn overlap_guards(residuals: &[f64], starts: &[Vec<usize>]) -> Vec<f64> {
    let squares = sum_of_squares(residuals);
    if squares == 0.0 {
        return vec![1.0; starts.len()];
    }
    let inflation = inflation(residuals);
    let guard = |starts: &Vec<usize>| {
        let ends = starts.iter().skip(1).copied().chain([residuals.len()]);
        let sums: Vec<f64> =
            starts.iter().zip(ends).map(|(start, end)| residuals[*start..end].iter().sum()).collect();
        (sum_of_squares(&sums) / squares / inflation).min(1.0).sqrt()
    };
    starts.iter().map(guard).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};

    #[test]
    fn rows_that_overlap_say_less_until_blocks_are_long_enough() {
        let alone: Vec<f64> = (0..2000).map(|t| fraction(hash(3, t)) - 0.5).collect();
        let sums: Vec<f64> = alone.windows(20).map(|window| window.iter().sum()).collect();
        let starts = |rows: usize| [1, 63].map(|size| (0..rows).step_by(size).collect::<Vec<_>>());
        let found = overlap_guards(&sums, &starts(sums.len()));
        assert!(found[0] < 0.3 && found[1] > 0.7, "{found:?}");
        let found = overlap_guards(&alone, &starts(alone.len()));
        assert!(found[0] > 0.9, "{found:?}");
        assert_eq!(overlap_guards(&[0.0; 80], &starts(80)), [1.0, 1.0]);
    }
}
