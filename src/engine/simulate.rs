//! One backtest: decisions become orders, orders become fills, fills make an equity curve.
//!
//! Orders of a decision at a close are filled at the open of the next weekday, sells first; orders of a decision at an open are
//! filled at once. Between two fills the holdings are constant, so those days are marked in bulk ([`super::marking`]). Every
//! sum runs in QSTrader's order, so that the curve has QSTrader's bits.

use std::mem::take;
use std::ops::Range;

use super::account::{Fill, Order, Portfolio};
use super::agenda::{Agenda, Event, Moment};
use super::conventions::{OpenOrders, Ruin};
use super::failure::Failure;
use super::fees::Fees;
use super::interest::InterestRates;
use super::journal::{Booking, Journal};
use super::marking::{Cash, gross_exposures, mark};
use super::orders::{Orders, Rebalance, WeightRow};
use super::stage::Stage;
use super::terms::Terms;
use crate::formula::weight_block::WeightBlock;
use crate::market::date::{Date, Phase};
use crate::market::prices::AssetId;

/// Number of weights in a block, about.
const BLOCK_CELLS: usize = 32_768;

/// What a backtest counts, besides the curve in [`Workspace::equity`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Outcome {
    /// Number of fills.
    pub fills: usize,
    /// Sum over the fills of the traded value over the equity at the close before.
    pub turnover: f64,
    /// Commission, tax and slippage of all fills, account currency.
    pub costs_paid: f64,
    /// Mean over the curve of gross positions over equity.
    pub exposure: f64,
    /// Orders still pending after the last day, by identifier.
    pub pending: Vec<Order>,
    /// Sum of all interest booked, account currency; negative where more was paid than earned.
    pub interest: f64,
    /// The date of the first point of the curve at or below 0.
    pub ruined_on: Option<Date>,
}

/// Buffers of one thread, reused for every point that it computes.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// Equity curve: one value per day of the curve, at its close.
    pub equity: Vec<f64>,
    /// Ranges of points whose return may differ from zero, in order; ranges that touch are merged.
    pub active: Vec<Range<usize>>,
    portfolio: Portfolio,
    weights: WeightBlock,
    orders: Orders,
}

/// Runs one backtest.
///
/// `weights` says which decisions of a range trade, and with what weights; it is called for consecutive ranges. The equity
/// curve is left in `workspace`.
///
/// # Errors
/// The [`Failure`] of the first decision that cannot be traded, or of ruin. The journal keeps what it has heard before.
pub(crate) fn simulate<J: Journal>(
    stage: &Stage,
    terms: &Terms,
    _rates: &InterestRates,
    weights: impl FnMut(Range<usize>, &mut WeightBlock),
    workspace: &mut Workspace,
    journal: &mut J,
) -> Result<Outcome, Failure> {
    let (days, assets) = (stage.market.days(), stage.listing.len());
    workspace.portfolio.reset(terms.initial_cash, stage.market.symbols().len());
    workspace.orders.reset(assets);
    workspace.active.clear();
    workspace.equity.resize(days - stage.curve_start, terms.initial_cash);
    let mut block = take(&mut workspace.weights);
    // The block may still hold decisions of the previous point.
    block.rows.clear();
    let agenda = Agenda::new(&stage.decisions, days, (BLOCK_CELLS / assets.max(1)).max(64));
    let simulation = Simulation { stage, terms, workspace, journal, marked: 0, outcome: Outcome::default() };
    let outcome = simulation.follow(agenda, weights, &mut block);
    workspace.weights = block;
    outcome
}

/// A simulation in progress.
struct Simulation<'r, J> {
    stage: &'r Stage,
    terms: &'r Terms,
    workspace: &'r mut Workspace,
    journal: &'r mut J,
    /// Points of the curve marked so far.
    marked: usize,
    outcome: Outcome,
}

impl<J: Journal> Simulation<'_, J> {
    /// Carries out the events of the agenda up to the last one, and marks the days after it.
    fn follow(
        mut self,
        mut agenda: Agenda,
        mut weights: impl FnMut(Range<usize>, &mut WeightBlock),
        block: &mut WeightBlock,
    ) -> Result<Outcome, Failure> {
        while let Some(event) = agenda.next(&block.rows) {
            match event {
                Event::Weights(decisions) => weights(decisions, block),
                Event::Decision { at, index, row } => {
                    let weights = WeightRow { weights: &block.weights[row..], rows: block.rows.len() };
                    agenda.fill_at(self.decide(at, index, weights)?);
                }
                Event::Fills(at) => {
                    self.mark_until(at.day())?;
                    self.fill(at.day());
                }
            }
        }
        self.mark_until(self.stage.market.days())?;
        self.outcome.exposure /= self.workspace.equity.len() as f64;
        self.outcome.pending = self.workspace.orders.take_by_asset();
        Ok(self.outcome)
    }

    /// Turns the decision with index `decision` into orders. Returns the moment at which they are filled.
    fn decide(&mut self, at: Moment, decision: usize, weights: WeightRow) -> Result<Moment, Failure> {
        let (day, phase) = (at.day(), at.phase());
        let equity = match phase {
            Phase::Open => {
                self.mark_until(day)?;
                // A schedule that decides at an open decides once, so nothing is held yet.
                self.workspace.portfolio.cash
            }
            Phase::Close => {
                self.mark_until(day + 1)?;
                self.workspace.equity[day - self.stage.curve_start]
            }
        };
        let Workspace { portfolio, orders, .. } = &mut *self.workspace;
        let (stage, terms) = (self.stage, self.terms);
        let rebalance = Rebalance { stage, terms, portfolio, decision, day, phase, weights, equity };
        rebalance.order(orders, self.journal)?;
        match phase {
            Phase::Open => {
                if terms.open_orders == OpenOrders::OneByOne {
                    orders.put_in_sequence();
                }
                Ok(at)
            }
            Phase::Close => Ok(Moment::new(day + 1, Phase::Open)),
        }
    }

    /// Fills the pending orders at the open of a day, one after the other, sells first.
    fn fill(&mut self, day: usize) {
        let Workspace { equity, portfolio, orders, .. } = &mut *self.workspace;
        let fees: &Fees = &self.terms.sizing.fees;
        let point = day - self.stage.curve_start;
        let before = if point == 0 { self.terms.initial_cash } else { equity[point - 1] };
        let turnover_of = |traded: f64, before: f64| if before > 0.0 { traded / before } else { 0.0 };
        // Before the first close the equity is all cash; the book works it out from the first fill.
        let mut before_in_book = (point > 0).then_some(before);
        let (sells, buys) = orders.take();
        let mut traded = 0.0;
        for order in sells.iter().chain(buys) {
            let open = self.stage.market.price(order.asset, day, Phase::Open);
            let fill: Fill = portfolio.fill(*order, day, Phase::Open, open, fees);
            let value = (fill.price * fill.quantity).abs();
            let costs = fill.commission + (fill.price - open).abs() * fill.quantity.abs();
            traded += value;
            self.outcome.costs_paid += costs;
            self.journal.fill(fill);
            if J::KEEPS_BOOK {
                let before =
                    *before_in_book.get_or_insert(fill.cash + fill.price * fill.quantity + fill.commission);
                self.journal.booking(Booking { point, turnover: turnover_of(value, before), costs });
            }
        }
        self.outcome.fills += sells.len() + buys.len();
        self.outcome.turnover += turnover_of(traded, before);
    }

    /// Marks all days before `day` that are not marked yet.
    #[inline(always)]
    fn mark_until(&mut self, day: usize) -> Result<(), Failure> {
        let end = day - self.stage.curve_start;
        if self.marked < end { self.mark_stretch(end) } else { Ok(()) }
    }

    /// Marks the points of the curve before `end`; at least one of them is not marked yet.
    #[inline(never)]
    fn mark_stretch(&mut self, end: usize) -> Result<(), Failure> {
        let range = self.marked..end;
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
        if J::KEEPS_BOOK {
            gross_exposures(equity, positions).for_each(|exposure| self.journal.exposure(exposure));
        }
        // Without positions the equity is flat, but its first day still differs from the last day with a position.
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
}
