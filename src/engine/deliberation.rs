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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::account::Portfolio;
    use crate::engine::conventions::Conventions;
    use crate::engine::fees::Fees;
    use crate::engine::journal::Record;
    use crate::engine::rebalance::WeightRow;
    use crate::engine::sizing::Sizing;
    use crate::engine::stage::CurveDays;
    use crate::engine::terms::{FillEvent, Terms};
    use crate::formula::evaluate::{Evaluator, Policy};
    use crate::formula::frame::FirstDay;
    use crate::formula::kernel::days::Readiness;
    use crate::formula::node::Formula;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::date::{Date, Phase};
    use crate::market::decisions::Decisions;
    use crate::market::input::folder::csv;
    use crate::market::prices::{Market, PriceAdjustment};
    use crate::market::universe::{Tenure, Universe};

    const A: AssetId = AssetId(0);
    const B: AssetId = AssetId(1);
    const C: AssetId = AssetId(2);

    /// An account of 1000 over the members A at 10 and B at 20, which decides at every close of five days. C at 5 is no member.
    struct Account {
        stage: Stage,
        terms: Terms,
        portfolio: Portfolio,
        orders: Orders,
        deliberation: Deliberation,
        record: Record,
    }

    /// A and C have a bar every day, B on the first and on the last.
    fn market() -> Market {
        let table = |days: &[u32], price: f64| {
            let rows: String = days.iter().map(|day| format!("2020-01-{day:02},{price},{price}\n")).collect();
            csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
        };
        let all = [6, 7, 8, 9, 10];
        let tables = [("A", table(&all, 10.0)), ("B", table(&[6, 10], 20.0)), ("C", table(&all, 5.0))];
        let calendar = Calendar::weekdays(Date::parse(b"2020-01-06").unwrap(), 5);
        let tables = tables.map(|(symbol, table)| (symbol.to_owned(), table)).into();
        Market::new(calendar, PriceAdjustment::None, tables).unwrap()
    }

    /// An account that decides as `change` says. `idle`: the asset for idle money, and the day on which its prices have ended.
    fn opened(idle: Option<(AssetId, usize)>, change: impl Fn(&mut Terms)) -> Account {
        let market = Arc::new(market());
        let assets = [A, B].map(|asset| (asset, vec![Tenure::default()])).into();
        let members = Universe { assets }.members(&market, market.date(0).at(Phase::Open));
        let weights = Arc::new(Formula::new("1", &[]).unwrap());
        let policy = Policy::new(weights, Readiness::Full, FirstDay::Price);
        let decisions = Decisions::Closes((0..5).collect());
        let evaluator = Evaluator::new(policy, Arc::clone(&market), &members, &[], decisions, 0);
        let curve = CurveDays { first: 0, begins_with_cash: true };
        let stage = Stage::new(market, &evaluator, curve, Vec::new(), idle);
        let conventions = Conventions::SOUND;
        let fees = Fees {
            commission: 0.0,
            tax: 0.0,
            commission_per_share: 0.0,
            commission_minimum: 0.0,
            slippage: 0.0,
            base: conventions.fee_base,
            taxed_sides: conventions.taxed_sides,
        };
        let sizing = Sizing {
            sizer: OrderSizer::LongOnly { cash_buffer: 0.0 },
            fees,
            cost_estimate: conventions.cost_estimate,
            short_cost: conventions.short_cost,
            long_only_weights: conventions.long_only_weights,
            shares: Shares::Whole,
        };
        let mut terms = Terms {
            initial_cash: 1000.0,
            sizing,
            ruin: conventions.ruin,
            open_orders: conventions.open_orders,
            price_needed: conventions.price_needed,
            recorded_weights: RecordedWeights::AsGiven,
            fill: FillEvent::NextOpen,
            fill_without_bar: FillWithoutBar::Wait,
            band: None,
            trade: TradedAssets::All,
            sums_by_day: true,
        };
        change(&mut terms);
        let (mut portfolio, mut orders, mut deliberation) =
            (Portfolio::default(), Orders::default(), Deliberation::default());
        portfolio.reset(1000.0, 3);
        orders.reset(stage.listing.len());
        deliberation.reset(stage.listing.len());
        Account { stage, terms, portfolio, orders, deliberation, record: Record::default() }
    }

    impl Account {
        /// Decides at the close of a day. `None` if the decision is not acted upon, else its pending orders, sells first.
        fn decide(&mut self, day: usize, weights: [f64; 2]) -> Option<Vec<(AssetId, f64)>> {
            let Account { stage, terms, portfolio, orders, deliberation, record } = self;
            let value = |asset: &AssetId| portfolio.quantity(*asset) * stage.market.close(*asset)[day];
            let equity = portfolio.cash + portfolio.held().iter().map(value).sum::<f64>();
            let weights = WeightRow { weights: &weights, rows: 1 };
            let (stage, terms, portfolio, phase) = (&*stage, &*terms, &*portfolio, Phase::Close);
            let decision = Rebalance { stage, terms, portfolio, decision: day, day, phase, weights, equity };
            let due = Moment::new(day + 1, Phase::Open);
            deliberation.order(&decision, due, orders, record).unwrap().then(|| {
                let (sell_count, buy_count) = orders.pending;
                let pending = orders.sells[..sell_count].iter().chain(&orders.buys[..buy_count]);
                pending.map(|order| (order.asset, order.quantity)).collect()
            })
        }

        /// Trades shares at the close of a day.
        fn trade(&mut self, asset: AssetId, quantity: f64, day: usize) {
            let price = self.stage.market.close(asset)[day];
            let order = Order { asset, quantity };
            self.portfolio.fill(order, day, Phase::Close, price, &self.terms.sizing.fees);
        }

        /// The weights of the last decision acted upon.
        fn recorded(&self) -> &[(AssetId, f64)] {
            &self.record.decisions.last().unwrap().weights
        }
    }

    fn banded(band: f64) -> Account {
        opened(None, |terms| terms.band = Some(band))
    }

    #[test]
    fn exactly_at_the_band_is_within_it() {
        let held = |band: f64| {
            let mut account = banded(band);
            account.trade(A, 50.0, 0);
            account
        };
        // 0.5625 is 0.0625 from what is held, without rounding.
        let mut account = held(0.0625);
        assert_eq!(account.decide(0, [0.5625, 0.0]), None);
        assert_eq!(account.decide(1, [0.4375, 0.0]), None);
        assert_eq!((account.record.within_band, account.record.decisions.len()), (2, 0));
        assert_eq!(account.decide(2, [0.57, 0.0]), Some(vec![(A, 7.0)]));
        let narrower = f64::from_bits(0.0625f64.to_bits() - 1);
        assert_eq!(held(narrower).decide(0, [0.5625, 0.0]), Some(vec![(A, 6.0)]));
        assert_eq!(held(0.0).decide(0, [0.5, 0.0]), None, "nothing could bring it nearer");
    }

    #[test]
    fn opening_and_closing_always_act_and_take_the_others_along() {
        let mut account = banded(0.5);
        assert_eq!(account.decide(3, [0.01, 0.0]), Some(vec![(A, 1.0)]));
        account.trade(A, 1.0, 3);
        assert_eq!(account.decide(3, [0.3, 0.0]), None);
        assert_eq!(account.decide(3, [0.3, 0.02]), Some(vec![(A, 29.0), (B, 1.0)]), "B opens");
        account.trade(B, 1.0, 3);
        assert_eq!(account.decide(3, [0.3, 0.0]), Some(vec![(B, -1.0), (A, 29.0)]), "B closes");
        // Less than a share opens nothing.
        assert_eq!(banded(0.5).decide(3, [0.009, 0.0]), None);
    }

    #[test]
    fn a_band_asks_where_a_position_is_going() {
        let mut account = banded(0.02);
        assert_eq!(account.decide(0, [0.0, 0.5]), Some(vec![]), "B has no bar and waits");
        assert_eq!(account.orders.waiting_for(B), 25.0);
        assert_eq!(account.decide(1, [0.0, 0.5]), None, "what waits counts as held");
        assert_eq!(account.decide(1, [0.0, 0.51]), None);
        assert_eq!(account.orders.waiting_for(B), 25.0, "and goes on waiting");
        assert_eq!(account.decide(2, [0.0, 0.0]), Some(vec![]), "no buy outlives its weight");
        assert_eq!(account.orders.waiting_for(B), 0.0);
        assert_eq!(account.record.waited.len(), 1);
    }

    #[test]
    fn without_equity_no_band_holds() {
        let mut account = banded(0.5);
        account.trade(A, 1.0, 0);
        account.portfolio.cash = -10.0;
        assert_eq!(account.decide(0, [1.0, 0.0]), Some(vec![(A, -1.0)]));
    }

    #[test]
    fn changed_weights_alone_are_traded() {
        let mut account = opened(None, |terms| terms.trade = TradedAssets::Changed);
        assert_eq!(account.decide(0, [0.0, f64::NAN]), None, "absent is 0, as before the first");
        assert_eq!(account.decide(0, [0.5, 0.2]), Some(vec![(A, 50.0)]));
        account.trade(A, 40.0, 0);
        assert_eq!(account.decide(1, [0.5, 0.2]), None, "A drifts");
        assert_eq!(account.orders.waiting_for(B), 10.0);
        assert_eq!(account.decide(1, [0.25, 0.2]), Some(vec![(A, -15.0)]));
        assert_eq!(account.orders.waiting_for(B), 10.0, "the weight of B has not changed");
        assert_eq!(account.decide(2, [0.25, f64::NAN]), Some(vec![]));
        assert_eq!(account.orders.waiting_for(B), 0.0, "it is removed though it gets no new order");
        assert_eq!(account.record.decisions.len(), 3);
    }

    #[test]
    fn a_band_compares_with_the_weights_acted_upon() {
        let mut account =
            opened(None, |terms| (terms.trade, terms.band) = (TradedAssets::Changed, Some(0.1)));
        assert_eq!(account.decide(0, [0.5, 0.0]), Some(vec![(A, 50.0)]));
        account.trade(A, 50.0, 0);
        assert_eq!(account.decide(1, [0.55, 0.0]), None, "within the band");
        assert_eq!(account.decide(2, [0.5, 0.0]), None, "no change: 0.55 was not acted upon");
        assert_eq!(account.record.within_band, 1);
        assert_eq!(account.decide(3, [0.65, 0.0]), Some(vec![(A, 15.0)]));
        account.trade(A, -20.0, 3);
        assert_eq!(account.decide(3, [0.65, 0.0]), None, "far from its target, but its weight is the same");
    }

    #[test]
    fn idle_money_goes_where_it_is_told() {
        let mut account = opened(Some((C, 5)), |_| {});
        assert_eq!(account.decide(3, [0.5, f64::NAN]), Some(vec![(A, 50.0), (C, 100.0)]));
        assert_eq!(account.recorded(), [(A, 0.5), (B, 0.0), (C, 0.5)]);
        assert_eq!(account.decide(3, [1.0 - 1e-9, 0.0]), Some(vec![(A, 99.0)]), "too small a rest");
        assert_eq!(account.recorded(), [(A, 1.0 - 1e-9), (B, 0.0)]);
        assert_eq!(account.decide(3, [0.75, 0.75]), Some(vec![(A, 50.0), (B, 25.0)]), "nothing is left");
        // A member keeps its place, and its own weight.
        let mut account = opened(Some((A, 5)), |_| {});
        assert_eq!(account.decide(0, [0.25, 0.5]), Some(vec![(A, 50.0)]));
        assert_eq!(account.recorded(), [(A, 0.5), (B, 0.5)]);
        assert_eq!(account.orders.waiting_for(B), 25.0);
    }

    #[test]
    fn idle_money_stays_cash_once_the_asset_has_ended() {
        let mut account = opened(Some((C, 2)), |_| {});
        assert_eq!(account.decide(1, [0.5, 0.0]), Some(vec![(A, 50.0), (C, 100.0)]));
        assert_eq!(account.decide(2, [0.5, 0.0]), Some(vec![(A, 50.0)]));
        assert_eq!(account.recorded(), [(A, 0.5), (B, 0.0)]);
    }

    #[test]
    fn fractional_noise_is_not_traded() {
        let mut account = opened(None, |terms| terms.sizing.shares = Shares::Fractional);
        let (threshold, price) = (NOISE * 1000.0, 10.0);
        account.trade(A, 50.0 - 0.9 * threshold / price, 0);
        assert_eq!(account.decide(0, [0.5, 0.0]), Some(vec![]));
        account.trade(A, -0.2 * threshold / price, 0);
        assert_eq!(account.decide(0, [0.5, 0.0]).unwrap().len(), 1);
        // What is left of a position is closed, however small.
        account.trade(A, 1e-12 - account.portfolio.quantity(A), 0);
        let rest = account.portfolio.quantity(A);
        assert!(0.0 < rest && rest * price < threshold);
        assert_eq!(account.decide(0, [0.0, 0.0]), Some(vec![(A, -rest)]));
    }

    #[test]
    fn a_decision_that_fails_is_not_heard_of() {
        let mut account = opened(None, |_| {});
        let Account { stage, terms, portfolio, orders, deliberation, record } = &mut account;
        let weights = WeightRow { weights: &[0.5, -0.1], rows: 1 };
        let (stage, terms, portfolio) = (&*stage, &*terms, &*portfolio);
        let (phase, day) = (Phase::Close, 0);
        let decision =
            Rebalance { stage, terms, portfolio, decision: 0, day, phase, weights, equity: 1000.0 };
        let failure = deliberation.order(&decision, Moment::NEVER, orders, record).unwrap_err();
        assert!(matches!(failure, Failure::NegativeWeight { asset, weight: -0.1, .. } if asset == "B"));
        assert!(record.decisions.is_empty() && orders.pending == (0, 0));
        assert_eq!(deliberation.acted_weights, [0.0, 0.0]);
    }
}
