//! What a trial earned beyond holding the same assets in its own mean weights, and which trials count.

use super::figures::{mean, population_deviation};
use super::input::Trials;

/// Something that a trial held: weights and returns by session.
struct Holding {
    weights: Vec<f64>,
    /// `None` where the asset is absent.
    returns: Vec<Option<f64>>,
}

/// "`v[t,i]` = mean of `w[.,i]` over those n sessions without the h that follow t, the sample taken as a ring", `h =
/// n div 2`.
pub fn left_out_means(weights: &[f64]) -> Vec<f64> {
    let count = weights.len();
    let left_out = count / 2;
    let mut means = Vec::new();
    for session in 0..count {
        let mut sum = 0.0;
        for other in 0..count {
            let steps_after = (other + count - session) % count;
            let follows = 1 <= steps_after && steps_after <= left_out;
            if !follows {
                sum += weights[other];
            }
        }
        means.push(sum / (count - left_out) as f64);
    }
    means
}

/// The values of the sessions on which an asset is not absent.
fn present<T: Copy>(values: &[T], returns: &[Option<f64>]) -> Vec<T> {
    let mut chosen = Vec::new();
    for session in 0..returns.len() {
        if returns[session].is_some() {
            chosen.push(values[session]);
        }
    }
    chosen
}

/// An asset as a trial held it. "If the trial's mean weight in i is negative, the borrow rate of the session is added
/// to `a[t,i]`."
fn asset_held(trials: &Trials, trial: usize, asset: usize) -> Holding {
    let weights = trials.weights[trial][asset].clone();
    let mut returns = trials.assets[asset].clone();
    let mean_weight = mean(&present(&weights, &returns));
    if let Some(borrow) = &trials.borrow
        && mean_weight < 0.0
    {
        for session in 0..returns.len() {
            returns[session] = returns[session].map(|of_prices| of_prices + borrow[session]);
        }
    }
    Holding { weights, returns }
}

/// "Cash is one more asset with weight `1 - sum w` and the return that one unit of cash had: `cash_rate`, or
/// `debit_rate` where the trial's mean cash weight is negative; 0 without rates." Where there is no `debit_rate`, the
/// vectors charge a loan `cash_rate`.
fn cash_held(trials: &Trials, trial: usize) -> Holding {
    let mut weights = Vec::new();
    for session in 0..trials.days.len() {
        let mut invested = 0.0;
        for asset in 0..trials.assets.len() {
            invested += trials.weights[trial][asset][session];
        }
        weights.push(1.0 - invested);
    }
    let rate = match (&trials.cash, &trials.debit) {
        (_, Some(debit)) if mean(&weights) < 0.0 => debit.clone(),
        (Some(cash), _) => cash.clone(),
        (None, _) => vec![0.0; trials.days.len()],
    };
    Holding { weights, returns: rate.into_iter().map(Some).collect() }
}

/// All that a trial held: the assets in their order, cash at the end.
fn holdings(trials: &Trials, trial: usize) -> Vec<Holding> {
    let mut held = Vec::new();
    for asset in 0..trials.assets.len() {
        held.push(asset_held(trials, trial, asset));
    }
    held.push(cash_held(trials, trial));
    held
}

/// "`d[t] = r[t] - sum_i ( v[t,i] a[t,i] + (w[t,i] - v[t,i]) mean(a[.,i]) )`, means over the n sessions of i."
fn raw_residual(trials: &Trials, trial: usize) -> Vec<f64> {
    let sessions = trials.days.len();
    let mut passive = vec![0.0; sessions];
    for holding in holdings(trials, trial) {
        let means = left_out_means(&present(&holding.weights, &holding.returns));
        let returns: Vec<f64> = holding.returns.iter().flatten().copied().collect();
        let mean_return = mean(&returns);
        let mut number = 0;
        for session in 0..sessions {
            if let Some(asset_return) = holding.returns[session] {
                let weight = holding.weights[session];
                passive[session] += means[number] * asset_return + (weight - means[number]) * mean_return;
                number += 1;
            }
        }
    }
    let mut residual = Vec::new();
    for session in 0..sessions {
        residual.push(trials.returns[trial][session] - passive[session]);
    }
    residual
}

/// "A trial whose residual moves less than 1e-4 as much as its returns (population deviations) has nothing to judge:
/// d = 0."
pub fn residual(trials: &Trials, trial: usize) -> Vec<f64> {
    let residual = raw_residual(trials, trial);
    if population_deviation(&residual) < 1e-4 * population_deviation(&trials.returns[trial]) {
        return vec![0.0; residual.len()];
    }
    residual
}

/// Mean weight in each asset over the sessions on which it is not absent, cash at the end.
pub fn mean_weights(trials: &Trials, trial: usize) -> Vec<f64> {
    let held = holdings(trials, trial);
    held.iter().map(|holding| mean(&present(&holding.weights, &holding.returns))).collect()
}

/// Returns of the matched passive with plain mean weights; an asset gives nothing where it is absent.
pub fn passive_returns(trials: &Trials, trial: usize) -> Vec<f64> {
    let means = mean_weights(trials, trial);
    let mut returns = vec![0.0; trials.days.len()];
    for (holding, mean_weight) in holdings(trials, trial).iter().zip(means) {
        for session in 0..returns.len() {
            returns[session] += mean_weight * holding.returns[session].unwrap_or(0.0);
        }
    }
    returns
}

/// "Degenerate series: `sum (x-mean)^2 <= 1e-12 * sum x^2`."
fn is_flat(returns: &[f64]) -> bool {
    let middle = mean(returns);
    let mut about_mean = 0.0;
    let mut squares = 0.0;
    for value in returns {
        about_mean += (value - middle) * (value - middle);
        squares += value * value;
    }
    about_mean <= 1e-12 * squares
}

/// "A trial with equity at or below 0 at any close."
fn is_ruined(returns: &[f64]) -> bool {
    let mut equity = 1.0;
    for value in returns {
        equity *= 1.0 + value;
        if equity <= 0.0 {
            return true;
        }
    }
    false
}

/// The trials that count: "ruined, flat, failed, or equal to an earlier one to the bit is not canonical".
pub fn canonical(trials: &Trials) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    for trial in 0..trials.returns.len() {
        let returns = &trials.returns[trial];
        let bits = |returns: &[f64]| -> Vec<u64> { returns.iter().map(|value| value.to_bits()).collect() };
        let is_duplicate = chosen.iter().any(|earlier| bits(&trials.returns[*earlier]) == bits(returns));
        if !is_flat(returns) && !is_ruined(returns) && !is_duplicate {
            chosen.push(trial);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::{canonical, mean_weights, passive_returns, residual};
    use crate::slow_verdict::input::Trials;

    /// An asset for all four sessions, one for the last two; the first trial holds what it holds without moving, the
    /// second moves.
    fn trials() -> Trials {
        Trials {
            days: vec![0, 1, 2, 3],
            assets: vec![
                vec![0.5, 0.25, -0.5, 0.25].into_iter().map(Some).collect(),
                vec![None, None, Some(0.5), Some(1.0)],
            ],
            weights: vec![
                vec![vec![0.5; 4], vec![0.0, 0.0, 0.0, 0.0]],
                vec![vec![1.0, 0.0, 0.0, 1.0], vec![0.0, 0.0, 0.5, 0.0]],
            ],
            returns: vec![vec![0.25, 0.125, -0.25, 0.125], vec![0.5, 0.0, 0.25, 0.25]],
            cash: None,
            borrow: None,
            debit: None,
        }
    }

    #[test]
    fn weights_that_do_not_move_leave_nothing() {
        let trials = trials();
        assert_eq!(mean_weights(&trials, 0), [0.5, 0.0, 0.5]);
        assert_eq!(passive_returns(&trials, 0), trials.returns[0]);
        assert_eq!(residual(&trials, 0), [0.0; 4]);
    }

    /// First asset, mean return 1/8: means without the two that follow are 1, 0.5, 0, 0.5 of the weights 1, 0, 0, 1.
    /// Second asset, mean return 3/4: of 0.5 and 0, each without the other.
    #[test]
    fn a_residual_is_that_by_hand() {
        let trials = trials();
        assert_eq!(mean_weights(&trials, 1), [0.5, 0.25, 0.375]);
        let first = [0.5, 0.125 - 0.5 / 8.0, 0.0, 0.125 + 0.5 / 8.0];
        let second = [0.0, 0.0, 0.25, 0.0];
        let expected: Vec<f64> = (0..4).map(|t| trials.returns[1][t] - first[t] - second[t]).collect();
        assert_eq!(residual(&trials, 1), expected);
    }

    #[test]
    fn ruined_flat_and_repeated_trials_do_not_count() {
        let mut trials = trials();
        trials.returns = vec![
            vec![0.1, -1.0, 0.3, 0.1],
            vec![0.1, -0.9, 0.3, 0.1],
            vec![0.1; 4],
            vec![0.1, -0.9, 0.3, 0.1],
            vec![0.0; 4],
            vec![-0.1, 0.9, 0.3, 0.1],
        ];
        assert_eq!(canonical(&trials), [1, 5]);
    }
}
