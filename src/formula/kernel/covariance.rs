//! Weights from the covariance of returns, found by cyclic coordinates: one weight after another is made the best for the
//! others as they are, round after round.

use crate::summation::pairwise_sum;

/// More rounds than this are not made.
const MOST_ROUNDS: usize = 1000;
/// The weights have settled after a round in which none moved by more than this share of the largest.
const SETTLED: f64 = 1e-13;
/// A pivot that is not above this share of its variance has no digits left.
const LEAST_PIVOT: f64 = 1e-12;

/// A symmetric matrix, row after row.
#[derive(Debug, Clone)]
pub(crate) struct Covariance {
    size: usize,
    cells: Vec<f64>,
}

impl Covariance {
    /// The sample covariance of columns of returns, all of one length of at least 2.
    pub(crate) fn new(returns: &[&[f64]]) -> Covariance {
        let size = returns.len();
        let days = returns.first().map_or(0, |returns| returns.len()) as f64;
        let deviations: Vec<Vec<f64>> = returns
            .iter()
            .map(|returns| {
                let mean = pairwise_sum(returns) / days;
                returns.iter().map(|value| value - mean).collect()
            })
            .collect();
        let mut cells = vec![0.0; size * size];
        let mut products: Vec<f64> = Vec::new();
        for (i, a) in deviations.iter().enumerate() {
            for (j, b) in deviations.iter().enumerate().take(i + 1) {
                products.clear();
                products.extend(a.iter().zip(b).map(|(a, b)| a * b));
                let covariance = pairwise_sum(&products) / (days - 1.0);
                (cells[i * size + j], cells[j * size + i]) = (covariance, covariance);
            }
        }
        Covariance { size, cells }
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.cells[i * self.size..][..self.size]
    }

    /// The variance of a column.
    pub(crate) fn variance(&self, i: usize) -> f64 {
        self.cells[i * self.size + i]
    }

    /// The sum of a row times the weights of all others, from left to right.
    fn others(&self, i: usize, weights: &[f64]) -> f64 {
        let row = self.row(i).iter().zip(weights).enumerate();
        row.filter(|(j, _)| *j != i).fold(0.0, |sum, (_, (covariance, weight))| sum + covariance * weight)
    }

    /// Moves one weight after another, from the first to the last, until none moves any more. `best` gives the best weight for
    /// the sum over the others and for the own variance. Whether they have settled before the rounds ran out.
    pub(crate) fn settle(&self, weights: &mut [f64], best: impl Fn(f64, f64) -> f64) -> bool {
        for _ in 0..MOST_ROUNDS {
            let mut moved: f64 = 0.0;
            for i in 0..self.size {
                let weight = best(self.others(i, weights), self.variance(i));
                moved = moved.max((weight - weights[i]).abs());
                weights[i] = weight;
            }
            let largest = weights.iter().fold(0.0, |largest: f64, weight| largest.max(weight.abs()));
            if moved <= SETTLED * largest {
                return true;
            }
        }
        false
    }

    /// By which share the largest contribution of a weight to the variance exceeds the smallest.
    pub(crate) fn contributions_apart(&self, weights: &[f64]) -> f64 {
        let contribution = |i: usize| weights[i] * (self.others(i, weights) + self.variance(i) * weights[i]);
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        for contribution in (0..self.size).map(contribution) {
            (least, most) = (least.min(contribution), most.max(contribution));
        }
        most / least - 1.0
    }

    /// The weights z of some columns for which the covariance with all of them together is 1 for each of them; `None` where a
    /// column is as good as a mixture of those before it, or a weight is not above 0.
    pub(crate) fn solve_ones(&self, columns: &[usize]) -> Option<Vec<f64>> {
        let size = columns.len();
        let mut lower = vec![0.0; size * size];
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b);
        let mut forward = vec![0.0; size];
        for i in 0..size {
            let (before, row) = lower.split_at_mut(i * size);
            for j in 0..i {
                let product = dot(&row[..j], &before[j * size..][..j]);
                row[j] = (self.row(columns[i])[columns[j]] - product) / before[j * size + j];
            }
            let variance = self.variance(columns[i]);
            let pivot = variance - dot(&row[..i], &row[..i]);
            // A pivot that is no number is not above it either.
            let is_enough = pivot > LEAST_PIVOT * variance;
            if !is_enough {
                return None;
            }
            row[i] = pivot.sqrt();
            forward[i] = (1.0 - dot(&row[..i], &forward[..i])) / row[i];
        }
        let mut weights = forward;
        for i in (0..size).rev() {
            let product = (i + 1..size).fold(0.0, |sum, k| sum + lower[k * size + i] * weights[k]);
            weights[i] = (weights[i] - product) / lower[i * size + i];
        }
        weights.iter().all(|weight| *weight > 0.0).then_some(weights)
    }
}

/// Divides weights by their sum.
pub(crate) fn normalise(weights: &mut [f64]) {
    let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
    weights.iter_mut().for_each(|weight| *weight /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_covariance_is_that_of_a_sample() {
        let covariance = Covariance::new(&[&[1.0, 3.0, 2.0], &[0.0, 2.0, 4.0]]);
        assert_eq!(covariance.cells, [1.0, 1.0, 1.0, 4.0]);
    }

    #[test]
    fn a_system_is_solved_or_refused() {
        let covariance = Covariance { size: 3, cells: vec![4.0, 2.0, 4.0, 2.0, 5.0, 2.0, 4.0, 2.0, 4.0] };
        // 4a + 2b = 1 and 2a + 5b = 1.
        let weights = covariance.solve_ones(&[0, 1]).unwrap();
        assert!((weights[0] - 3.0 / 16.0).abs() < 1e-15 && (weights[1] - 1.0 / 8.0).abs() < 1e-15);
        // The third is a copy of the first.
        assert_eq!(covariance.solve_ones(&[0, 2]), None);
        let hedge = Covariance { size: 2, cells: vec![1.0, 2.0, 2.0, 9.0] };
        assert_eq!(hedge.solve_ones(&[0, 1]), None, "a weight below 0");
    }
}
