//! How a decision becomes orders: pick, weigh, refuse, size (SEM 9, 10). Knows no fill and no later day.

use std::hint::select_unpredictable;
use std::mem::take;

use super::account::{Order, Portfolio};
use super::conventions::{PriceNeeded, RecordedWeights};
use super::failure::Failure;
use super::journal::{Decision, Journal};
use super::sizing::{Budget, OrderSizer};
use super::stage::Stage;
use super::terms::Terms;
use crate::market::date::{Instant, Phase};
use crate::market::prices::AssetId;

/// More shares than this are not counted exactly by a double.
const SHARES_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The weights of one decision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'w> {
    /// That of column c stands at `c * rows`; NaN for none.
    pub weights: &'w [f64],
    /// Decisions side by side.
    pub rows: usize,
}

impl Row<'_> {
    #[inline]
    fn get(&self, column: usize) -> f64 {
        self.weights[column * self.rows]
    }

    /// The weight as a number; absent is 0.
    #[inline]
    fn number(&self, column: usize) -> f64 {
        let weight = self.get(column);
        if weight.is_nan() { 0.0 } else { weight }
    }
}

/// The orders that wait to be filled, sells and buys apart, each by identifier.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    picked: Vec<Picked>,
    sells: Vec<Order>,
    buys: Vec<Order>,
    /// How many of the sells and of the buys wait.
    waiting: (usize, usize),
}

/// An asset that a decision may trade: it has a weight or is held.
#[derive(Debug, Clone, Copy)]
struct Picked {
    place: usize,
    weight: f64,
    held: f64,
}

impl Orders {
    /// No order waits; there is room for decisions over so many assets.
    pub(crate) fn reset(&mut self, assets: usize) {
        // One place more than there are assets, for what is written and then not kept.
        self.picked.resize(assets + 1, Picked { place: 0, weight: 0.0, held: 0.0 });
        self.sells.resize(assets + 1, Order { asset: AssetId(0), quantity: 0.0 });
        self.buys.resize(assets + 1, Order { asset: AssetId(0), quantity: 0.0 });
        self.waiting = (0, 0);
    }

    /// The sells and the buys that wait; none waits any more.
    #[inline]
    pub(crate) fn take(&mut self) -> (&[Order], &[Order]) {
        let (sell_count, buy_count) = take(&mut self.waiting);
        (&self.sells[..sell_count], &self.buys[..buy_count])
    }

    /// The orders that wait in one list, by identifier; none waits any more.
    pub(crate) fn take_by_asset(&mut self) -> Vec<Order> {
        let (sells, buys) = self.take();
        let mut orders = [sells, buys].concat();
        orders.sort_by_key(|order| order.asset);
        orders
    }

    /// Puts buys among the sells: the orders that wait are filled in one sequence, by identifier.
    pub(crate) fn put_in_sequence(&mut self) {
        let orders = self.take_by_asset();
        self.sells[..orders.len()].copy_from_slice(&orders);
        self.waiting = (orders.len(), 0);
    }
}

/// A decision at the moment it is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rebalance<'r> {
    /// What all points share.
    pub stage: &'r Stage,
    /// How weights become shares, and what is refused.
    pub terms: &'r Terms,
    /// What is held.
    pub portfolio: &'r Portfolio,
    /// The number of the decision.
    pub index: usize,
    /// Its day.
    pub day: usize,
    /// Its event.
    pub phase: Phase,
    /// The weights.
    pub row: Row<'r>,
    /// The equity that they are parts of.
    pub equity: f64,
}

// The steps are inlined: otherwise each reads the decision from memory again, and a sweep of one asset takes some per cent
// longer.
impl Rebalance<'_> {
    /// Makes the orders, in place of those that waited.
    ///
    /// # Errors
    /// A decision that cannot be carried out; the journal has heard of it.
    pub(crate) fn order<J: Journal>(&self, orders: &mut Orders, journal: &mut J) -> Result<(), Failure> {
        let Orders { picked, sells, buys, waiting } = orders;
        let picked = self.pick(picked);
        let budget = self.terms.sizing.budget(self.equity, self.weigh(picked));
        if J::LISTENS {
            let weights = self.full_weights(&budget);
            journal.decision(Decision { day: self.day, phase: self.phase, weights });
        }
        self.refuse(picked)?;
        *waiting = self.size(picked, &budget, sells, buys)?;
        Ok(())
    }

    /// The assets that may be traded, by identifier: whoever has a weight or is held. All others have 0 shares and keep them.
    #[inline(always)]
    fn pick<'p>(&self, room: &'p mut [Picked]) -> &'p [Picked] {
        let mut count = 0;
        for (place, listed) in self.stage.listing.iter().enumerate() {
            let weight = self.row.number(listed.column);
            let held = self.portfolio.quantity(listed.asset);
            // Kept or overwritten by the next, without a branch: which assets are picked cannot be predicted.
            room[count] = Picked { place, weight, held };
            count += usize::from((weight != 0.0) | (held != 0.0));
        }
        &room[..count]
    }

    /// The sum of the weights as the sizer counts them (SEM 9): those of assets held or in the universe by identifier, then
    /// those of others that have one, as they are named.
    #[inline(always)]
    fn weigh(&self, picked: &[Picked]) -> f64 {
        let (stage, sizing) = (self.stage, &self.terms.sizing);
        let mut sum = 0.0;
        for &Picked { place, weight, held } in picked {
            if self.is_listed(place, held) {
                sum += sizing.weight_size(weight);
            }
        }
        for &place in &stage.by_mention {
            if self.is_outside(place) {
                sum += sizing.weight_size(self.row.number(stage.listing[place].column));
            }
        }
        sum
    }

    /// Refuses a negative weight where the sizer is long-only (SEM 10.1), and an asset named without a price where all must
    /// have one (Q23).
    #[inline(always)]
    fn refuse(&self, picked: &[Picked]) -> Result<(), Failure> {
        if let OrderSizer::LongOnly { .. } = self.terms.sizing.sizer
            && let Some(Picked { place, weight, .. }) = picked.iter().find(|picked| picked.weight < 0.0)
        {
            let asset = self.stage.symbol(*place);
            return Err(Failure::NegativeWeight { asset, weight: *weight, at: self.at() });
        }
        if self.terms.price_needed == PriceNeeded::EveryAsset && !self.stage.by_mention.is_empty() {
            let unpriced = |place: &usize| self.is_outside(*place) && self.price(*place).is_nan();
            // SEM 10: the first by identifier is named.
            if let Some(place) = self.stage.by_mention.iter().copied().filter(unpriced).min() {
                return Err(self.stage.no_price(place, self.at()));
            }
        }
        Ok(())
    }

    /// Shares of each asset (SEM 10) less those held: sells and buys apart, each by identifier. Gives how many there are of
    /// both.
    #[inline(always)]
    fn size(
        &self,
        picked: &[Picked],
        budget: &Budget,
        sells: &mut [Order],
        buys: &mut [Order],
    ) -> Result<(usize, usize), Failure> {
        let (mut sell_count, mut buy_count) = (0, 0);
        for &Picked { place, weight, held } in picked {
            let price = self.price(place);
            if price.is_nan() {
                return Err(self.stage.no_price(place, self.at()));
            }
            let target = select_unpredictable(weight == 0.0, 0.0, budget.shares(weight, price, held));
            let countable = target.abs() <= SHARES_LIMIT;
            if !countable {
                return Err(Failure::Shares {
                    asset: self.stage.symbol(place),
                    shares: target,
                    at: self.at(),
                });
            }
            // Again without a branch: the side of a trade cannot be predicted either.
            let order = Order { asset: self.stage.listing[place].asset, quantity: target - held };
            sells[sell_count] = order;
            buys[buy_count] = order;
            sell_count += usize::from(order.quantity < 0.0);
            buy_count += usize::from(order.quantity > 0.0);
        }
        Ok((sell_count, buy_count))
    }

    /// The weights in their order (SEM 9): assets held or in the universe by identifier, then the others that have one, as they
    /// are named.
    fn full_weights(&self, budget: &Budget) -> Vec<(AssetId, f64)> {
        let recorded = |weight: f64| match self.terms.recorded_weights {
            RecordedWeights::AsGiven => weight,
            RecordedWeights::Normalised => budget.scaled(weight),
        };
        let listing = &self.stage.listing;
        let held = |place: usize| self.portfolio.quantity(listing[place].asset);
        let listed = (0..listing.len()).filter(|&place| self.is_listed(place, held(place)));
        let outside = self.stage.by_mention.iter().copied().filter(|&place| self.is_outside(place));
        let places = listed.chain(outside).map(|place| &listing[place]);
        places.map(|listed| (listed.asset, recorded(self.row.number(listed.column)))).collect()
    }

    /// Whether an asset is held or in the universe.
    #[inline(always)]
    fn is_listed(&self, place: usize, held: f64) -> bool {
        held != 0.0 || self.stage.is_member(place, self.index)
    }

    /// Whether an asset is neither, but has a weight.
    #[inline(always)]
    fn is_outside(&self, place: usize) -> bool {
        let listed = &self.stage.listing[place];
        !self.is_listed(place, self.portfolio.quantity(listed.asset)) && !self.row.get(listed.column).is_nan()
    }

    #[inline(always)]
    fn price(&self, place: usize) -> f64 {
        self.stage.price(place, self.day, self.phase)
    }

    #[inline(always)]
    fn at(&self) -> Instant {
        self.stage.market.date(self.day).at(self.phase)
    }
}
