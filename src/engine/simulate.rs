//! One backtest: decisions to orders, orders to fills, fills to an equity curve (SEM 9 to 14).
//!
//! A decision at a close is filled at the next weekday's open, sells first; a decision at an open is filled at once. Between
//! two fills holdings are constant, so those days are marked in bulk ([`super::marking`]). Every sum runs in the order SEM
//! prescribes, so the curve has QSTrader's bits.

use std::ops::Range;

use super::account::{Fill, Order, Portfolio};
use super::change::changes;
use super::conventions::{OpenOrders, PriceNeeded, RecordedWeights, Ruin};
use super::failure::Failure;
use super::fees::Fees;
use super::journal::{Decision, Journal};
use super::marking::{gross_exposure, long_exposure, mark};
use super::sizing::{Budget, Sizing};
use crate::formula::evaluate::Column;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
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
    /// First day whose close is a point of the curve; no decision comes before it.
    pub curve_start: usize,
    orders: ColumnOrders,
}

/// Orders of the columns that decisions go through.
#[derive(Debug)]
struct ColumnOrders {
    /// By identifier.
    by_identifier: Vec<usize>,
    /// Those that `fixed` names, as it names them.
    by_mention: Vec<usize>,
}

/// What a point decides besides its weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Cash at the start.
    pub initial_cash: f64,
    /// Sizer and its conventions.
    pub sizing: Sizing,
    /// Trade only when the weights change.
    pub on_change: bool,
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
    weights: Vec<f64>,
    last_weights: Vec<f64>,
    changed: Vec<bool>,
    orders: Vec<Order>,
}

impl<'a> Stage<'a> {
    /// Prepares what all points share.
    pub fn new(
        market: &'a Market,
        columns: &'a [Column],
        decisions: &'a Decisions,
        curve_start: usize,
    ) -> Stage<'a> {
        let mut by_identifier: Vec<usize> = (0..columns.len()).collect();
        by_identifier.sort_by_key(|&column| columns[column].asset);
        let mut by_mention: Vec<usize> =
            (0..columns.len()).filter(|&column| columns[column].fixed.is_some()).collect();
        by_mention.sort_by_key(|&column| columns[column].fixed);
        Stage { market, columns, decisions, curve_start, orders: ColumnOrders { by_identifier, by_mention } }
    }
}

/// Runs one backtest.
///
/// `weights` writes the weights of a range of decisions: one run of values a column, column after column, NaN for none. The
/// equity curve is left in `workspace`.
///
/// # Errors
/// See [`Failure`]; what the journal has heard until then stands.
pub fn simulate<J: Journal>(
    stage: &Stage,
    terms: &Terms,
    mut weights: impl FnMut(Range<usize>, &mut Vec<f64>),
    workspace: &mut Workspace,
    journal: &mut J,
) -> Result<Outcome, Failure> {
    let points = stage.market.days() - stage.curve_start;
    workspace.portfolio.reset(terms.initial_cash, stage.market.symbols().len());
    workspace.active.clear();
    workspace.orders.clear();
    workspace.equity.clear();
    workspace.equity.resize(points, terms.initial_cash);
    workspace.last_weights.clear();
    workspace.last_weights.resize(stage.columns.len(), 0.0);
    let mut block_weights = std::mem::take(&mut workspace.weights);
    let mut changed = std::mem::take(&mut workspace.changed);
    let mut run = Run {
        stage,
        terms,
        workspace,
        journal,
        marked: 0,
        outcome: Outcome { fills: 0, turnover: 0.0, costs_paid: 0.0, exposure: 0.0, pending: Vec::new() },
    };
    let decisions = stage.decisions.len();
    let block_rows = (BLOCK_CELLS / stage.columns.len().max(1)).max(64);
    let mut result = Ok(());
    for start in (0..decisions).step_by(block_rows) {
        let block = start..(start + block_rows).min(decisions);
        let rows = block.len();
        weights(block.clone(), &mut block_weights);
        if terms.on_change {
            changes(&block_weights, rows, &mut run.workspace.last_weights, &mut changed);
            result = (0..rows)
                .filter(|&row| changed[row])
                .try_for_each(|row| run.decide(start + row, &block_weights[row..], rows));
        } else {
            result = (0..rows).try_for_each(|row| run.decide(start + row, &block_weights[row..], rows));
        }
        if result.is_err() {
            break;
        }
    }
    let outcome = result.and_then(|()| run.finish());
    workspace.weights = block_weights;
    workspace.changed = changed;
    outcome
}

struct Run<'r, J> {
    stage: &'r Stage<'r>,
    terms: &'r Terms,
    workspace: &'r mut Workspace,
    journal: &'r mut J,
    /// Points of the curve marked so far.
    marked: usize,
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
                match self.terms.open_orders {
                    OpenOrders::OneByOne => self.fill(day, |_| true),
                    OpenOrders::SellsFirst => self.fill_sells_first(day),
                }
            }
            Phase::Close => {
                self.mark_until(day + 1)?;
                let equity = self.workspace.equity[day - self.stage.curve_start];
                self.order(index, day, phase, row, equity)?;
                if day + 1 < self.stage.market.days() {
                    self.fill_sells_first(day + 1);
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
        let days = range.start + self.stage.curve_start..day;
        let equity = &mut equity[range.clone()];
        let held = portfolio.held();
        let moving = if held.is_empty() {
            equity.fill(cash);
            // The first of the flat days still differs from the last day of the position sold.
            range.start..range.start + 1
        } else {
            let position = |asset: &AssetId| {
                (portfolio.quantity(*asset), &self.stage.market.close(*asset)[days.clone()])
            };
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
            mark(equity, positions, cash);
            self.outcome.exposure += match positions.iter().all(|(quantity, _)| *quantity > 0.0) {
                true => long_exposure(equity, cash),
                false => gross_exposure(equity, positions),
            };
            range.clone()
        };
        if self.terms.ruin == Ruin::Fail
            && let Some(at) = equity.iter().position(|equity| *equity <= 0.0)
        {
            return Err(Failure::Ruin { equity: equity[at], on: self.stage.market.date(days.start + at) });
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

    /// Turns a decision into orders, by identifier, in the workspace.
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
        let at = || stage.market.date(day).at(phase);
        let symbol = |column: usize| stage.market.symbol(stage.columns[column].asset).to_owned();
        // SEM 9: assets held or in the universe by identifier, then the others that have a weight, as they are named.
        let listed = |column: usize| {
            let Column { asset, joined, .. } = stage.columns[column];
            joined <= index || self.workspace.portfolio.quantity(asset) != 0.0
        };
        let named = |column: usize| !listed(column) && !row.get(column).is_nan();
        let mut sum = 0.0;
        for &column in &stage.orders.by_identifier {
            let weight = row.number(column);
            if weight != 0.0 && listed(column) {
                sum += sizing.weight_size(weight);
            }
        }
        for &column in &stage.orders.by_mention {
            if named(column) {
                sum += sizing.weight_size(row.number(column));
            }
        }
        let budget = sizing.budget(equity, sum);
        if J::LISTENS {
            let weights = self.full_weights(row, &budget, listed, named);
            self.journal.decision(Decision { day, phase, weights });
        }
        if let super::sizing::OrderSizer::LongOnly { .. } = sizing.sizer {
            let negative = stage.orders.by_identifier.iter().find(|&&column| row.number(column) < 0.0);
            if let Some(&column) = negative {
                let (asset, weight) = (symbol(column), row.number(column));
                return Err(Failure::NegativeWeight { asset, weight, at: at() });
            }
        }
        let mut orders = std::mem::take(&mut self.workspace.orders);
        orders.clear();
        for &column in &stage.orders.by_identifier {
            let asset = stage.columns[column].asset;
            let weight = row.number(column);
            let held = self.workspace.portfolio.quantity(asset);
            if weight == 0.0 && held == 0.0 {
                let needs_price = self.terms.price_needed == PriceNeeded::EveryAsset && named(column);
                if needs_price && price(stage.market, asset, day, phase).is_nan() {
                    return Err(no_price(stage.market, asset, day, phase));
                }
                continue;
            }
            let price = price(stage.market, asset, day, phase);
            if price.is_nan() {
                return Err(no_price(stage.market, asset, day, phase));
            }
            let target = if weight == 0.0 { 0.0 } else { budget.shares(weight, price, held) };
            if !(target.abs() <= SHARES_LIMIT) {
                return Err(Failure::Shares { asset: symbol(column), shares: target, at: at() });
            }
            if target != held {
                orders.push(Order { asset, quantity: target - held });
            }
        }
        self.workspace.orders = orders;
        Ok(())
    }

    fn full_weights(
        &self,
        row: Row,
        budget: &Budget,
        listed: impl Fn(usize) -> bool,
        named: impl Fn(usize) -> bool,
    ) -> Vec<(AssetId, f64)> {
        let ColumnOrders { by_identifier, by_mention } = &self.stage.orders;
        let listed = by_identifier.iter().copied().filter(|&column| listed(column));
        let named = by_mention.iter().copied().filter(|&column| named(column));
        let recorded = |weight: f64| match self.terms.recorded_weights {
            RecordedWeights::AsGiven => weight,
            RecordedWeights::Normalised => budget.scaled(weight),
        };
        listed
            .chain(named)
            .map(|column| (self.stage.columns[column].asset, recorded(row.number(column))))
            .collect()
    }

    fn fill_sells_first(&mut self, day: usize) {
        self.fill(day, |order| order.quantity < 0.0);
        self.fill(day, |order| order.quantity > 0.0);
        self.workspace.orders.clear();
    }

    /// Fills the orders that `now` picks at the open of a day.
    fn fill(&mut self, day: usize, now: impl Fn(&Order) -> bool) {
        let before = match day - self.stage.curve_start {
            0 => self.terms.initial_cash,
            point => self.workspace.equity[point - 1],
        };
        let fees: &Fees = &self.terms.sizing.fees;
        let Workspace { orders, portfolio, .. } = &mut *self.workspace;
        for order in orders.iter().filter(|order| now(order)) {
            let open = self.stage.market.open(order.asset)[day];
            let fill: Fill = portfolio.fill(*order, day, open, fees);
            let value = (fill.price * fill.quantity).abs();
            self.outcome.fills += 1;
            self.outcome.turnover += if before > 0.0 { value / before } else { 0.0 };
            self.outcome.costs_paid += fill.commission + (fill.price - open).abs() * fill.quantity.abs();
            self.journal.fill(fill);
        }
    }

    fn finish(mut self) -> Result<Outcome, Failure> {
        self.mark_until(self.stage.market.days())?;
        self.outcome.exposure /= self.workspace.equity.len() as f64;
        if let Decisions::Closes(_) = self.stage.decisions {
            self.outcome.pending.append(&mut self.workspace.orders);
        }
        self.workspace.orders.clear();
        Ok(self.outcome)
    }
}

#[inline]
fn price(market: &Market, asset: AssetId, day: usize, phase: Phase) -> f64 {
    match phase {
        Phase::Open => market.open(asset)[day],
        Phase::Close => market.close(asset)[day],
    }
}

fn no_price(market: &Market, asset: AssetId, day: usize, phase: Phase) -> Failure {
    Failure::NoPrice {
        asset: market.symbol(asset).to_owned(),
        first_price: market.first_price(asset),
        at: market.date(day).at(phase),
    }
}
