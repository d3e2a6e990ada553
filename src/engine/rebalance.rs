//! How a decision becomes orders: pick assets, sum their weights, refuse what cannot be traded, size. The rules are under
//! "Portfolio" in docs/strategy-file.md. Knows no fills and no later day.

use std::hint::select_unpredictable;

use super::account::{Order, Portfolio};
use super::conventions::{PriceNeeded, RecordedWeights};
use super::failure::Failure;
use super::journal::{Decision, Journal};
use super::orders::Orders;
use super::sizing::{Budget, OrderSizer};
use super::stage::Stage;
use super::terms::Terms;
use crate::market::date::{Instant, Phase};
use crate::market::prices::AssetId;

/// 2^53: a double does not count more shares than this one by one.
const SHARES_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The weights of one decision: one row of a block of weights that is stored column by column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightRow<'w> {
    /// The weight of column `c` is at index `c * rows`; NaN if absent.
    pub weights: &'w [f64],
    /// Number of rows of the block.
    pub rows: usize,
}

impl WeightRow<'_> {
    /// The weight as a number: 0 if absent, or if the formula has no such column.
    #[inline]
    pub(super) fn number_if_any(&self, column: usize) -> f64 {
        let weight = self.weights.get(column * self.rows).copied().unwrap_or(f64::NAN);
        if weight.is_nan() { 0.0 } else { weight }
    }

    #[inline]
    fn get(&self, column: usize) -> f64 {
        self.weights[column * self.rows]
    }

    /// The weight as a number: 0 if absent.
    #[inline]
    fn number(&self, column: usize) -> f64 {
        let weight = self.get(column);
        if weight.is_nan() { 0.0 } else { weight }
    }
}

/// An asset that a decision may trade: it has a weight or is held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Picked {
    /// Index in the listing of the stage.
    pub index: usize,
    /// Its weight, 0 if absent.
    pub weight: f64,
    /// Shares held.
    pub held: f64,
}

/// A decision at the moment it is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rebalance<'r> {
    /// What all points share.
    pub stage: &'r Stage,
    /// How weights become shares, and what is refused.
    pub terms: &'r Terms,
    /// Cash and shares held.
    pub portfolio: &'r Portfolio,
    /// Index of the decision among all decisions.
    pub decision: usize,
    /// Day of the decision.
    pub day: usize,
    /// Whether it is made at the open or at the close.
    pub phase: Phase,
    /// The weights.
    pub weights: WeightRow<'r>,
    /// The equity that the weights are fractions of.
    pub equity: f64,
}

// The steps are inlined: otherwise each reads the decision from memory again, which makes a sweep over one asset some per cent
// slower.
impl Rebalance<'_> {
    /// Makes the orders of this decision, which replace any that were pending. `room` holds one asset more than the listing.
    ///
    /// # Errors
    /// A negative weight in a long-only portfolio, an asset without a price, or a number of shares that is not countable; the
    /// journal has heard of the decision by then.
    #[inline(always)]
    pub(crate) fn order<J: Journal>(
        &self,
        room: &mut [Picked],
        orders: &mut Orders,
        journal: &mut J,
    ) -> Result<(), Failure> {
        let picked = self.pick(room);
        let budget = self.terms.sizing.budget(self.equity, self.weigh(picked));
        if J::LISTENS {
            let weights = self.full_weights(&budget);
            journal.decision(Decision { day: self.day, phase: self.phase, weights });
        }
        self.refuse(picked)?;
        orders.pending = self.size(picked, &budget, &mut orders.sells, &mut orders.buys)?;
        Ok(())
    }

    /// The assets that may be traded, by identifier: those that have a weight or are held. All others stay at 0 shares.
    #[inline(always)]
    pub(super) fn pick<'p>(&self, room: &'p mut [Picked]) -> &'p [Picked] {
        let mut count = 0;
        for (index, listed) in self.stage.listing.iter().enumerate() {
            let weight = self.weights.number(listed.column);
            let held = self.portfolio.quantity(listed.asset);
            // Kept, or overwritten by the next asset, without a branch: which assets are picked cannot be predicted.
            room[count] = Picked { index, weight, held };
            count += usize::from((weight != 0.0) | (held != 0.0));
        }
        &room[..count]
    }

    /// The sum of the weights as the sizer counts them: first those of assets held or in the universe, by identifier, then
    /// those of other assets with a weight, in the order in which `fixed` names them.
    #[inline(always)]
    fn weigh(&self, picked: &[Picked]) -> f64 {
        let (stage, sizing) = (self.stage, &self.terms.sizing);
        let mut sum = 0.0;
        for &Picked { index, weight, held } in picked {
            if self.is_held_or_member(index, held) {
                sum += sizing.weight_size(weight);
            }
        }
        for &index in &stage.by_mention {
            if self.is_outside(index) {
                sum += sizing.weight_size(self.weights.number(stage.listing[index].column));
            }
        }
        sum
    }

    /// Refuses a negative weight if the sizer is long-only, and an asset that `fixed` names and that has no price if every
    /// asset must have one; see `price_needed` in docs/conventions.md.
    #[inline(always)]
    pub(super) fn refuse(&self, picked: &[Picked]) -> Result<(), Failure> {
        if let OrderSizer::LongOnly { .. } = self.terms.sizing.sizer
            && let Some(Picked { index, weight, .. }) = picked.iter().find(|picked| picked.weight < 0.0)
        {
            let asset = self.stage.symbol(*index);
            return Err(Failure::NegativeWeight { asset, weight: *weight, at: self.at() });
        }
        if self.terms.price_needed == PriceNeeded::EveryAsset && !self.stage.by_mention.is_empty() {
            let unpriced = |index: &usize| self.is_outside(*index) && self.price(*index).is_nan();
            // QSTrader sizes assets by identifier, so the first of them is named.
            if let Some(index) = self.stage.by_mention.iter().copied().filter(unpriced).min() {
                return Err(self.stage.no_price(index, self.at()));
            }
        }
        Ok(())
    }

    /// Writes the orders: target shares of each asset less the shares held, sells and buys apart, each by identifier. Returns
    /// the number of sells and the number of buys.
    #[inline(always)]
    fn size(
        &self,
        picked: &[Picked],
        budget: &Budget,
        sells: &mut [Order],
        buys: &mut [Order],
    ) -> Result<(usize, usize), Failure> {
        let (mut sell_count, mut buy_count) = (0, 0);
        for picked in picked {
            let target = self.target::<false>(picked, budget)?;
            // Without a branch as well: the side of a trade cannot be predicted either.
            let asset = self.stage.listing[picked.index].asset;
            let order = Order { asset, quantity: target - picked.held };
            sells[sell_count] = order;
            buys[buy_count] = order;
            sell_count += usize::from(order.quantity < 0.0);
            buy_count += usize::from(order.quantity > 0.0);
        }
        Ok((sell_count, buy_count))
    }

    /// The target number of shares of an asset; without `FRACTIONS` a whole number.
    ///
    /// # Errors
    /// The asset has no price, or the number is not countable.
    #[inline(always)]
    pub(super) fn target<const FRACTIONS: bool>(
        &self,
        picked: &Picked,
        budget: &Budget,
    ) -> Result<f64, Failure> {
        let &Picked { index, weight, held } = picked;
        let price = self.price(index);
        if price.is_nan() {
            return Err(self.stage.no_price(index, self.at()));
        }
        let shares = budget.shares::<FRACTIONS>(weight, price, held);
        let target = select_unpredictable(weight == 0.0, 0.0, shares);
        let countable = target.abs() <= SHARES_LIMIT;
        if !countable {
            return Err(Failure::Shares { asset: self.stage.symbol(index), shares: target, at: self.at() });
        }
        Ok(target)
    }

    /// The weights to record: first those of assets held or in the universe, by identifier, then those of other assets with a
    /// weight, in the order in which `fixed` names them.
    fn full_weights(&self, budget: &Budget) -> Vec<(AssetId, f64)> {
        let recorded = |weight: f64| match self.terms.recorded_weights {
            RecordedWeights::AsGiven => weight,
            RecordedWeights::Normalised => budget.scaled(weight),
        };
        let listing = &self.stage.listing;
        let assets = self.indices().map(|index| &listing[index]);
        assets.map(|listed| (listed.asset, recorded(self.weights.number(listed.column)))).collect()
    }

    /// The assets of the decision, as indices in the listing: first those held or in the universe, by identifier, then the
    /// others with a weight, in the order in which `fixed` names them.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        let listing = &self.stage.listing;
        let held = |index: usize| self.portfolio.quantity(listing[index].asset);
        let inside = (0..listing.len()).filter(move |&index| self.is_held_or_member(index, held(index)));
        inside.chain(self.stage.by_mention.iter().copied().filter(|&index| self.is_outside(index)))
    }

    /// Whether an asset of the listing is held or in the universe.
    #[inline(always)]
    pub(super) fn is_held_or_member(&self, index: usize, held: f64) -> bool {
        held != 0.0 || self.stage.is_member(index, self.decision)
    }

    /// Whether an asset of the listing is neither held nor in the universe, but has a weight.
    #[inline(always)]
    fn is_outside(&self, index: usize) -> bool {
        let listed = &self.stage.listing[index];
        let held = self.portfolio.quantity(listed.asset);
        !self.is_held_or_member(index, held) && !self.weights.get(listed.column).is_nan()
    }

    /// The price of an asset of the listing; NaN before its first.
    #[inline(always)]
    pub(super) fn price(&self, index: usize) -> f64 {
        self.stage.price(index, self.day, self.phase)
    }

    /// The moment of the decision.
    #[inline(always)]
    pub(super) fn at(&self) -> Instant {
        self.stage.market.date(self.day).at(self.phase)
    }
}
