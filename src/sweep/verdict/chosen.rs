//! One point looked at closely: what it earned, what holding its mean weights earned, asset by asset, and how often its
//! decisions changed weights.

use super::trial::{Trial, held, trial};
use crate::engine::journal::Record;
use crate::stats::skill::decision::changes;
use crate::stats::skill::passive::{Rates, Residual, passive_returns};
use crate::stats::skill::scales::Buckets;
use crate::strategy::run::PointBuffers;
use crate::summation::{mean, sum_of_squares};
use crate::sweep::compute::figures;
use crate::sweep::plan::Plan;

/// What an asset brought to a point, a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AssetShare {
    /// The ticker; empty for cash.
    pub ticker: String,
    /// The mean weight while it was there.
    pub weight: f64,
    /// What that weight earned.
    pub held: f64,
    /// What moving it earned.
    pub moved: f64,
}

/// The risk of a curve.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Risk {
    /// The deviation of its returns, a year.
    pub volatility: f64,
    /// The largest fall from an earlier height, a fraction.
    pub largest_fall: f64,
}

/// A point.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// The point.
    pub point: u64,
    /// The days of its sessions, counted from 1970-01-01.
    pub days: Vec<i64>,
    /// Their buckets.
    pub buckets: Buckets,
    /// Its returns, a session.
    pub returns: Vec<f64>,
    /// Those of holding its mean weights.
    pub passive_returns: Vec<f64>,
    /// What money earned on each session; empty for nothing.
    pub cash_returns: Vec<f64>,
    /// What it earned beyond its own mean weights.
    pub residual: Residual,
    /// The assets that it ever held in the order of their tickers, then cash.
    pub shares: Vec<AssetShare>,
    /// Its decisions that changed weights.
    pub changes: u64,
    /// Sessions of a year.
    pub periods: f64,
}

impl Chosen {
    /// Computes a point again; `None` if it fails.
    pub(crate) fn new(plan: &Plan, point: u64) -> Option<Chosen> {
        let changes = decisions(plan, point)?;
        let look = |trial: &Trial| {
            let stage = &trial.scene.stage;
            let rules = plan.variants.get(&plan.sweep.space.values(point)).ok()?.rules;
            let (_, periods) = rules.years(stage.points(), stage.calendar_days());
            let assets: Vec<_> = trial.sessions.assets.iter().map(|(_, returns)| returns.clone()).collect();
            Some(Chosen {
                point,
                days: trial.sessions.days.clone(),
                buckets: trial.sessions.buckets.clone(),
                passive_returns: passive_returns(trial.residual, &assets, trial.rates, trial.returns.len()),
                returns: trial.returns.to_vec(),
                cash_returns: trial.rates.earned.clone(),
                shares: shares(trial),
                residual: trial.residual.clone(),
                changes,
                periods: if periods.is_finite() { periods } else { plan.sweep.strategy.periods_per_year },
            })
        };
        trial(plan, point, look)?
    }

    /// Its mean return, a session.
    pub(crate) fn mean(&self) -> f64 {
        self.residual.edge + self.residual.passive
    }

    /// The risk of the point.
    pub(crate) fn risk(&self) -> Risk {
        risk(&self.returns, self.periods)
    }

    /// The risk of holding its mean weights.
    pub(crate) fn passive_risk(&self) -> Risk {
        risk(&self.passive_returns, self.periods)
    }
}

/// The number of decisions of a point that changed weights.
fn decisions(plan: &Plan, point: u64) -> Option<u64> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.get(&values).ok()?;
    let mut buffers = PointBuffers::<Record>::default();
    figures(plan, &variant, &values, &mut buffers).ok()?;
    Some(changes(buffers.journal.decisions.iter().map(|decision| &decision.weights[..])))
}

/// What each asset and cash brought.
fn shares(trial: &Trial) -> Vec<AssetShare> {
    let Trial { residual, sessions, scene, rates, .. } = trial;
    let count = trial.returns.len() as f64;
    let mut weights = Vec::new();
    let mut invested = vec![0.0; trial.returns.len()];
    let mut shares = Vec::new();
    for fills in trial.fills.chunk_by(|a, b| a.asset == b.asset) {
        let Some((place, asset)) = sessions.asset(fills[0].asset) else { continue };
        held(&scene.stage, fills, trial.equity, &mut weights);
        invested.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight);
        let weight = mean_weight(residual, place);
        let (mut earned, mut passive) = (0.0, 0.0);
        for (t, of_asset) in asset.returns.iter().enumerate() {
            let session = asset.first + t;
            let cost = if weight < 0.0 { rates.borrow.get(session).copied().unwrap_or(0.0) } else { 0.0 };
            earned += weights[session] * (of_asset + cost);
            passive += weight * (of_asset + cost);
        }
        shares.push(AssetShare {
            ticker: scene.stage.market.symbol(fills[0].asset).to_owned(),
            weight,
            held: passive / count,
            moved: (earned - passive) / count,
        });
    }
    shares.push(of_cash(residual, rates, &invested));
    shares
}

/// What cash brought. `invested` is the sum of the weights of each session.
fn of_cash(residual: &Residual, rates: &Rates, invested: &[f64]) -> AssetShare {
    let weight = residual.mean_cash;
    let rates = if weight < 0.0 { &rates.owed } else { &rates.earned };
    let of = |weight: &dyn Fn(usize) -> f64| {
        rates.iter().enumerate().map(|(t, rate)| weight(t) * rate).sum::<f64>() / invested.len() as f64
    };
    let held = of(&|_| weight);
    AssetShare { ticker: String::new(), weight, held, moved: of(&|t| 1.0 - invested[t]) - held }
}

fn mean_weight(residual: &Residual, place: usize) -> f64 {
    residual.mean_weights.iter().find(|(index, _)| *index == place).map_or(0.0, |(_, weight)| *weight)
}

fn risk(returns: &[f64], periods: f64) -> Risk {
    let deviation = (sum_of_squares(returns, mean(returns)) / (returns.len() as f64 - 1.0)).sqrt();
    let (mut growth, mut height, mut largest_fall) = (1.0f64, 1.0f64, 0.0f64);
    for x in returns {
        growth *= 1.0 + x;
        height = height.max(growth);
        largest_fall = largest_fall.max(1.0 - growth / height);
    }
    Risk { volatility: deviation * periods.sqrt(), largest_fall }
}
