//! What assets explain of returns: least squares with a constant, in fixed positions over all rows.
//!
//! The columns of the assets are made orthogonal one after the other, twice each, so that nearly equal ones lose no digits.
//! What the assets before it make up adds nothing and gets the coefficient 0; so does an asset that does not move, which the
//! constant makes up.

use crate::summation::mean;

/// What is left of a column at or below this share of it is rounding.
const NOTHING_LEFT: f64 = 1e-7;
/// A column that moves at or below this share of its size does not move.
const NO_MOVE: f64 = 1e-12;

/// A direction in which no asset before it moves, of length 1.
#[derive(Debug, Clone, PartialEq)]
struct Direction {
    /// The asset whose own it is.
    asset: usize,
    /// Its moves about their mean.
    moves: Vec<f64>,
    /// The mean return of the position that it is.
    mean: f64,
    /// What of its asset the directions before it are, in their order.
    shares: Vec<f64>,
    /// The length of what is left of its asset.
    length: f64,
}

/// The columns of some assets, ready to be taken from returns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Regression {
    directions: Vec<Direction>,
    assets: usize,
}

/// Returns without what assets explain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Explained {
    /// What is left, the constant included.
    pub residuals: Vec<f64>,
    /// The position in each asset.
    pub positions: Vec<f64>,
}

impl Regression {
    /// Of some assets, which have returns in the same rows.
    pub(crate) fn new(assets: &[&[f64]]) -> Regression {
        let mut directions: Vec<Direction> = Vec::new();
        for (asset, returns) in assets.iter().enumerate() {
            let mut mean = mean(returns);
            let mut moves: Vec<f64> = returns.iter().map(|x| x - mean).collect();
            let whole = length(&moves);
            if whole <= NO_MOVE * length(returns) {
                continue;
            }
            let mut shares = vec![0.0; directions.len()];
            for _ in 0..2 {
                for (direction, share) in directions.iter().zip(&mut shares) {
                    let part = dot(&moves, &direction.moves);
                    subtract(&mut moves, &direction.moves, part);
                    mean -= part * direction.mean;
                    *share += part;
                }
            }
            let length = length(&moves);
            if length > NOTHING_LEFT * whole {
                moves.iter_mut().for_each(|x| *x /= length);
                directions.push(Direction { asset, moves, mean: mean / length, shares, length });
            }
        }
        Regression { directions, assets: assets.len() }
    }

    /// Takes from returns what fixed positions in the assets would have earned.
    pub(crate) fn explain(&self, returns: &[f64]) -> Explained {
        let mean = mean(returns);
        let mut left: Vec<f64> = returns.iter().map(|x| x - mean).collect();
        let mut parts = vec![0.0; self.directions.len()];
        for _ in 0..2 {
            for (direction, part) in self.directions.iter().zip(&mut parts) {
                let more = dot(&left, &direction.moves);
                subtract(&mut left, &direction.moves, more);
                *part += more;
            }
        }
        let held = self.directions.iter().zip(&parts).fold(0.0, |sum, (d, part)| sum + part * d.mean);
        left.iter_mut().for_each(|x| *x += mean - held);
        Explained { residuals: left, positions: self.positions(parts) }
    }

    /// The position in each asset that has these parts in the directions.
    fn positions(&self, mut parts: Vec<f64>) -> Vec<f64> {
        let mut positions = vec![0.0; self.assets];
        for place in (0..parts.len()).rev() {
            let Direction { asset, shares, length, .. } = &self.directions[place];
            let position = parts[place] / length;
            parts.iter_mut().zip(shares).for_each(|(part, share)| *part -= position * share);
            positions[*asset] = position;
        }
        positions
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

fn length(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

fn subtract(from: &mut [f64], values: &[f64], times: f64) {
    from.iter_mut().zip(values).for_each(|(x, value)| *x -= times * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.5 + 2 x the first - 1 x the second.
    #[test]
    fn what_assets_explain_is_taken_away_and_the_constant_stays() {
        let (first, second) = ([0.0, 1.0, 2.0, 4.0, 1.0], [1.0, 0.0, 3.0, 1.0, 5.0]);
        let (twice, still) = (first.map(|x| 2.0 * x), [0.1; 5]);
        let returns: Vec<f64> = (0..5).map(|row| 0.5 + 2.0 * first[row] - second[row]).collect();
        let check = |assets: &[&[f64]], expected: &[f64]| {
            let Explained { residuals, positions } = Regression::new(assets).explain(&returns);
            assert!(residuals.iter().all(|x| (x - 0.5).abs() < 1e-14), "{residuals:?}");
            assert!(positions.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{positions:?}");
        };
        check(&[&first, &second], &[2.0, -1.0]);
        check(&[&second, &still, &first, &twice], &[-1.0, 0.0, 2.0, 0.0]);
        check(&[&twice, &first, &second], &[1.0, 0.0, -1.0]);
        assert_eq!(Regression::default().explain(&returns).positions, [0.0; 0]);
    }
}
