//! One backtest: decisions become orders, orders become fills, fills make an equity curve.
//!
//! Orders of a decision are filled at its event, or at the first one of that kind at which their asset has a bar. Between two
//! fills the holdings are constant, so those days are marked in bulk ([`super::marking`]), with interest in the daily cash.
//! Every sum runs in QSTrader's order, so that the curve has QSTrader's bits.
//!
//! One text makes several engines: where all orders are filled at the next open, nothing else that orders may ask for is
//! compiled, and without rates no interest.

use std::mem::take;
use std::ops::Range;

use super::account::{Fill, Order, Portfolio};
use super::agenda::{Agenda, Event, Moment};
use super::conventions::{FillWithoutBar, OpenOrders, Ruin};
use super::deliberation::Deliberation;
use super::failure::Failure;
use super::fees::Fees;
use super::interest::{Interest, InterestRates};
use super::journal::{Booking, Journal};
use super::marking::{Cash, ExposureLanes, gross_exposures, mark};
use super::orders::Orders;
use super::rebalance::{Picked, Rebalance, WeightRow};
use super::sizing::Shares;
use super::stage::{Payout, Stage};
use super::terms::{FillEvent, Terms, TradedAssets};
use crate::formula::weight_block::WeightBlock;
use crate::market::date::{Date, Phase};
use crate::market::prices::AssetId;

/// Number of weights in a block, about.
const BLOCK_CELLS: usize = 32_768;

/// What a backtest counts, besides the curve in [`Workspace::equity`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Outcome {
    /// Number of fills, payouts aside.
    pub fills: usize,
    /// Sum over the fills of the traded value over the equity at the point before.
    pub turnover: f64,
    /// Commission, tax and slippage of all fills, account currency.
    pub costs_paid: f64,
    /// Mean over the days of the curve of gross positions over equity.
    pub exposure: f64,
    /// Orders still pending after the last day, by identifier.
    pub pending: Vec<Order>,
    /// Sum of all interest booked, account currency; negative where more was paid than earned.
    pub interest: f64,
    /// Sum of what was paid of it, for debt and borrowed shares, account currency.
    pub interest_paid: f64,
    /// The date of the first point of the curve at or below 0.
    pub ruined_on: Option<Date>,
}

/// Buffers of one thread, reused for every point that it computes.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// Equity curve: the initial cash, if the curve begins with it, then one value per day of the curve, at its close.
    pub equity: Vec<f64>,
    /// Ranges of points whose return may differ from zero, in order; ranges that touch are merged.
    pub active: Vec<Range<usize>>,
    portfolio: Portfolio,
    weights: WeightBlock,
    picked: Vec<Picked>,
    deliberation: Deliberation,
    orders: Orders,
    /// Cash at the closes of a stretch of days, where it earns or pays interest.
    daily_cash: Vec<f64>,
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
    rates: &InterestRates,
    weights: impl FnMut(Range<usize>, &mut WeightBlock),
    workspace: &mut Workspace,
    journal: &mut J,
) -> Result<Outcome, Failure> {
    match (orders_are_plain(stage, terms), rates.are_none()) {
        (true, true) => run::<J, false, false>(stage, terms, rates, weights, workspace, journal),
        (true, false) => run::<J, false, true>(stage, terms, rates, weights, workspace, journal),
        (false, true) => run::<J, true, false>(stage, terms, rates, weights, workspace, journal),
        (false, false) => run::<J, true, true>(stage, terms, rates, weights, workspace, journal),
    }
}

/// Whether every decision is acted upon, and its orders, of whole shares, are all filled at the next open.
fn orders_are_plain(stage: &Stage, terms: &Terms) -> bool {
    terms.fill == FillEvent::NextOpen
        && (terms.fill_without_bar == FillWithoutBar::LastPrice || !stage.has_holes)
        && terms.band.is_none()
        && terms.trade == TradedAssets::All
        && terms.sizing.shares == Shares::Whole
        && stage.idle.is_none()
        && stage.payouts.is_empty()
}

fn run<J: Journal, const FULL: bool, const EARNS: bool>(
    stage: &Stage,
    terms: &Terms,
    rates: &InterestRates,
    weights: impl FnMut(Range<usize>, &mut WeightBlock),
    workspace: &mut Workspace,
    journal: &mut J,
) -> Result<Outcome, Failure> {
    let (days, assets) = (stage.market.days(), stage.listing.len());
    workspace.portfolio.reset(terms.initial_cash, stage.market.symbols().len());
    workspace.orders.reset(assets);
    // One element more than there are assets, for what is written and then not kept.
    workspace.picked.resize(assets + 1, Picked { index: 0, weight: 0.0, held: 0.0 });
    if FULL {
        workspace.deliberation.reset(assets);
    }
    workspace.active.clear();
    workspace.equity.resize(stage.points(), terms.initial_cash);
    workspace.equity[..stage.cash_points].fill(terms.initial_cash);
    let mut block = take(&mut workspace.weights);
    // The block may still hold decisions of the previous point.
    block.rows.clear();
    let block_size = (BLOCK_CELLS / assets.max(1)).max(64);
    let agenda = Agenda::<FULL>::new(&stage.decisions, &stage.payouts, days, block_size);
    let (marked, lanes) = (stage.cash_points, ExposureLanes::default());
    if J::KEEPS_BOOK {
        (0..marked).for_each(|_| journal.exposure(0.0));
    }
    let outcome = Outcome::default();
    let simulation =
        Simulation::<J, FULL, EARNS> { stage, terms, rates, workspace, journal, marked, lanes, outcome };
    let outcome = simulation.follow(agenda, weights, &mut block);
    workspace.weights = block;
    outcome
}

/// A simulation in progress. `FULL` compiles what plain orders do without, `EARNS` interest.
struct Simulation<'r, J, const FULL: bool, const EARNS: bool> {
    stage: &'r Stage,
    terms: &'r Terms,
    rates: &'r InterestRates,
    workspace: &'r mut Workspace,
    journal: &'r mut J,
    /// Points of the curve marked so far.
    marked: usize,
    /// Exposures, where they are summed by day.
    lanes: ExposureLanes,
    outcome: Outcome,
}

impl<J: Journal, const FULL: bool, const EARNS: bool> Simulation<'_, J, FULL, EARNS> {
    /// Carries out the events of the agenda up to the last one, and marks the days after it.
    fn follow(
        mut self,
        mut agenda: Agenda<FULL>,
        mut weights: impl FnMut(Range<usize>, &mut WeightBlock),
        block: &mut WeightBlock,
    ) -> Result<Outcome, Failure> {
        while let Some(event) = agenda.next(&block.rows) {
            match event {
                Event::Weights(decisions) => weights(decisions, block),
                Event::Decision { at, index, row } => {
                    let weights = WeightRow { weights: &block.weights[row..], rows: block.rows.len() };
                    let next = self.decide(at, index, weights)?;
                    if FULL {
                        agenda.fill_at(next);
                    } else if next.day() < self.stage.market.days() {
                        // No other event comes between.
                        self.mark_until(next.day())?;
                        self.fill(next);
                    }
                }
                Event::Fills(at) if FULL => {
                    self.mark_until(at.day())?;
                    self.fill(at);
                    agenda.fill_at(self.workspace.orders.next_event());
                }
                Event::Payouts(payouts) if FULL => {
                    self.pay_out(payouts)?;
                    agenda.fill_at(self.workspace.orders.next_event());
                }
                Event::Fills(_) | Event::Payouts(_) => {}
            }
        }
        let days = self.stage.market.days();
        self.mark_until(days)?;
        self.outcome.exposure = (self.outcome.exposure + self.lanes.sum()) / self.stage.curve_days() as f64;
        self.outcome.pending = self.workspace.orders.take_by_asset(days - 1, self.journal);
        Ok(self.outcome)
    }

    /// Turns the decision with index `decision` into orders. Returns the moment at which orders are filled next.
    fn decide(&mut self, at: Moment, decision: usize, weights: WeightRow) -> Result<Moment, Failure> {
        let (day, phase) = (at.day(), at.phase());
        let due = self.due(at);
        let equity = match phase {
            Phase::Open => {
                self.mark_until(day)?;
                // A schedule that decides at an open decides once, so nothing is held yet.
                self.workspace.portfolio.cash
            }
            Phase::Close if FULL && due == at => self.equity_before_fills(day)?,
            Phase::Close => {
                self.mark_until(day + 1)?;
                self.workspace.equity[self.stage.point_of(day)]
            }
        };
        let Workspace { portfolio, orders, picked, deliberation, .. } = &mut *self.workspace;
        let (stage, terms) = (self.stage, self.terms);
        let rebalance = Rebalance { stage, terms, portfolio, decision, day, phase, weights, equity };
        if FULL {
            deliberation.order(&rebalance, due, orders, self.journal)?;
        } else {
            rebalance.order(picked, orders, self.journal)?;
        }
        if phase == Phase::Open && terms.open_orders == OpenOrders::OneByOne {
            orders.put_in_sequence();
        }
        Ok(if FULL { orders.next_event() } else { due })
    }

    /// The event at which the orders of a decision are due.
    #[inline(always)]
    fn due(&self, decision: Moment) -> Moment {
        match (decision.phase(), self.terms.fill) {
            (Phase::Open, _) => decision,
            (Phase::Close, FillEvent::SameClose) if FULL => decision,
            (Phase::Close, FillEvent::NextClose) if FULL => Moment::new(decision.day() + 1, Phase::Close),
            (Phase::Close, _) => Moment::new(decision.day() + 1, Phase::Open),
        }
    }

    /// The equity at a close before the orders of that close are filled. The day is not marked.
    fn equity_before_fills(&mut self, day: usize) -> Result<f64, Failure> {
        self.mark_until(day)?;
        let portfolio = &self.workspace.portfolio;
        let value =
            |asset: &AssetId| portfolio.quantity(*asset) * self.stage.market.price(*asset, day, Phase::Close);
        let equity = match portfolio.held() {
            [] => portfolio.cash,
            [first, others @ ..] => {
                others.iter().fold(value(first), |sum, asset| sum + value(asset)) + portfolio.cash
            }
        };
        if self.terms.ruin == Ruin::Fail && equity <= 0.0 {
            return Err(Failure::Ruin { equity, on: self.stage.market.date(day) });
        }
        Ok(equity)
    }

    /// Pays out the positions whose prices have ended, and drops the orders for them.
    fn pay_out(&mut self, payouts: &[Payout]) -> Result<(), Failure> {
        for payout in payouts {
            let (asset, day) = (payout.asset, payout.day);
            self.workspace.orders.drop_pending(asset);
            self.workspace.orders.remove_waiting(day, |waiting| waiting == asset, self.journal);
            if self.workspace.portfolio.quantity(asset) != 0.0 {
                self.mark_until(day)?;
                let fill = self.workspace.portfolio.pay_out(asset, day, payout.price);
                self.journal.fill(fill);
            }
        }
        Ok(())
    }

    /// Fills the orders that are due at an event, one after the other, sells first.
    fn fill(&mut self, at: Moment) {
        let (day, phase) = (at.day(), if FULL { at.phase() } else { Phase::Open });
        let Workspace { equity, portfolio, orders, .. } = &mut *self.workspace;
        let fees: &Fees = &self.terms.sizing.fees;
        let point = self.stage.point_of(day);
        let before = if point == 0 { self.terms.initial_cash } else { equity[point - 1] };
        let turnover_of = |traded: f64, before: f64| if before > 0.0 { traded / before } else { 0.0 };
        // Before the first close the equity is all cash; the book works it out from the first fill.
        let mut before_in_book = (point > 0).then_some(before);
        let (sells, buys) = if FULL { orders.take_at(at, self.journal) } else { orders.take() };
        let mut traded = 0.0;
        for order in sells.iter().chain(buys) {
            let price = self.stage.market.price(order.asset, day, phase);
            let fill: Fill = portfolio.fill(*order, day, phase, price, fees);
            let value = (fill.price * fill.quantity).abs();
            let costs = fill.commission + (fill.price - price).abs() * fill.quantity.abs();
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

    /// Books the interest of the days from `first` on, as many as there is room for the cash after each.
    fn book_interest(&mut self, first: usize, daily_cash: &mut [f64]) {
        let Outcome { mut interest, interest_paid: mut paid, .. } = self.outcome;
        let (stage, journal) = (self.stage, &mut *self.journal);
        self.rates.book(stage, &mut self.workspace.portfolio, first, daily_cash, |booked| {
            let Interest { day, on_cash, on_shorts } = booked;
            interest = (interest + on_cash) - on_shorts;
            if J::LISTENS {
                paid += (0.0 - on_cash).max(0.0) + on_shorts;
            }
            if J::KEEPS_BOOK {
                journal.interest(stage.point_of(day), on_cash - on_shorts);
            }
        });
        (self.outcome.interest, self.outcome.interest_paid) = (interest, paid);
    }

    /// Marks all days before `day` that are not marked yet. The interest of `day` is booked afterwards.
    #[inline(always)]
    fn mark_until(&mut self, day: usize) -> Result<(), Failure> {
        let end = self.stage.point_of(day);
        if self.marked < end { self.mark_stretch(end) } else { Ok(()) }
    }

    /// Marks the points of the curve before `end`; at least one of them is not marked yet.
    ///
    /// The interest of the first of these days is booked already; the first day of the curve has none. That of the others and
    /// of the day after them is booked here: nothing that happens before the next open changes it.
    #[inline(never)]
    fn mark_stretch(&mut self, end: usize) -> Result<(), Failure> {
        let range = self.marked..end;
        let first_day = self.stage.day_of(range.start);
        if EARNS {
            let mut daily_cash = take(&mut self.workspace.daily_cash);
            let length = (range.len() + 1).min(self.stage.market.days() - first_day);
            if daily_cash.len() < length {
                daily_cash.resize(length, 0.0);
            }
            daily_cash[0] = self.workspace.portfolio.cash;
            self.book_interest(first_day + 1, &mut daily_cash[1..length]);
            self.workspace.daily_cash = daily_cash;
        }
        let Workspace { equity, active, portfolio, daily_cash, .. } = &mut *self.workspace;
        let cash = if EARNS { Cash::Daily(daily_cash) } else { Cash::Flat(portfolio.cash) };
        let held = portfolio.held();
        let position =
            |asset: &AssetId| (portfolio.quantity(*asset), &self.stage.market.close(*asset)[first_day..]);
        const FEW: usize = 8;
        let (one, mut few, many): ([_; 1], [_; FEW], Vec<_>);
        // None and one are common, and the room for few takes a while to clear.
        let positions: &[(f64, &[f64])] = match held {
            [] => &[],
            [asset] => {
                one = [position(asset)];
                &one
            }
            held if held.len() <= FEW => {
                few = [(0.0, &[] as &[f64]); FEW];
                few.iter_mut().zip(held).for_each(|(few, asset)| *few = position(asset));
                &few[..held.len()]
            }
            held => {
                many = held.iter().map(position).collect();
                &many
            }
        };
        let exposure = mark(&mut equity[range.start..], range.len(), positions, cash);
        let equity = &equity[range.clone()];
        if self.terms.sums_by_day {
            self.lanes.add(range.start - self.stage.cash_points, equity, positions, cash);
        } else {
            self.outcome.exposure += exposure;
        }
        if J::KEEPS_BOOK {
            gross_exposures(equity, positions).for_each(|exposure| self.journal.exposure(exposure));
        }
        // Without positions and interest the equity is flat, but its first day still differs from the last day with a position.
        let is_flat = held.is_empty() && !EARNS;
        let moving = if is_flat { range.start..range.start + 1 } else { range.clone() };
        // Not `any`: testing all points in vector lanes is faster than stopping at the first.
        if self.terms.ruin == Ruin::Fail
            && equity.iter().fold(false, |any, equity| any | (*equity <= 0.0))
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
