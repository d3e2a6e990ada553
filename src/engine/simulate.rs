//! One backtest: decisions to orders, orders to fills, fills to an equity curve (SEM 9 to 14).
//!
//! A decision at a close is filled at the next weekday's open, sells first; a decision at an open is filled at once. Between
//! two fills holdings are constant, so those days are marked in bulk ([`super::marking`]). Every sum runs in the order SEM
//! prescribes, so the curve has QSTrader's bits.

use std::hint::select_unpredictable;
use std::mem::take;
use std::ops::Range;

use super::account::{Fill, Order, Portfolio};
use super::conventions::{OpenOrders, PriceNeeded, RecordedWeights, Ruin};
use super::failure::Failure;
use super::fees::Fees;
use super::journal::{Decision, Journal};
use super::marking::{Cash, mark};
use super::sizing::{Budget, OrderSizer, Sizing};
use crate::formula::evaluate::Column;
use crate::formula::weight_block::WeightBlock;
use crate::market::date::{Instant, Phase};
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

/// More shares than this are not counted exactly by a double.
const SHARES_LIMIT: f64 = 9_007_199_254_740_992.0;
/// Weights evaluated at a time.
const BLOCK_CELLS: usize = 32_768;

/// What does not change from point to point.
#[derive(Debug)]
pub struct Stage<'a> {
    /// The prices; those of every column are positive from its first on.
    pub market: &'a Market,
    /// The assets that weights are given to.
    pub columns: &'a [Column],
    /// When they are given.
    pub decisions: &'a Decisions,
    /// At which of those decisions each column is a member.
    pub members: &'a Members,
    /// First day whose close is a point of the curve; no decision comes before it.
    pub curve_start: usize,
    /// The columns by identifier.
    listing: Vec<Listed<'a>>,
    /// Places in the listing of the assets that `fixed` names, as it names them.
    by_mention: Vec<usize>,
}

/// A column with its prices.
#[derive(Debug)]
struct Listed<'a> {
    asset: AssetId,
    column: usize,
    open: &'a [f64],
    close: &'a [f64],
}

/// What a point decides besides its weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Cash at the start.
    pub initial_cash: f64,
    /// Sizer and its conventions.
    pub sizing: Sizing,
    /// Q13.
    pub ruin: Ruin,
    /// Q22.
    pub open_orders: OpenOrders,
    /// Q23.
    pub price_needed: PriceNeeded,
    /// Q29.
    pub recorded_weights: RecordedWeights,
}

/// The result, besides the curve in [`Workspace::equity`].
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Number of fills.
    pub fills: usize,
    /// Sum over the fills of the traded value over the equity at the close before.
    pub turnover: f64,
    /// Commission, tax and slippage of all fills, account currency.
    pub costs_paid: f64,
    /// Mean over the curve of gross positions over equity.
    pub exposure: f64,
    /// Orders of the last day, which are never filled.
    pub pending: Vec<Order>,
}

/// Buffers of one thread, reused from point to point.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Equity at the close of every day of the curve.
    pub equity: Vec<f64>,
    /// Ranges of the curve's points whose return may differ from zero, merged where they touch.
    pub active: Vec<Range<usize>>,
    portfolio: Portfolio,
    weights: WeightBlock,
    picked: Vec<Picked>,
    sells: Vec<Order>,
    buys: Vec<Order>,
}

/// An asset that a decision may trade: it has a weight or is held.
#[derive(Debug, Clone, Copy)]
struct Picked {
    place: usize,
    weight: f64,
    held: f64,
}

impl<'a> Stage<'a> {
    /// Prepares what all points share.
    pub fn new(
        market: &'a Market,
        columns: &'a [Column],
        decisions: &'a Decisions,
        members: &'a Members,
        curve_start: usize,
    ) -> Stage<'a> {
        let mut listing: Vec<Listed> = columns
            .iter()
            .enumerate()
            .map(|(place, column)| Listed {
                asset: column.asset,
                column: place,
                open: market.open(column.asset),
                close: market.close(column.asset),
            })
            .collect();
        listing.sort_by_key(|listed| listed.asset);
        let mention = |place: &usize| columns[listing[*place].column].fixed;
        let mut by_mention: Vec<usize> =
            (0..listing.len()).filter(|place| mention(place).is_some()).collect();
        by_mention.sort_by_key(mention);
        Stage { market, columns, decisions, members, curve_start, listing, by_mention }
    }

    #[inline]
    fn price(&self, place: usize, day: usize, phase: Phase) -> f64 {
        let listed = &self.listing[place];
        match phase {
            Phase::Open => listed.open[day],
            Phase::Close => listed.close[day],
        }
    }

    fn symbol(&self, place: usize) -> String {
        self.market.symbol(self.listing[place].asset).to_owned()
    }

    #[cold]
    fn no_price(&self, place: usize, at: Instant) -> Failure {
        let first_price = self.market.first_price(self.listing[place].asset);
        Failure::NoPrice { asset: self.symbol(place), first_price, at }
    }
}

/// Runs one backtest.
///
/// `weights` tells which of a range of decisions are carried out, and with what weights; it is asked for ranges in order. The
/// equity curve is left in `workspace`.
///
/// # Errors
/// See [`Failure`]; what the journal has heard until then stands.
pub fn simulate<J: Journal>(
    stage: &Stage,
    terms: &Terms,
    mut weights: impl FnMut(Range<usize>, &mut WeightBlock),
    workspace: &mut Workspace,
    journal: &mut J,
) -> Result<Outcome, Failure> {
    let points = stage.market.days() - stage.curve_start;
    workspace.portfolio.reset(terms.initial_cash, stage.market.symbols().len());
    workspace.active.clear();
    // One place more than there are assets, for what is written and then not kept.
    let places = stage.listing.len() + 1;
    workspace.picked.resize(places, Picked { place: 0, weight: 0.0, held: 0.0 });
    workspace.sells.resize(places, Order { asset: AssetId(0), quantity: 0.0 });
    workspace.buys.resize(places, Order { asset: AssetId(0), quantity: 0.0 });
    workspace.equity.resize(points, terms.initial_cash);
    let mut block = take(&mut workspace.weights);
    let mut run = Run {
        stage,
        terms,
        workspace,
        journal,
        marked: 0,
        waiting: (0, 0),
        outcome: Outcome { fills: 0, turnover: 0.0, costs_paid: 0.0, exposure: 0.0, pending: Vec::new() },
    };
    let decisions = stage.decisions.len();
    let block_rows = (BLOCK_CELLS / stage.columns.len().max(1)).max(64);
    let mut result = Ok(());
    for start in (0..decisions).step_by(block_rows) {
        weights(start..(start + block_rows).min(decisions), &mut block);
        let (weights, rows) = (&block.weights, block.rows.len());
        result = block
            .rows
            .iter()
            .enumerate()
            .try_for_each(|(place, &row)| run.decide(start + row as usize, &weights[place..], rows));
        if result.is_err() {
            break;
        }
    }
    let outcome = result.and_then(|()| run.finish());
    workspace.weights = block;
    outcome
}

struct Run<'r, J> {
    stage: &'r Stage<'r>,
    terms: &'r Terms,
    workspace: &'r mut Workspace,
    journal: &'r mut J,
    /// Points of the curve marked so far.
    marked: usize,
    /// Sells and buys in the workspace that are not filled yet.
    waiting: (usize, usize),
    outcome: Outcome,
}

/// The weights of one decision: column c stands at `c * rows`.
#[derive(Clone, Copy)]
struct Row<'w> {
    weights: &'w [f64],
    rows: usize,
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

impl<J: Journal> Run<'_, J> {
    /// Carries out decision number `index`; `weights[column * rows]` are its weights.
    fn decide(&mut self, index: usize, weights: &[f64], rows: usize) -> Result<(), Failure> {
        let row = Row { weights, rows };
        let (day, phase) = match self.stage.decisions {
            Decisions::Closes(days) => (days[index] as usize, Phase::Close),
            Decisions::Open(day) => (*day as usize, Phase::Open),
        };
        match phase {
            Phase::Open => {
                self.mark_until(day)?;
                // The only decision of such a schedule: nothing is held yet.
                self.order(index, day, phase, row, self.workspace.portfolio.cash)?;
                if self.terms.open_orders == OpenOrders::OneByOne {
                    // In one list, by identifier.
                    let orders = self.take_orders();
                    self.waiting = (orders.len(), 0);
                    self.workspace.sells[..orders.len()].copy_from_slice(&orders);
                }
                self.fill(day);
            }
            Phase::Close => {
                self.mark_until(day + 1)?;
                let equity = self.workspace.equity[day - self.stage.curve_start];
                self.order(index, day, phase, row, equity)?;
                if day + 1 < self.stage.market.days() {
                    self.fill(day + 1);
                }
            }
        }
        Ok(())
    }

    /// Marks all days before `day` that are not marked yet.
    fn mark_until(&mut self, day: usize) -> Result<(), Failure> {
        let range = self.marked..day - self.stage.curve_start;
        if range.is_empty() {
            return Ok(());
        }
        let Workspace { equity, active, portfolio, .. } = &mut *self.workspace;
        let cash = portfolio.cash;
        let first_day = range.start + self.stage.curve_start;
        let held = portfolio.held();
        let position =
            |asset: &AssetId| (portfolio.quantity(*asset), &self.stage.market.close(*asset)[first_day..]);
        const FEW: usize = 8;
        let mut few = [(0.0, &[] as &[f64]); FEW];
        let many: Vec<_>;
        let positions = match few.get_mut(..held.len()) {
            Some(few) => {
                few.iter_mut().zip(held).for_each(|(few, asset)| *few = position(asset));
                &*few
            }
            None => {
                many = held.iter().map(position).collect();
                &many
            }
        };
        self.outcome.exposure += mark(&mut equity[range.start..], range.len(), positions, Cash::Flat(cash));
        let equity = &equity[range.clone()];
        // The first of some flat days still differs from the last day of the position sold.
        let moving = if held.is_empty() { range.start..range.start + 1 } else { range.clone() };
        if self.terms.ruin == Ruin::Fail
            && let Some(at) = equity.iter().position(|equity| *equity <= 0.0)
        {
            return Err(Failure::Ruin { equity: equity[at], on: self.stage.market.date(first_day + at) });
        }
        let moving = moving.start.max(1)..moving.end;
        match active.last_mut() {
            Some(last) if last.end == moving.start => last.end = moving.end,
            _ if !moving.is_empty() => active.push(moving),
            _ => {}
        }
        self.marked = range.end;
        Ok(())
    }

    /// Turns a decision into orders, sells and buys apart, each by identifier, in the workspace.
    fn order(
        &mut self,
        index: usize,
        day: usize,
        phase: Phase,
        row: Row,
        equity: f64,
    ) -> Result<(), Failure> {
        let stage = self.stage;
        let sizing = &self.terms.sizing;
        let Workspace { portfolio, picked, sells, buys, .. } = &mut *self.workspace;
        let mut count = 0;
        for (place, listed) in stage.listing.iter().enumerate() {
            let weight = row.number(listed.column);
            let held = portfolio.quantity(listed.asset);
            // Kept or overwritten by the next, without a branch: which assets are picked cannot be predicted.
            picked[count] = Picked { place, weight, held };
            count += usize::from((weight != 0.0) | (held != 0.0));
        }
        let picked = &picked[..count];
        // SEM 9: the weights of assets held or in the universe are summed by identifier ...
        let mut sum = 0.0;
        for &Picked { place, weight, held } in picked {
            if held != 0.0 || stage.members.contains(stage.listing[place].column, index) {
                sum += sizing.weight_size(weight);
            }
        }
        // ... and those of others that have one after them, as they are named.
        let outside = |place: usize| {
            let listed = &stage.listing[place];
            let is_listed =
                portfolio.quantity(listed.asset) != 0.0 || stage.members.contains(listed.column, index);
            !is_listed && !row.get(listed.column).is_nan()
        };
        for &place in &stage.by_mention {
            if outside(place) {
                sum += sizing.weight_size(row.number(stage.listing[place].column));
            }
        }
        let budget = sizing.budget(equity, sum);
        if J::LISTENS {
            let weights = full_weights(stage, self.terms, index, row, &budget, portfolio);
            self.journal.decision(Decision { day, phase, weights });
        }
        let at = || stage.market.date(day).at(phase);
        if let OrderSizer::LongOnly { .. } = sizing.sizer
            && let Some(Picked { place, weight, .. }) = picked.iter().find(|picked| picked.weight < 0.0)
        {
            return Err(Failure::NegativeWeight { asset: stage.symbol(*place), weight: *weight, at: at() });
        }
        if self.terms.price_needed == PriceNeeded::EveryAsset {
            let unpriced = |place: &usize| outside(*place) && stage.price(*place, day, phase).is_nan();
            // SEM 10: the first by identifier is named.
            if let Some(place) = stage.by_mention.iter().copied().filter(unpriced).min() {
                return Err(stage.no_price(place, at()));
            }
        }
        let (mut sell_count, mut buy_count) = (0, 0);
        for &Picked { place, weight, held } in picked {
            let price = stage.price(place, day, phase);
            if price.is_nan() {
                return Err(stage.no_price(place, at()));
            }
            let target = select_unpredictable(weight == 0.0, 0.0, budget.shares(weight, price, held));
            let countable = target.abs() <= SHARES_LIMIT;
            if !countable {
                return Err(Failure::Shares { asset: stage.symbol(place), shares: target, at: at() });
            }
            // Again without a branch: the side of a trade cannot be predicted either.
            let order = Order { asset: stage.listing[place].asset, quantity: target - held };
            sells[sell_count] = order;
            buys[buy_count] = order;
            sell_count += usize::from(order.quantity < 0.0);
            buy_count += usize::from(order.quantity > 0.0);
        }
        self.waiting = (sell_count, buy_count);
        Ok(())
    }

    /// The waiting orders by identifier; none waits any more.
    fn take_orders(&mut self) -> Vec<Order> {
        let (sell_count, buy_count) = take(&mut self.waiting);
        let (sells, buys) = (&self.workspace.sells[..sell_count], &self.workspace.buys[..buy_count]);
        let mut orders = [sells, buys].concat();
        orders.sort_by_key(|order| order.asset);
        orders
    }

    /// Fills the waiting orders at the open of a day, one after the other, sells first.
    fn fill(&mut self, day: usize) {
        let (sell_count, buy_count) = take(&mut self.waiting);
        let Workspace { equity, portfolio, sells, buys, .. } = &mut *self.workspace;
        let fees: &Fees = &self.terms.sizing.fees;
        let mut traded = 0.0;
        for order in sells[..sell_count].iter().chain(&buys[..buy_count]) {
            let open = self.stage.market.open(order.asset)[day];
            let fill: Fill = portfolio.fill(*order, day, open, fees);
            traded += (fill.price * fill.quantity).abs();
            self.outcome.costs_paid += fill.commission + (fill.price - open).abs() * fill.quantity.abs();
            self.journal.fill(fill);
        }
        let before = match day - self.stage.curve_start {
            0 => self.terms.initial_cash,
            point => equity[point - 1],
        };
        self.outcome.fills += sell_count + buy_count;
        self.outcome.turnover += if before > 0.0 { traded / before } else { 0.0 };
    }

    fn finish(mut self) -> Result<Outcome, Failure> {
        self.mark_until(self.stage.market.days())?;
        self.outcome.exposure /= self.workspace.equity.len() as f64;
        if let Decisions::Closes(_) = self.stage.decisions {
            self.outcome.pending = self.take_orders();
        }
        Ok(self.outcome)
    }
}

/// The weights of a decision in their order (SEM 9): assets held or in the universe by identifier, then the others that have
/// one, as they are named.
fn full_weights(
    stage: &Stage,
    terms: &Terms,
    index: usize,
    row: Row,
    budget: &Budget,
    portfolio: &Portfolio,
) -> Vec<(AssetId, f64)> {
    let is_listed = |listed: &&Listed| {
        portfolio.quantity(listed.asset) != 0.0 || stage.members.contains(listed.column, index)
    };
    let mentioned = stage.by_mention.iter().map(|&place| &stage.listing[place]);
    let outside = mentioned.filter(|listed| !is_listed(listed) && !row.get(listed.column).is_nan());
    let recorded = |weight: f64| match terms.recorded_weights {
        RecordedWeights::AsGiven => weight,
        RecordedWeights::Normalised => budget.scaled(weight),
    };
    let listed = stage.listing.iter().filter(is_listed).chain(outside);
    listed.map(|listed| (listed.asset, recorded(row.number(listed.column)))).collect()
}
