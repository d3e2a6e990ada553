//! What a trial earned beyond holding the same assets in its own mean weights.
//!
//! Source of the idea: Grinblatt and Titman, "Performance measurement without benchmarks", Journal of Business 66 (1993).

/// A residual that moves less than this share of the returns has nothing to judge: the weights were constant but for drift.
const MOVES_LEAST: f64 = 1e-4;

/// The returns of an asset over the sessions of a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AssetReturns<'a> {
    /// A return a session; NaN while the asset is not there.
    pub returns: &'a [f64],
    /// What holding a short position of 1 costs a session; empty where nothing.
    pub borrow: &'a [f64],
}

/// What a sum of money beside the assets earns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CashReturns<'a> {
    /// A session, for money that is there; empty for 0.
    pub earned: &'a [f64],
    /// A session, for money that is owed; empty where that costs what the other earns.
    pub owed: &'a [f64],
}

/// A trial beside its matched passive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Residual {
    /// What moving the weights earned, a session; all 0 where nothing moves.
    pub residuals: Vec<f64>,
    /// Its mean.
    pub edge: f64,
    /// The mean return of holding the mean weights.
    pub passive: f64,
    /// The mean weight of each asset over the sessions on which it was there, then that of cash.
    pub mean_weights: Vec<f64>,
    /// Whether the weights moved enough to be judged.
    pub moves: bool,
}

/// The means of a ring of values without those that follow each: of `n` values without the `n / 2` after it.
///
/// A mean over all would contain weights that were decided knowing the return they are multiplied by.
pub(crate) fn left_out_means(values: &[f64]) -> Vec<f64> {
    let count = values.len();
    let (left_out, total) = (count / 2, values.iter().sum::<f64>());
    let kept = (count - left_out) as f64;
    // Sums of the values up to each place, over the ring twice.
    let mut sums = Vec::with_capacity(2 * count + 1);
    sums.push(0.0);
    for value in values.iter().chain(values) {
        sums.push(sums.last().copied().unwrap_or(0.0) + value);
    }
    (0..count).map(|t| (total - (sums[t + 1 + left_out] - sums[t + 1])) / kept).collect()
}

/// The residual of a trial with these returns.
///
/// `weights` has for each asset the weight with which the trial went into each session. Sums go over sessions in order and over
/// assets in order, cash last.
pub(crate) fn residual(
    returns: &[f64],
    weights: &[&[f64]],
    assets: &[AssetReturns],
    cash: CashReturns,
) -> Residual {
    let sessions = returns.len();
    let mut residuals = returns.to_vec();
    let mut mean_weights = Vec::with_capacity(assets.len() + 1);
    let mut present = Vec::with_capacity(sessions);
    let mut held = Vec::with_capacity(sessions);
    let mut earned = Vec::with_capacity(sessions);
    for (weights, asset) in weights.iter().zip(assets) {
        present.clear();
        present.extend((0..sessions).filter(|t| !asset.returns[*t].is_nan()));
        held.clear();
        held.extend(present.iter().map(|t| weights[*t]));
        let mean = mean(&held);
        earned.clear();
        earned.extend(present.iter().map(|&t| {
            let cost = if mean < 0.0 { asset.borrow.get(t).copied().unwrap_or(0.0) } else { 0.0 };
            asset.returns[t] + cost
        }));
        subtract(&mut residuals, &present, &held, &earned);
        mean_weights.push(mean);
    }
    present.clear();
    present.extend(0..sessions);
    held.clear();
    held.extend((0..sessions).map(|t| 1.0 - weights.iter().map(|weights| weights[t]).sum::<f64>()));
    let mean_cash = mean(&held);
    let rates = if mean_cash < 0.0 && !cash.owed.is_empty() { cash.owed } else { cash.earned };
    if !rates.is_empty() {
        subtract(&mut residuals, &present, &held, rates);
    }
    mean_weights.push(mean_cash);
    let moves = deviation(&residuals) >= MOVES_LEAST * deviation(returns) && deviation(returns) > 0.0;
    if !moves {
        residuals.fill(0.0);
    }
    let edge = mean(&residuals);
    Residual { edge, passive: mean(returns) - edge, mean_weights, moves, residuals }
}

/// Takes from the residuals what an asset earned on the sessions on which it was there: by the mean weight without those that
/// follow, and by the rest of the weight with its mean return. The second part sums to 0.
fn subtract(residuals: &mut [f64], present: &[usize], held: &[f64], earned: &[f64]) {
    let mean_return = mean(earned);
    for (((&t, weight), kept), earned) in present.iter().zip(held).zip(left_out_means(held)).zip(earned) {
        residuals[t] -= kept * earned + (weight - kept) * mean_return;
    }
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_CASH: CashReturns = CashReturns { earned: &[], owed: &[] };

    #[test]
    fn the_half_that_follows_is_left_out_of_a_mean() {
        assert_eq!(left_out_means(&[1.0, 2.0, 4.0, 8.0]), [4.5, 1.5, 3.0, 6.0]);
        assert_eq!(left_out_means(&[3.0, 5.0, 7.0]), [5.0, 4.0, 6.0]);
        assert_eq!(left_out_means(&[3.0]), [3.0]);
        assert!(left_out_means(&[]).is_empty());
    }

    #[test]
    fn constant_weights_have_no_residual() {
        let asset: Vec<f64> = (0..80u32).map(|t| f64::from(t * 37 % 11) / 100.0 - 0.04).collect();
        let returns: Vec<f64> = asset.iter().map(|x| 0.5 * x).collect();
        let assets = [AssetReturns { returns: &asset, borrow: &[] }];
        let found = residual(&returns, &[&[0.5; 80]], &assets, NO_CASH);
        assert!(!found.moves && found.residuals.iter().all(|x| *x == 0.0) && found.edge == 0.0);
        assert_eq!(found.mean_weights, [0.5, 0.5]);
        assert_eq!(found.passive, mean(&returns));
    }

    #[test]
    fn who_knows_the_next_session_has_an_edge() {
        let asset: Vec<f64> = (0..80u32).map(|t| f64::from(t * 37 % 11) / 100.0 - 0.05).collect();
        let weights: Vec<f64> = asset.iter().map(|x| if *x > 0.0 { 1.0 } else { 0.0 }).collect();
        let returns: Vec<f64> = asset.iter().zip(&weights).map(|(x, weight)| weight * x).collect();
        let found =
            residual(&returns, &[&weights], &[AssetReturns { returns: &asset, borrow: &[] }], NO_CASH);
        assert!(found.moves && found.edge > 0.01, "{}", found.edge);
        assert!((found.edge + found.passive - mean(&returns)).abs() < 1e-15);
    }
}
