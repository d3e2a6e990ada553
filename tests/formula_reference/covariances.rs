//! Weights from the covariances of returns.

use super::numbers::{left_sum, mean, sum_of_products};

const MOST_ROUNDS: usize = 1000;

fn covariances(returns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = returns[0].len() as f64;
    let of = |a: &[f64], b: &[f64]| sum_of_products(a, mean(a), b, mean(b)) / (n - 1.0);
    returns.iter().map(|a| returns.iter().map(|b| of(a, b)).collect()).collect()
}

/// One coordinate after another, until a round moves none of them.
fn settle(matrix: &[Vec<f64>], y: &mut [f64], step: impl Fn(f64, f64) -> f64) {
    for _ in 0..MOST_ROUNDS {
        let mut moved: f64 = 0.0;
        for i in 0..y.len() {
            let others = (0..y.len()).filter(|j| *j != i);
            let b = others.fold(0.0, |sum, j| sum + matrix[i][j] * y[j]);
            let next = step(matrix[i][i], b);
            moved = moved.max((next - y[i]).abs());
            y[i] = next;
        }
        let largest = y.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        if moved <= 1e-13 * largest {
            return;
        }
    }
}

fn shares(y: &[f64]) -> Vec<f64> {
    let sum = left_sum(y);
    y.iter().map(|x| x / sum).collect()
}

/// Weights that contribute the same to the variance; one row of returns an asset.
pub fn risk_parity(returns: &[Vec<f64>]) -> Vec<f64> {
    let matrix = covariances(returns);
    let k = matrix.len() as f64;
    let mut y: Vec<f64> = (0..matrix.len()).map(|i| 1.0 / matrix[i][i].sqrt()).collect();
    settle(&matrix, &mut y, |own, b| ((b * b + 4.0 * own / k).sqrt() - b) / (2.0 * own));
    shares(&y)
}

/// The weights, none negative, of least variance.
pub fn min_variance(returns: &[Vec<f64>]) -> Vec<f64> {
    let matrix = covariances(returns);
    let mut y: Vec<f64> = (0..matrix.len()).map(|i| 1.0 / matrix[i][i]).collect();
    settle(&matrix, &mut y, |own, b| f64::max(0.0, (1.0 - b) / own));
    let chosen: Vec<usize> = (0..y.len()).filter(|i| y[*i] > 0.0).collect();
    if let Some(z) = solved(&matrix, &chosen) {
        chosen.iter().zip(z).for_each(|(i, z)| y[*i] = z);
    }
    shares(&y)
}

/// What the chosen rows and columns of a matrix take to 1, if it is far enough from singular and positive.
fn solved(matrix: &[Vec<f64>], chosen: &[usize]) -> Option<Vec<f64>> {
    let k = chosen.len();
    let mut root = vec![vec![0.0; k]; k];
    for i in 0..k {
        for j in 0..=i {
            let product = (0..j).fold(0.0, |sum, m| sum + root[i][m] * root[j][m]);
            let left = matrix[chosen[i]][chosen[j]] - product;
            root[i][j] = if i > j {
                left / root[j][j]
            } else if left > 1e-12 * matrix[chosen[i]][chosen[i]] {
                left.sqrt()
            } else {
                return None;
            };
        }
    }
    let mut forward = vec![0.0; k];
    for i in 0..k {
        let product = (0..i).fold(0.0, |sum, m| sum + root[i][m] * forward[m]);
        forward[i] = (1.0 - product) / root[i][i];
    }
    let mut z = vec![0.0; k];
    for i in (0..k).rev() {
        let product = (i + 1..k).fold(0.0, |sum, m| sum + root[m][i] * z[m]);
        z[i] = (forward[i] - product) / root[i][i];
    }
    z.iter().all(|z| *z > 0.0).then_some(z)
}
