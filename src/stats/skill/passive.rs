//! What a trial earned beyond holding the same assets in its own mean weights.
//!
//! Source of the idea: Grinblatt and Titman, "Performance measurement without benchmarks", Journal of Business 66 (1993).

use std::borrow::Cow;

use crate::summation::pairwise_sum_by;

/// A residual that moves less than this share of the returns has nothing to judge: the weights were constant but for drift.
const MOVES_LEAST: f64 = 1e-4;

/// The returns of an asset while it is there: a run of the sessions of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AssetReturns {
    /// The session of the first return.
    pub first: usize,
    /// A return a session.
    pub returns: Vec<f64>,
    /// Their mean.
    pub mean: f64,
}

/// What some money beside the assets earns, or what a short position costs: a rate for each session of a sample, empty for 0.
pub(crate) type SessionRates = Vec<f64>;

/// What a sum of money beside the assets earns, and what short positions cost.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rates {
    /// For money that is there.
    pub earned: SessionRates,
    /// For money that is owed.
    pub owed: SessionRates,
    /// For a short position of 1.
    pub borrow: SessionRates,
}

impl Rates {
    /// The same on the sessions from one on.
    pub(crate) fn since(mut self, first: usize) -> Rates {
        for rates in [&mut self.earned, &mut self.owed, &mut self.borrow] {
            rates.drain(..first.min(rates.len()));
        }
        self
    }
}

/// A trial beside its matched passive.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Residual {
    /// What moving the weights earned, a session; all 0 where nothing moves.
    pub residuals: Vec<f64>,
    /// Its mean.
    pub edge: f64,
    /// The mean return of holding the mean weights.
    pub passive: f64,
    /// The mean weight of each asset that was ever held over the sessions on which it was there.
    pub mean_weights: Vec<(usize, f64)>,
    /// The mean weight of cash.
    pub mean_cash: f64,
    /// Whether the weights moved enough to be judged.
    pub moves: bool,
}

impl AssetReturns {
    /// Returns from a session on.
    pub(crate) fn new(first: usize, returns: Vec<f64>) -> AssetReturns {
        AssetReturns { first, mean: mean(&returns), returns }
    }

    /// The same on the sessions from one on.
    pub(crate) fn since(&self, first: usize) -> Cow<'_, AssetReturns> {
        match first.checked_sub(self.first) {
            _ if first == 0 => Cow::Borrowed(self),
            None => Cow::Owned(AssetReturns { first: self.first - first, ..self.clone() }),
            Some(before) => {
                let returns = self.returns.get(before..).unwrap_or_default();
                Cow::Owned(AssetReturns::new(0, returns.to_vec()))
            }
        }
    }
}

/// A residual that is being made, asset by asset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subtraction {
    residual: Residual,
    /// The sum of the weights of each session.
    invested: Vec<f64>,
    /// Sums of weights up to each session.
    sums: Vec<f64>,
    /// What an asset earned where a short position costs something.
    earned: Vec<f64>,
}

impl Subtraction {
    /// Begins with the returns of a trial.
    pub(crate) fn begin(&mut self, returns: &[f64]) {
        self.residual.residuals.clear();
        self.residual.residuals.extend_from_slice(returns);
        self.residual.mean_weights.clear();
        self.invested.clear();
        self.invested.resize(returns.len(), 0.0);
    }

    /// Takes away what an asset would have earned in the trial's mean weight. `weights` has for each session of the sample the
    /// weight with which the trial went into it; `index` names the asset in the result.
    pub(crate) fn asset(&mut self, index: usize, weights: &[f64], asset: &AssetReturns, borrow: &[f64]) {
        self.invested.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        let present = asset.first..asset.first + asset.returns.len();
        let held = &weights[present.clone()];
        let mean_weight = mean(held);
        self.residual.mean_weights.push((index, mean_weight));
        let residuals = &mut self.residual.residuals[present.clone()];
        if mean_weight < 0.0 && !borrow.is_empty() {
            self.earned.clear();
            self.earned
                .extend(asset.returns.iter().zip(&borrow[present]).map(|(earned, cost)| earned + cost));
            let mean_return = mean(&self.earned);
            subtract(residuals, held, &self.earned, mean_return, &mut self.sums);
        } else {
            subtract(residuals, held, &asset.returns, asset.mean, &mut self.sums);
        }
    }

    /// Takes away what money would have earned, and ends. `returns` are those it began with.
    pub(crate) fn end(&mut self, returns: &[f64], rates: &Rates) -> &Residual {
        let Subtraction { residual, invested, sums, .. } = self;
        invested.iter_mut().for_each(|sum| *sum = 1.0 - *sum);
        residual.mean_cash = mean(invested);
        let rates = if residual.mean_cash < 0.0 { &rates.owed } else { &rates.earned };
        if !rates.is_empty() {
            subtract(&mut residual.residuals, invested, rates, mean(rates), sums);
        }
        residual.moves = moves(&residual.residuals, returns);
        if !residual.moves {
            residual.residuals.fill(0.0);
        }
        residual.edge = mean(&residual.residuals);
        residual.passive = mean(returns) - residual.edge;
        residual
    }
}

/// Takes from the residuals what an asset earned: by the mean weight without those that follow, and by the rest of the weight
/// with its mean return. The second part sums to 0.
///
/// Of `n` sessions, taken as a ring, the `n / 2` after each are left out: a mean over all would contain weights that were
/// decided knowing the return they are multiplied by.
fn subtract(residuals: &mut [f64], held: &[f64], earned: &[f64], mean_return: f64, sums: &mut Vec<f64>) {
    left_out_means(held, sums, |t, kept| {
        residuals[t] -= kept * earned[t] + (held[t] - kept) * mean_return;
    });
}

/// Calls `each` with every place of a ring of values and the mean of the values without the half that follows it. `sums` is
/// overwritten.
pub(crate) fn left_out_means(values: &[f64], sums: &mut Vec<f64>, mut each: impl FnMut(usize, f64)) {
    let count = values.len();
    let left_out = count / 2;
    let kept = (count - left_out) as f64;
    sums.clear();
    sums.push(0.0);
    let mut total = 0.0;
    sums.extend(values.iter().map(|value| {
        total += value;
        total
    }));
    // The half after a place ends before the last value, or goes around.
    let (first, second) = (&sums[1..], &sums[1 + left_out.min(count)..]);
    for (t, (before, until)) in first.iter().zip(second).enumerate().take(count - left_out) {
        each(t, (total - (until - before)) / kept);
    }
    for (t, (until, before)) in (count - left_out..).zip(first[count - left_out..].iter().zip(&sums[1..])) {
        each(t, (until - before) / kept);
    }
}

/// The returns of holding the mean weights of a trial.
pub(crate) fn passive_returns(
    residual: &Residual,
    assets: &[AssetReturns],
    rates: &Rates,
    sessions: usize,
) -> Vec<f64> {
    let mut returns = vec![0.0; sessions];
    for &(index, weight) in &residual.mean_weights {
        let asset = &assets[index];
        for (t, earned) in asset.returns.iter().enumerate() {
            let session = asset.first + t;
            let cost = if weight < 0.0 { rates.borrow.get(session).copied().unwrap_or(0.0) } else { 0.0 };
            returns[session] += weight * (earned + cost);
        }
    }
    let money = if residual.mean_cash < 0.0 { &rates.owed } else { &rates.earned };
    returns.iter_mut().zip(money).for_each(|(sum, rate)| *sum += residual.mean_cash * rate);
    returns
}

/// Whether a residual moves enough beside the returns it was taken from to be judged.
pub(crate) fn moves(residuals: &[f64], returns: &[f64]) -> bool {
    let of_returns = deviation(returns);
    deviation(residuals) >= MOVES_LEAST * of_returns && of_returns > 0.0
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { pairwise_sum_by(values, |x| x) / values.len() as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (pairwise_sum_by(values, |x| (x - mean) * (x - mean)) / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residual(returns: &[f64], weights: &[f64], asset: &AssetReturns) -> Residual {
        let mut subtraction = Subtraction::default();
        subtraction.begin(returns);
        subtraction.asset(0, weights, asset, &[]);
        subtraction.end(returns, &Rates::default()).clone()
    }

    #[test]
    fn the_half_that_follows_is_left_out_of_a_mean() {
        let means = |values: &[f64]| {
            let mut out = Vec::new();
            left_out_means(values, &mut Vec::new(), |_, mean| out.push(mean));
            out
        };
        assert_eq!(means(&[1.0, 2.0, 4.0, 8.0]), [4.5, 1.5, 3.0, 6.0]);
        assert_eq!(means(&[3.0, 5.0, 7.0]), [5.0, 4.0, 6.0]);
        assert_eq!(means(&[3.0]), [3.0]);
        assert!(means(&[]).is_empty());
    }

    #[test]
    fn constant_weights_have_no_residual() {
        let asset: Vec<f64> = (0..80u32).map(|t| f64::from(t * 37 % 11) / 100.0 - 0.04).collect();
        let returns: Vec<f64> = asset.iter().map(|x| 0.5 * x).collect();
        let asset = AssetReturns::new(0, asset);
        let found = residual(&returns, &[0.5; 80], &asset);
        assert!(!found.moves && found.residuals.iter().all(|x| *x == 0.0) && found.edge == 0.0);
        assert_eq!((&found.mean_weights[..], found.mean_cash), (&[(0, 0.5)][..], 0.5));
        assert_eq!(found.passive, mean(&returns));
        assert_eq!(passive_returns(&found, &[asset], &Rates::default(), 80), returns);
    }

    #[test]
    fn who_knows_the_next_session_has_an_edge() {
        let asset: Vec<f64> = (0..80u32).map(|t| f64::from(t * 37 % 11) / 100.0 - 0.05).collect();
        let weights: Vec<f64> = asset.iter().map(|x| if *x > 0.0 { 1.0 } else { 0.0 }).collect();
        let returns: Vec<f64> = asset.iter().zip(&weights).map(|(x, weight)| weight * x).collect();
        let found = residual(&returns, &weights, &AssetReturns::new(0, asset));
        assert!(found.moves && found.edge > 0.01, "{}", found.edge);
        assert!((found.edge + found.passive - mean(&returns)).abs() < 1e-15);
    }

    #[test]
    fn an_asset_counts_only_while_it_is_there() {
        let returns = [0.01, 0.0, 0.02, -0.01, 0.03, 0.01];
        let asset = AssetReturns::new(2, vec![0.02, -0.01, 0.03]);
        let found = residual(&returns, &[0.0, 0.0, 1.0, 1.0, 1.0, 0.0], &asset);
        assert_eq!(found.mean_weights, [(0, 1.0)]);
        assert_eq!(found.residuals[..2], returns[..2]);
        assert!(found.residuals[2..5].iter().all(|x| x.abs() < 1e-17));
    }

    #[test]
    fn what_is_left_of_returns_begins_later() {
        let asset = AssetReturns::new(2, vec![0.1, 0.2, 0.4]);
        let since = |first| asset.since(first).into_owned();
        assert_eq!([since(0), since(1).clone()], [asset.clone(), AssetReturns { first: 1, ..asset.clone() }]);
        assert_eq!(
            [since(2), since(3)],
            [vec![0.1, 0.2, 0.4], vec![0.2, 0.4]].map(|x| AssetReturns::new(0, x))
        );
        assert_eq!([since(5), since(9)], [(); 2].map(|()| AssetReturns::new(0, Vec::new())));
        let rates = Rates { earned: vec![1.0, 2.0, 3.0], ..Rates::default() };
        assert_eq!(rates.clone().since(2), Rates { earned: vec![3.0], ..Rates::default() });
        assert_eq!(rates.since(4), Rates::default());
    }
}
