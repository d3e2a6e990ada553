//! A decision that may invest idle money, trade some assets alone, or not be acted upon at all; see "Portfolio" in
//! docs/strategy-file.md. Whatever the terms, its steps are those of [`super::rebalance`] with more between them.

use super::account::Order;
use super::agenda::Moment;
use super::conventions::{FillWithoutBar, PriceNeeded, RecordedWeights};
use super::failure::Failure;
use super::journal::{Decision, Journal};
use super::orders::Orders;
use super::rebalance::{Picked, Rebalance};
use super::sizing::{Budget, NOTHING, OrderSizer, Shares};
use super::stage::Stage;
use super::terms::TradedAssets;
use crate::market::prices::AssetId;

/// An order of fractional shares is ignored if its value is at most this share of the equity.
const NOISE: f64 = 1e-9;

/// The buffers of a decision, and what the next one must know of this one.
#[derive(Debug, Default)]
pub(crate) struct Deliberation {
    assets: Vec<Weighed>,
    /// For each asset of the listing its weight at the last decision acted upon, before scaling to the sum 1; 0 before the
    /// first.
    acted_weights: Vec<f64>,
    /// For each asset of the listing whether its weight differs from that.
    changed: Vec<bool>,
}

/// An asset of a decision.
#[derive(Debug, Clone, Copy)]
struct Weighed {
    /// Index in the listing of the stage.
    index: usize,
    /// Shares held.
    held: f64,
    /// The weight of the formula, 0 if absent, with idle money.
    given: f64,
    /// The weight as an exposure, with idle money; long-only weights are not yet scaled.
    weight: f64,
    /// Shares to hold.
    target: f64,
}

impl Deliberation {
    /// Forgets all decisions and makes room for those over `assets` assets.
    pub(crate) fn reset(&mut self, assets: usize) {
        self.acted_weights.clear();
        self.acted_weights.resize(assets, 0.0);
        self.changed.clear();
        self.changed.resize(assets, false);
    }

    /// Makes the orders of a decision, which are due at `due`. Returns false, and touches nothing, if it is not acted upon.
    ///
    /// # Errors
    /// Those of [`Rebalance::order`]; the journal has not heard of the decision then.
    pub(crate) fn order<J: Journal>(
        &mut self,
        decision: &Rebalance,
        due: Moment,
        orders: &mut Orders,
        journal: &mut J,
    ) -> Result<bool, Failure> {
        let budget = self.weigh(decision);
        self.refuse(decision)?;
        self.size(decision, &budget)?;
        let changes_alone = decision.terms.trade == TradedAssets::Changed;
        if changes_alone && !self.find_changes() {
            return Ok(false);
        }
        if let Some(band) = decision.terms.band
            && !self.leaves_band(decision, &budget, band, orders)
        {
            journal.within_band(decision.day);
            return Ok(false);
        }
        if J::LISTENS {
            let weights = self.recorded(decision, &budget);
            journal.decision(Decision { day: decision.day, phase: decision.phase, weights });
        }
        let listing = &decision.stage.listing;
        let changed = &self.changed;
        let is_replaced = |asset: AssetId| {
            !changes_alone
                || listing
                    .binary_search_by_key(&asset, |listed| listed.asset)
                    .is_ok_and(|index| changed[index])
        };
        orders.remove_waiting(decision.day, is_replaced, journal);
        self.write_orders(decision, changes_alone, orders);
        orders.due = due;
        if decision.terms.fill_without_bar == FillWithoutBar::Wait {
            orders.wait_for_bars(&decision.stage.market, decision.day);
        }
        self.acted_weights.fill(0.0);
        self.assets.iter().for_each(|asset| self.acted_weights[asset.index] = asset.weight);
        Ok(true)
    }

    /// Lists the assets of a decision with their weights, and gives the budget that the weights are fractions of.
    fn weigh<'d>(&mut self, decision: &'d Rebalance) -> Budget<'d> {
        let (stage, sizing) = (decision.stage, &decision.terms.sizing);
        let assets = &mut self.assets;
        assets.clear();
        assets.extend(decision.indices().map(|index| {
            let listed = &stage.listing[index];
            let given = decision.weights.number_if_any(listed.column);
            let held = decision.portfolio.quantity(listed.asset);
            Weighed { index, held, given, weight: given, target: 0.0 }
        }));
        let size =
            |assets: &[Weighed]| assets.iter().fold(0.0, |sum, asset| sum + sizing.weight_size(asset.weight));
        let is_long_short = matches!(sizing.sizer, OrderSizer::LongShort { .. });
        if is_long_short {
            let scale = sizing.budget(decision.equity, size(assets));
            assets.iter_mut().for_each(|asset| asset.weight = scale.scaled(asset.weight));
        }
        if let Some(idle) = &stage.idle
            && decision.day < idle.until
            && !decision.price(idle.index).is_nan()
        {
            let rest = 1.0 - assets.iter().fold(0.0, |sum, asset| sum + asset.weight);
            if rest > NOTHING {
                let position = position_of_idle(assets, idle.index, decision);
                assets[position].given += rest;
                assets[position].weight += rest;
            }
        }
        if is_long_short {
            sizing.unscaled(decision.equity)
        } else {
            sizing.budget(decision.equity, size(assets))
        }
    }

    /// See [`Rebalance::refuse`]: the first asset by identifier is named.
    fn refuse(&self, decision: &Rebalance) -> Result<(), Failure> {
        let is_negative = |asset: &&Weighed| asset.weight < 0.0;
        if let OrderSizer::LongOnly { .. } = decision.terms.sizing.sizer
            && let Some(asset) = self.assets.iter().filter(is_negative).min_by_key(|asset| asset.index)
        {
            let (ticker, at) = (decision.stage.symbol(asset.index), decision.at());
            return Err(Failure::NegativeWeight { asset: ticker, weight: asset.weight, at });
        }
        let has_no_price = |asset: &&Weighed| {
            !decision.is_held_or_member(asset.index, asset.held) && decision.price(asset.index).is_nan()
        };
        if decision.terms.price_needed == PriceNeeded::EveryAsset
            && let Some(asset) = self.assets.iter().filter(has_no_price).min_by_key(|asset| asset.index)
        {
            return Err(decision.stage.no_price(asset.index, decision.at()));
        }
        Ok(())
    }

    /// Works out the target of every asset. If several cannot be sized, the first by identifier is named.
    fn size(&mut self, decision: &Rebalance, budget: &Budget) -> Result<(), Failure> {
        let mut first: Option<(usize, Failure)> = None;
        for asset in &mut self.assets {
            let &mut Weighed { index, held, weight, .. } = asset;
            if weight == 0.0 && held == 0.0 {
                continue;
            }
            match decision.target::<true>(&Picked { index, weight, held }, budget) {
                Ok(target) => asset.target = target,
                Err(failure) if first.as_ref().is_none_or(|(known, _)| index < *known) => {
                    first = Some((index, failure));
                }
                Err(_) => {}
            }
        }
        first.map_or(Ok(()), |(_, failure)| Err(failure))
    }

    /// Finds the assets whose weight differs from that of the last decision acted upon. Returns whether there is one.
    fn find_changes(&mut self) -> bool {
        for (changed, weight) in self.changed.iter_mut().zip(&self.acted_weights) {
            *changed = *weight != 0.0;
        }
        for asset in &self.assets {
            self.changed[asset.index] = asset.weight != self.acted_weights[asset.index];
        }
        self.changed.iter().any(|changed| *changed)
    }

    /// Whether some position is on its way to a number of shares that is too far from its target, or opens, closes or changes
    /// its side. What is bought or sold already but waits for a bar counts as held.
    fn leaves_band(&self, decision: &Rebalance, budget: &Budget, band: f64, orders: &Orders) -> bool {
        if decision.equity <= 0.0 {
            return true;
        }
        let changes_alone = decision.terms.trade == TradedAssets::Changed;
        let counts = |index: usize| !changes_alone || self.changed[index];
        let listing = &decision.stage.listing;
        let leaves = |asset: &Weighed| {
            let Weighed { index, held, target, .. } = *asset;
            let going = held + orders.waiting_for(listing[index].asset);
            let price = decision.price(index);
            if !self.is_order(decision, going, target, price) {
                return false;
            }
            let opens_or_closes = going == 0.0 || target == 0.0 || (going < 0.0) != (target < 0.0);
            let exposure = budget.exposure(asset.weight);
            opens_or_closes || (going * price / decision.equity - exposure).abs() > band
        };
        let dropped = |asset: AssetId| {
            let found = listing.binary_search_by_key(&asset, |listed| listed.asset);
            found.is_ok_and(|index| counts(index) && self.assets.iter().all(|known| known.index != index))
        };
        self.assets.iter().any(|asset| counts(asset.index) && leaves(asset))
            || orders.waiting_assets().any(|asset| dropped(asset) && orders.waiting_for(asset) != 0.0)
    }

    /// Whether the difference between two numbers of shares is traded. Rounding noise of fractional shares is not, unless the
    /// position closes.
    fn is_order(&self, decision: &Rebalance, from: f64, target: f64, price: f64) -> bool {
        let quantity = target - from;
        let is_noise = decision.terms.sizing.shares == Shares::Fractional
            && target != 0.0
            && (quantity * price).abs() <= NOISE * decision.equity;
        quantity != 0.0 && !is_noise
    }

    /// Writes the orders, sells and buys apart, each by identifier; with `changes_alone` those of changed weights.
    fn write_orders(&self, decision: &Rebalance, changes_alone: bool, orders: &mut Orders) {
        let (mut sell_count, mut buy_count) = (0, 0);
        for asset in &self.assets {
            let Weighed { index, held, target, .. } = *asset;
            let is_left_alone = changes_alone && !self.changed[index];
            if is_left_alone || !self.is_order(decision, held, target, decision.price(index)) {
                continue;
            }
            let order = Order { asset: decision.stage.listing[index].asset, quantity: target - held };
            let (side, count) = match order.quantity < 0.0 {
                true => (&mut orders.sells, &mut sell_count),
                false => (&mut orders.buys, &mut buy_count),
            };
            side[*count] = order;
            *count += 1;
        }
        orders.sells[..sell_count].sort_by_key(|order| order.asset);
        orders.buys[..buy_count].sort_by_key(|order| order.asset);
        orders.pending = (sell_count, buy_count);
    }

    /// The weights to record, in the order of the assets.
    fn recorded(&self, decision: &Rebalance, budget: &Budget) -> Vec<(AssetId, f64)> {
        let recorded = |asset: &Weighed| match decision.terms.recorded_weights {
            RecordedWeights::AsGiven => asset.given,
            RecordedWeights::Normalised => budget.scaled(asset.weight),
        };
        self.assets.iter().map(|asset| (asset_of(decision.stage, asset.index), recorded(asset))).collect()
    }
}

fn asset_of(stage: &Stage, index: usize) -> AssetId {
    stage.listing[index].asset
}

/// The position of the idle asset among the assets of a decision. If it is not there, it is put among those held or in the
/// universe, by identifier.
fn position_of_idle(assets: &mut Vec<Weighed>, index: usize, decision: &Rebalance) -> usize {
    if let Some(position) = assets.iter().position(|asset| asset.index == index) {
        return position;
    }
    let is_before =
        |asset: &Weighed| asset.index < index && decision.is_held_or_member(asset.index, asset.held);
    let position = assets.iter().take_while(|asset| is_before(asset)).count();
    assets.insert(position, Weighed { index, held: 0.0, given: 0.0, weight: 0.0, target: 0.0 });
    position
}
