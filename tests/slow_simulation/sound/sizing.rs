//! From the weights of a formula to target quantities.

use std::collections::{BTreeMap, BTreeSet};

use super::account::{Account, estimate};
use super::market::Market;
use super::refusal::{BAD_DATA, Refusal, refuse};
use super::strategy::{Sizer, Strategy};

/// A decision, sized.
#[derive(Debug)]
pub struct Targets {
    /// The assets in their order, with what `target_allocations` records.
    pub recorded: Vec<(String, f64)>,
    /// Weights as exposures, idle money included, before they are scaled to sum 1.
    pub exposures: BTreeMap<String, f64>,
    /// Weights as scaled.
    pub scaled: BTreeMap<String, f64>,
    /// Shares to hold.
    pub shares: BTreeMap<String, f64>,
    pub prices: BTreeMap<String, f64>,
}

fn sum<'a>(weights: impl Iterator<Item = &'a (String, f64)>) -> f64 {
    weights.fold(0.0, |sum, (_, weight)| sum + weight)
}

/// Assets held or members by ticker, then those that `fixed` names.
fn listed(
    account: &Account,
    market: &Market,
    given: &BTreeMap<String, f64>,
    moment: (usize, bool),
) -> (Vec<(String, f64)>, usize) {
    let (session, at_open) = moment;
    let held = account.positions.iter().map(|(asset, _)| asset.clone());
    let members = market.prices.keys().filter(|asset| market.is_member(asset, session, at_open)).cloned();
    let first: BTreeSet<String> = held.chain(members).collect();
    let others = market.fixed.iter().filter(|asset| !first.contains(*asset) && given.contains_key(*asset));
    let count = first.len();
    let weight = |asset: &String| (asset.clone(), given.get(asset).copied().unwrap_or(0.0));
    (first.iter().chain(others).map(weight).collect(), count)
}

/// Sizes the weights given at a session's open or close with this equity.
pub fn size(
    strategy: &Strategy,
    market: &Market,
    account: &Account,
    given: &BTreeMap<String, f64>,
    equity: f64,
    moment: (usize, bool),
) -> Result<Targets, Refusal> {
    let (session, at_open) = moment;
    let (mut as_given, count) = listed(account, market, given, moment);
    let mut weights = as_given.clone();
    let gross = weights.iter().fold(0.0, |sum, (_, weight)| sum + weight.abs());
    let factor = match strategy.sizer {
        Sizer::GrossLeverage(leverage) if gross > 1e-8 => Some(leverage / gross),
        Sizer::MaxGross(most) if gross > most => Some(most / gross),
        _ => None,
    };
    if let Some(factor) = factor {
        weights.iter_mut().for_each(|(_, weight)| *weight *= factor);
    }
    let rest = 1.0 - sum(weights.iter());
    if let Some(idle) = &strategy.idle
        && rest > 1e-8
        && market.price(idle, session, at_open).is_some()
        && !market.has_ended(idle, session)
    {
        let place = match weights.iter().position(|(asset, _)| asset == idle) {
            Some(place) => place,
            None => {
                let place = weights[..count].iter().position(|(asset, _)| asset > idle).unwrap_or(count);
                weights.insert(place, (idle.clone(), 0.0));
                as_given.insert(place, (idle.clone(), 0.0));
                place
            }
        };
        weights[place].1 += rest;
        as_given[place].1 += rest;
    }
    let exposures = weights.iter().cloned().collect();
    if strategy.long_only() {
        if let Some((asset, _)) = weights.iter().find(|(_, weight)| *weight < 0.0) {
            return refuse(BAD_DATA, format!("a negative weight of {asset}"));
        }
        let total = sum(weights.iter());
        let to_one = strategy.says("long_only_weights", "rescale_to_one");
        if if to_one { total.abs() > 1e-8 } else { total > 1.0 } {
            weights.iter_mut().for_each(|(_, weight)| *weight /= total);
        }
    }
    let every = strategy.says("price_needed", "every_asset");
    let (mut shares, mut prices) = (BTreeMap::new(), BTreeMap::new());
    for (asset, weight) in &weights {
        match market.price(asset, session, at_open) {
            Some(price) => {
                prices.insert(asset.clone(), price);
                let target = target(strategy, strategy.sizer, (equity, *weight), price, account.held(asset));
                shares.insert(asset.clone(), target);
            }
            None if every || *weight != 0.0 => return refuse(BAD_DATA, format!("no price of {asset}")),
            None => {}
        }
    }
    let recorded = if strategy.says("recorded_weights", "as_given") { as_given } else { weights.clone() };
    Ok(Targets { recorded, exposures, scaled: weights.into_iter().collect(), shares, prices })
}

/// The shares of one asset with this part of the equity.
pub fn target(strategy: &Strategy, sizer: Sizer, (equity, weight): (f64, f64), price: f64, held: f64) -> f64 {
    if weight == 0.0 {
        return 0.0;
    }
    let value = match sizer {
        Sizer::LongOnly { cash_buffer } => (equity * (1.0 - cash_buffer)) * weight,
        _ => equity * weight,
    };
    let of_difference = strategy.says("cost_estimate", "traded_difference");
    let traded = if of_difference { value - held * price } else { value };
    let cost = estimate(strategy, traded, price);
    if of_difference && cost > value.abs() {
        return 0.0;
    }
    let reduces = !strategy.long_only() && strategy.says("short_cost", "reduces");
    let left = if value < 0.0 && reduces { value + cost } else { value - cost };
    match (strategy.fractional, sizer) {
        (true, _) => left / price,
        (false, Sizer::LongOnly { .. }) => (left / price).floor(),
        (false, Sizer::GrossLeverage(_)) => (left.trunc() / price).trunc(),
        (false, Sizer::MaxGross(_)) => (left / price).trunc(),
    }
}
