//! How many independent trials some correlated ones amount to. For information: correlation lowers the variance of the Sharpe
//! ratios as well, and counting it twice rejects too much.

use crate::summation::mean;

/// Trials standardised to mean 0 and norm 1, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standardised {
    periods: usize,
    values: Vec<f64>,
}

impl Standardised {
    /// Takes trials that all move, `periods` returns of each.
    pub(crate) fn new(returns: &[f64], periods: usize) -> Standardised {
        let mut values = returns.to_vec();
        for series in values.chunks_mut(periods) {
            let centre = mean(series);
            series.iter_mut().for_each(|x| *x -= centre);
            let norm = dot(series, series).sqrt();
            series.iter_mut().for_each(|x| *x /= norm);
        }
        Standardised { periods, values }
    }

    /// Number of trials.
    pub(crate) fn trials(&self) -> usize {
        self.values.len() / self.periods
    }

    fn trial(&self, trial: usize) -> &[f64] {
        &self.values[trial * self.periods..(trial + 1) * self.periods]
    }

    /// Mean correlation between different trials, held between 0 and 1; 0 for one trial.
    pub(crate) fn mean_correlation(&self) -> f64 {
        let count = self.trials() as f64;
        let mut sum = vec![0.0; self.periods];
        for series in self.values.chunks(self.periods) {
            sum.iter_mut().zip(series).for_each(|(sum, x)| *sum += x);
        }
        if count < 2.0 { 0.0 } else { ((dot(&sum, &sum) - count) / (count * (count - 1.0))).clamp(0.0, 1.0) }
    }

    /// `r + (1 - r) N` with the mean correlation r (Bailey and López de Prado 2014, appendix 3).
    pub(crate) fn by_mean_correlation(&self) -> f64 {
        let (count, mean) = (self.trials() as f64, self.mean_correlation());
        mean + (1.0 - mean) * count
    }

    /// All correlations, row after row.
    pub(crate) fn correlations(&self) -> Vec<f64> {
        let count = self.trials();
        let mut out = vec![1.0; count * count];
        for a in 0..count {
            for b in 0..a {
                let correlation = dot(self.trial(a), self.trial(b));
                out[a * count + b] = correlation;
                out[b * count + a] = correlation;
            }
        }
        out
    }
}

/// Participation number `N^2 / |C|^2` of a correlation matrix: the number of its eigenvalues that matter (Roy and Vetterli
/// 2007 compare such measures).
pub(crate) fn participation(correlations: &[f64]) -> f64 {
    correlations.len() as f64 / dot(correlations, correlations)
}

/// Entropy rank of a correlation matrix: `exp(-sum p log p)` over its eigenvalues as shares. Source: Roy and Vetterli, "The
/// effective rank" (2007).
pub(crate) fn entropy_rank(correlations: &[f64]) -> f64 {
    let eigenvalues = eigenvalues(correlations);
    let count = eigenvalues.len() as f64;
    let shares = eigenvalues.iter().map(|value| value / count).filter(|share| *share > 0.0);
    libm::exp(-shares.fold(0.0, |sum, share| sum + share * libm::log(share)))
}

/// Eigenvalues of a symmetric matrix by Jacobi's rotations.
fn eigenvalues(matrix: &[f64]) -> Vec<f64> {
    let n = matrix.len().isqrt();
    let mut a = matrix.to_vec();
    for _ in 0..100 {
        let off = (0..n).fold(0.0, |sum, i| (0..i).fold(sum, |sum, j| sum + a[i * n + j] * a[i * n + j]));
        if off < 1e-24 * n as f64 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, n, p, q);
            }
        }
    }
    (0..n).map(|i| a[i * n + i]).collect()
}

/// Makes the entry at p, q zero (Golub and Van Loan, section 8.5).
fn rotate(a: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
    let t = 1.0_f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..n {
        let (kp, kq) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for k in 0..n {
        let (pk, qk) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
    }
}

/// Number of clusters by average linkage over the distances `sqrt((1 - r) / 2)`, cut where r is `correlation`.
pub(crate) fn clusters(correlations: &[f64], correlation: f64) -> usize {
    let n = correlations.len().isqrt();
    let cut = ((1.0 - correlation) / 2.0).sqrt();
    let mut distances: Vec<f64> = correlations.iter().map(|r| ((1.0 - r).max(0.0) / 2.0).sqrt()).collect();
    let mut sizes = vec![1.0; n];
    let mut alive: Vec<usize> = (0..n).collect();
    let mut chain: Vec<usize> = Vec::new();
    let mut count = n;
    // Two clusters that are each other's nearest may be joined in any order: a chain of nearest neighbours ends in such a pair.
    while alive.len() > 1 {
        let last = *chain.last().unwrap_or(&alive[0]);
        if chain.is_empty() {
            chain.push(last);
        }
        let before = chain.len().checked_sub(2).map(|place| chain[place]);
        let mut nearest = before.unwrap_or(usize::MAX);
        let mut distance = before.map_or(f64::INFINITY, |before| distances[last * n + before]);
        for &other in alive.iter().filter(|other| **other != last) {
            if distances[last * n + other] < distance {
                distance = distances[last * n + other];
                nearest = other;
            }
        }
        if Some(nearest) != before {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        alive.retain(|cluster| *cluster != last);
        let total = sizes[last] + sizes[nearest];
        for &other in alive.iter().filter(|other| **other != nearest) {
            let joined = (sizes[last] * distances[last * n + other]
                + sizes[nearest] * distances[nearest * n + other])
                / total;
            distances[nearest * n + other] = joined;
            distances[other * n + nearest] = joined;
        }
        sizes[nearest] = total;
        count -= usize::from(distance <= cut);
    }
    count
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_trials_are_one() {
        let returns = [0.01, -0.02, 0.03, 0.01, -0.02, 0.03];
        let trials = Standardised::new(&returns, 3);
        let correlations = trials.correlations();
        assert!((trials.by_mean_correlation() - 1.0).abs() < 1e-12);
        assert!((participation(&correlations) - 1.0).abs() < 1e-12);
        assert!((entropy_rank(&correlations) - 1.0).abs() < 1e-6);
        assert_eq!(clusters(&correlations, 0.9), 1);
    }

    #[test]
    fn independent_trials_are_all() {
        let trials = Standardised::new(&[1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0], 4);
        let correlations = trials.correlations();
        assert_eq!((trials.by_mean_correlation(), participation(&correlations)), (2.0, 2.0));
        assert!((entropy_rank(&correlations) - 2.0).abs() < 1e-12);
        assert_eq!((clusters(&correlations, 0.1), clusters(&correlations, -0.1)), (2, 1));
    }
}
