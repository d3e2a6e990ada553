//! What one row of results is among trials, from its figures and its sums over blocks alone.

use crate::mixer::hash;
use crate::stats::overfitting::sharpe::sharpe_of_sums;
use crate::stats::overfitting::trials::TrialOutcome;
use crate::strategy::figures::{Metric, PointFigures};

/// What a row is among trials. The mark stands for the returns: equal returns have equal sums and shapes, bit for bit.
pub(crate) fn column(failed: bool, sums: &[f64], figures: &PointFigures) -> TrialOutcome {
    if failed || sums.is_empty() || sums.iter().any(|sum| !sum.is_finite()) {
        return TrialOutcome::Failed;
    }
    let [total_return, skew, kurtosis] =
        [Metric::TOTAL_RETURN, Metric::SKEW, Metric::KURTOSIS].map(|metric| figures[metric.column()]);
    if kurtosis.is_nan() {
        return TrialOutcome::Flat;
    }
    // Besides the sums only what no convention of the statistics can change.
    TrialOutcome::Moving(
        sums.iter().chain(&[total_return, skew, kurtosis]).fold(0, |mark, x| hash(mark, x.to_bits())),
    )
}

/// Sharpe ratio per period from sums over blocks of `length` returns: of all returns but the oldest that fill no block.
pub(crate) fn sharpe_of_blocks(sums: &[f64], length: usize) -> f64 {
    let (first, second) = sums.split_at(sums.len() / 2);
    let count = (first.len() * length) as f64;
    let total = |sums: &[f64]| sums.iter().fold(0.0, |sum, x| sum + x);
    sharpe_of_sums(total(first), total(second), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::figures::FIGURES;

    #[test]
    fn equal_returns_have_equal_marks_whatever_else_differs() {
        let mut figures = [1.0; FIGURES.len()];
        let sums = [0.1, 0.2];
        let mark = column(false, &sums, &figures);
        figures[Metric::FILLS.column()] = 5.0;
        assert_eq!(column(false, &sums, &figures), mark);
        assert_ne!(column(false, &[0.1, 0.3], &figures), mark);
        figures[Metric::TOTAL_RETURN.column()] = 2.0;
        assert_ne!(column(false, &sums, &figures), mark);
        figures[Metric::KURTOSIS.column()] = f64::NAN;
        assert_eq!(column(false, &sums, &figures), TrialOutcome::Flat);
        assert_eq!(column(false, &[f64::NAN; 2], &figures), TrialOutcome::Failed);
    }

    #[test]
    fn sums_give_the_sharpe_ratio() {
        // 1, 3, 2, 6 in two blocks: mean 3, squares about it 4 + 0 + 1 + 9.
        let sharpe = sharpe_of_blocks(&[4.0, 8.0, 10.0, 40.0], 2);
        assert!((sharpe - 3.0 / (14.0f64 / 3.0).sqrt()).abs() < 1e-15);
    }
}
