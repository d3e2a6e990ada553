//! Cash, positions and the orders that wait, and what a fill does to them.

use std::collections::BTreeMap;

use super::strategy::{Costs, Strategy};
use crate::comparison::Fill;

/// An order for an open or a close, from a session on.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub asset: String,
    pub quantity: f64,
    pub at_open: bool,
    pub session: usize,
}

#[derive(Debug)]
pub struct Account {
    pub cash: f64,
    /// In order of opening.
    pub positions: Vec<(String, f64)>,
    /// At most one an asset.
    pub waiting: BTreeMap<String, Order>,
    pub fills: Vec<Fill>,
    pub costs_paid: f64,
    pub trades: usize,
}

/// The whole unit nearest to a value, halves to the even one.
fn half_even(value: f64) -> f64 {
    let floor = value.floor();
    match value - floor {
        rest if rest < 0.5 => floor,
        rest if rest > 0.5 => floor + 1.0,
        _ if floor % 2.0 == 0.0 => floor,
        _ => floor + 1.0,
    }
}

/// Commission and tax of so much value and so many shares, both unsigned.
fn cost(costs: &Costs, value: f64, shares: f64, taxed: bool) -> f64 {
    let commission = costs.commission * value + costs.per_share * shares;
    let commission = if commission < costs.minimum { costs.minimum } else { commission };
    if taxed { commission + costs.tax * value } else { commission }
}

fn is_taxed(strategy: &Strategy, buys: bool) -> bool {
    buys || strategy.says("taxed_sides", "buys_and_sells")
}

/// The estimate of what it costs to trade a value, signed. It is not larger than that value.
pub fn estimate(strategy: &Strategy, value: f64, price: f64) -> f64 {
    let costs = &strategy.costs;
    let size = value.abs();
    let cost = cost(costs, size, size / price, is_taxed(strategy, value > 0.0));
    let fixed = costs.per_share > 0.0 || costs.minimum > 0.0;
    if fixed && cost > size { size } else { cost }
}

impl Account {
    pub fn new(cash: f64) -> Account {
        let (positions, waiting, fills) = Default::default();
        Account { cash, positions, waiting, fills, costs_paid: 0.0, trades: 0 }
    }

    pub fn held(&self, asset: &str) -> f64 {
        self.positions.iter().find(|(held, _)| held == asset).map_or(0.0, |(_, shares)| *shares)
    }

    fn waiting_for(&self, asset: &str) -> f64 {
        self.waiting.get(asset).map_or(0.0, |order| order.quantity)
    }

    /// What is held, and what waits for it.
    pub fn going_to(&self, asset: &str) -> f64 {
        self.held(asset) + self.waiting_for(asset)
    }

    /// The value of all positions, then the cash.
    pub fn equity(&self, price: impl Fn(&str) -> f64) -> f64 {
        self.positions.iter().fold(0.0, |sum, (asset, shares)| sum + shares * price(asset)) + self.cash
    }

    /// Carries out a trade at the price shown; gives what it turns over.
    pub fn fill(&mut self, strategy: &Strategy, asset: &str, quantity: f64, shown: f64, time: String) -> f64 {
        let slippage = strategy.costs.slippage;
        let price = shown * if quantity > 0.0 { 1.0 + slippage } else { 1.0 - slippage };
        let consideration = price * quantity;
        let value =
            if strategy.says("fee_base", "whole_units") { half_even(consideration) } else { consideration };
        let taxed = is_taxed(strategy, quantity > 0.0);
        let commission = cost(&strategy.costs, value.abs(), quantity.abs(), taxed);
        self.cash -= consideration + commission;
        self.costs_paid += commission + (price - shown).abs() * quantity.abs();
        self.trades += 1;
        self.add(asset, quantity);
        self.list(time, asset, quantity, price, commission);
        consideration.abs()
    }

    /// Turns a position into cash; gives whether there was one.
    pub fn pay_out(&mut self, asset: &str, price: f64, time: String) {
        let shares = self.held(asset);
        if shares != 0.0 {
            self.cash += shares * price;
            self.positions.retain(|(held, _)| held != asset);
            self.list(time, asset, -shares, price, 0.0);
            self.fills.last_mut().expect("just listed").kind = "paid_out".into();
        }
    }

    fn add(&mut self, asset: &str, quantity: f64) {
        match self.positions.iter_mut().find(|(held, _)| held == asset) {
            Some((_, shares)) => *shares += quantity,
            None => self.positions.push((asset.to_string(), quantity)),
        }
        self.positions.retain(|(_, shares)| *shares != 0.0);
    }

    fn list(&mut self, time: String, asset: &str, quantity: f64, price: f64, commission: f64) {
        let (asset, cash, kind) = (asset.to_string(), self.cash, "trade".to_string());
        self.fills.push(Fill { time, asset, quantity, price, commission, cash, kind });
    }
}
