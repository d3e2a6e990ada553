//! The backtest: one session after another, event by event.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;

use super::account::{Account, Order};
use super::calendar::Purchase;
use super::figures::{self, Figures};
use super::market::Market;
use super::refusal::{BAD_DATA, Refusal, refuse};
use super::sizing::{self, Targets, size};
use super::strategy::{FillAt, Rate, Schedule, Sizer, Strategy};
use crate::comparison::Fill;
use crate::formula_reference::evaluate::{Conventions, Evaluator};
use crate::formula_reference::market::Market as AssetsOfFormulas;

/// What a run gives.
#[derive(Debug)]
pub struct Outcome {
    pub fills: Vec<Fill>,
    pub pending: Vec<(String, f64)>,
    /// The points of the curve.
    pub dates: Vec<NaiveDate>,
    pub equity: Vec<f64>,
    /// By asset, one value a point.
    pub allocations: BTreeMap<String, Vec<f64>>,
    pub benchmark: Option<Vec<f64>>,
    pub figures: Figures,
}

/// A decision that was acted upon: the session from which its weights are shown, and the weights.
type Allocation = (usize, Vec<(String, f64)>);

struct Simulation<'a> {
    strategy: &'a Strategy,
    market: &'a Market,
    purchase: Option<Purchase>,
    assets: &'a AssetsOfFormulas,
    formulas: Evaluator<'a>,
    depth: usize,
    account: Account,
    /// One a session of the curve: the equity of its point.
    points: Vec<f64>,
    exposures: Vec<f64>,
    turnover: f64,
    interest: f64,
    allocations: Vec<Allocation>,
    /// Weights of the decision close before, for `on_change`.
    before: Option<BTreeMap<String, f64>>,
    /// Exposures of the last decision acted upon, for `changed`.
    acted_upon: BTreeMap<String, f64>,
}

/// Runs a strategy file.
pub fn simulate(path: &Path) -> Result<Outcome, Refusal> {
    let strategy = Strategy::read(path)?;
    let market = Market::read(&strategy)?;
    let one = strategy.schedule == Schedule::BuyAndHold;
    let purchase = one.then(|| market.calendar.purchase(&strategy)).flatten();
    let open_of = purchase.filter(|purchase| purchase.at_open).map(|purchase| purchase.session);
    let assets = market.for_formulas(&strategy, open_of);
    let readiness = if strategy.says("signal_readiness", "full_windows") {
        Conventions::Sound
    } else {
        Conventions::Qstrader
    };
    let formulas = Evaluator::new(&assets, &strategy.weights, &strategy.names, readiness, open_of);
    let depth = match readiness {
        Conventions::Sound => 0,
        Conventions::Qstrader => {
            let of_when = strategy.when.as_ref().map_or(0, |when| formulas.depth(when));
            formulas.depth(&strategy.weights).max(of_when)
        }
    };
    let at_closes = market.for_formulas(&strategy, None);
    let of_closes = Evaluator::new(&at_closes, &strategy.weights, &strategy.names, readiness, None);
    let rates = rates(&strategy, &market, &of_closes, at_closes.assets.len() - 1)?;
    let mut simulation = Simulation {
        strategy: &strategy,
        market: &market,
        purchase,
        assets: &assets,
        formulas,
        depth,
        account: Account::new(strategy.initial_cash),
        points: Vec::new(),
        exposures: Vec::new(),
        turnover: 0.0,
        interest: 0.0,
        allocations: Vec::new(),
        before: None,
        acted_upon: BTreeMap::new(),
    };
    for session in 0..market.calendar.sessions.len() {
        simulation.open(session, &rates)?;
        simulation.close(session)?;
    }
    simulation.outcome(&rates)
}

/// The three rates at the close of each session: cash, debit, borrow.
type RatesByClose = Vec<[f64; 3]>;

fn rates<'a>(
    strategy: &'a Strategy,
    market: &Market,
    formulas: &Evaluator<'a>,
    no_asset: usize,
) -> Result<RatesByClose, Refusal> {
    let of = |rate: &'a Rate, session: usize| match rate {
        Rate::Number(rate) => *rate,
        Rate::Formula(tree) => formulas.value(tree, no_asset, session).unwrap_or(0.0),
    };
    let sessions = market.calendar.sessions.len();
    let all: RatesByClose = (0..sessions)
        .map(|session| {
            [&strategy.rates.cash, &strategy.rates.debit, &strategy.rates.borrow]
                .map(|rate| of(rate, session))
        })
        .collect();
    let looked_at = &all[market.calendar.first_of_curve..sessions - 1];
    if looked_at.iter().flatten().any(|rate| rate.abs() > 1.0) {
        return refuse(BAD_DATA, "a rate above 1");
    }
    Ok(all)
}

/// What cash and short positions bear from one close to the open after it: received on cash, paid for shorts.
fn interest(market: &Market, account: &Account, session: usize, rates: &RatesByClose) -> (f64, f64) {
    let [cash_rate, debit_rate, borrow_rate] = rates[session - 1];
    let days = (market.date(session) - market.date(session - 1)).num_days() as f64;
    let years = days / 365.0;
    let cash = account.cash;
    let earned = if cash > 0.0 {
        (cash * cash_rate) * years
    } else if cash < 0.0 {
        (cash * debit_rate) * years
    } else {
        0.0
    };
    let shorts =
        account.positions.iter().filter(|(_, shares)| *shares < 0.0).fold(0.0, |sum, (asset, shares)| {
            sum + shares.abs() * market.price(asset, session - 1, false).expect("what is held has a price")
        });
    (earned, (shorts * borrow_rate) * years)
}

fn time(date: NaiveDate, at_open: bool) -> String {
    format!("{date}T{}Z", if at_open { "14:30:00" } else { "21:00:00" })
}

/// Of the strategy and of the benchmark.
fn look_for_ruin(strategy: &Strategy, equity: f64) -> Result<(), Refusal> {
    if equity <= 0.0 && strategy.says("ruin", "fail") { refuse(BAD_DATA, "ruin") } else { Ok(()) }
}

fn in_curve(market: &Market, session: usize) -> bool {
    session >= market.calendar.first_of_curve
}

/// Assets with another weight in one of two maps; absent is 0.
fn differing(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> BTreeSet<String> {
    let weight = |map: &BTreeMap<String, f64>, asset: &String| map.get(asset).copied().unwrap_or(0.0);
    let all: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    all.into_iter().filter(|asset| weight(one, asset) != weight(other, asset)).cloned().collect()
}

impl Simulation<'_> {
    fn date(&self, session: usize) -> NaiveDate {
        self.market.date(session)
    }

    fn equity(&self, session: usize, at_open: bool) -> f64 {
        self.account
            .equity(|asset| self.market.price(asset, session, at_open).expect("what is held has a price"))
    }

    fn open(&mut self, session: usize, rates: &RatesByClose) -> Result<(), Refusal> {
        if session > self.market.calendar.first_of_curve {
            let (earned, paid) = interest(self.market, &self.account, session, rates);
            self.account.cash = (self.account.cash + earned) - paid;
            self.interest += earned - paid;
        }
        for (asset, end) in &self.market.ends {
            if end.session == session {
                self.account.waiting.remove(asset);
                self.account.pay_out(asset, end.price, time(self.date(session), true));
            }
        }
        self.fill(session, true, false);
        if self.purchase == Some(Purchase { session, at_open: true }) {
            self.decide(session, true, self.account.cash)?;
            self.fill(session, true, self.strategy.says("open_orders", "one_by_one"));
        }
        Ok(())
    }

    fn close(&mut self, session: usize) -> Result<(), Refusal> {
        self.fill(session, false, false);
        let equity = self.equity(session, false);
        look_for_ruin(self.strategy, equity)?;
        if self.decides(session) {
            self.decide(session, false, equity)?;
            self.fill(session, false, false);
        }
        if in_curve(self.market, session) {
            let equity = self.equity(session, false);
            look_for_ruin(self.strategy, equity)?;
            let price = |asset: &str| self.market.price(asset, session, false).expect("a price");
            let invested: f64 =
                self.account.positions.iter().map(|(asset, shares)| shares.abs() * price(asset)).sum();
            self.points.push(equity);
            self.exposures.push(if equity > 0.0 { invested / equity } else { 0.0 });
        }
        Ok(())
    }

    /// Fills the orders for this open or close: sells, then buys, each by ticker.
    fn fill(&mut self, session: usize, at_open: bool, one_by_one: bool) {
        let waits = self.strategy.says("fill_without_bar", "wait");
        let ready = |order: &Order| {
            order.at_open == at_open
                && session >= order.session
                && (!waits || self.market.trades(&order.asset, session, at_open))
        };
        let mut now: Vec<Order> =
            self.account.waiting.values().filter(|order| ready(order)).cloned().collect();
        if !one_by_one {
            now.sort_by_key(|order| order.quantity > 0.0);
        }
        let point_before = self.points.last().copied().unwrap_or(self.strategy.initial_cash);
        for Order { asset, quantity, .. } in now {
            self.account.waiting.remove(&asset);
            let shown = self.market.price(&asset, session, at_open).expect("what was sized has a price");
            let at = time(self.market.date(session), at_open);
            let traded = self.account.fill(self.strategy, &asset, quantity, shown, at);
            if point_before > 0.0 {
                self.turnover += traded / point_before;
            }
        }
    }

    /// Whether the gate of `days_since_start` is open.
    fn is_ready(&self, session: usize, at_open: bool) -> bool {
        let closes = if at_open { session } else { session + 1 };
        closes >= self.depth
    }

    fn decides(&self, session: usize) -> bool {
        if self.strategy.schedule == Schedule::BuyAndHold {
            return self.purchase == Some(Purchase { session, at_open: false });
        }
        self.market.calendar.decides(&self.strategy.schedule, session)
            && self.strategy.when.as_ref().is_none_or(|when| {
                let holds = |member: usize| {
                    self.formulas.value(when, member, session).is_some_and(|value| value != 0.0)
                };
                self.is_ready(session, false) && self.assets.members(session).into_iter().any(holds)
            })
    }

    /// The weights of the formula, of members and of assets that `fixed` names.
    fn given(&self, session: usize, at_open: bool) -> BTreeMap<String, f64> {
        let mut given = BTreeMap::new();
        for (place, asset) in self.assets.assets.iter().enumerate() {
            let ticker = &asset.symbol;
            let is_member = self.market.is_member(ticker, session, at_open);
            let is_fixed = self.market.fixed.contains(ticker)
                && !self.market.has_ended(ticker, session)
                && !self.market.has_left(ticker, session, at_open);
            if !is_member && !is_fixed {
                continue;
            }
            let ready = self.is_ready(session, at_open);
            let value = ready.then(|| self.formulas.value(&self.strategy.weights, place, session)).flatten();
            if let Some(weight) = if is_member { Some(value.unwrap_or(0.0)) } else { value } {
                given.insert(ticker.clone(), weight);
            }
        }
        given
    }

    fn decide(&mut self, session: usize, at_open: bool, equity: f64) -> Result<(), Refusal> {
        let given = self.given(session, at_open);
        if self.strategy.schedule == Schedule::OnChange {
            let first = self.before.is_none();
            let before = self.before.replace(given.clone()).unwrap_or_default();
            let invests_idle_money = first && self.strategy.idle.is_some();
            if differing(&before, &given).is_empty() && !invests_idle_money {
                return Ok(());
            }
        }
        let moment = (session, at_open);
        let targets = size(self.strategy, self.market, &self.account, &given, equity, moment)?;
        let changed = self.strategy.changed.then(|| differing(&self.acted_upon, &targets.exposures));
        if changed.as_ref().is_some_and(BTreeSet::is_empty)
            || !self.leaves_the_band(&targets, &changed, equity)
        {
            return Ok(());
        }
        let trades = |asset: &String| changed.as_ref().is_none_or(|changed| changed.contains(asset));
        self.account.waiting.retain(|asset, _| !trades(asset));
        let (for_open, after) = match (self.strategy.fill, at_open) {
            (FillAt::NextOpen, true) => (true, 0),
            (FillAt::NextOpen, false) => (true, 1),
            (FillAt::NextClose, _) => (false, 1),
            (FillAt::SameClose, _) => (false, 0),
        };
        for (asset, target) in targets.shares.iter().filter(|(asset, _)| trades(asset)) {
            let quantity = target - self.account.held(asset);
            if !self.is_noise(quantity, *target, targets.prices[asset], equity) {
                let order =
                    Order { asset: asset.clone(), quantity, at_open: for_open, session: session + after };
                self.account.waiting.insert(asset.clone(), order);
            }
        }
        let shown = if self.strategy.says("allocation_date", "decision") { session } else { session + after };
        self.allocations.push((shown, targets.recorded));
        self.acted_upon = targets.exposures;
        Ok(())
    }

    /// Whether a difference to a target makes no order.
    fn is_noise(&self, quantity: f64, target: f64, price: f64, equity: f64) -> bool {
        quantity == 0.0
            || self.strategy.fractional && target != 0.0 && (quantity * price).abs() <= 1e-9 * equity
    }

    /// Whether there is no band, or a position that it does not hold back.
    fn leaves_the_band(&self, targets: &Targets, changed: &Option<BTreeSet<String>>, equity: f64) -> bool {
        let Some(band) = self.strategy.band else { return true };
        if equity <= 0.0 {
            return true;
        }
        let all: BTreeSet<&String> = targets.shares.keys().chain(self.account.waiting.keys()).collect();
        all.into_iter().filter(|asset| changed.as_ref().is_none_or(|changed| changed.contains(*asset))).any(
            |asset| {
                let position = self.account.going_to(asset);
                let target = targets.shares.get(asset).copied().unwrap_or(0.0);
                let price = targets.prices.get(asset).copied().unwrap_or(f64::NAN);
                let scaled = targets.scaled.get(asset).copied().unwrap_or(0.0);
                let weight = if self.strategy.long_only() {
                    scaled * (1.0 - self.strategy.cash_buffer())
                } else {
                    scaled
                };
                !self.is_noise(target - position, target, price, equity)
                    && (position == 0.0
                        || target == 0.0
                        || (position < 0.0) != (target < 0.0)
                        || (position * price / equity - weight).abs() > band)
            },
        )
    }

    fn outcome(self, rates: &RatesByClose) -> Result<Outcome, Refusal> {
        let first = self.market.calendar.first_of_curve;
        let sessions = &self.market.calendar.sessions[first..];
        let benchmark = match &self.strategy.benchmark {
            Some(asset) => Some(benchmark(self.strategy, self.market, asset, rates)?),
            None => None,
        };
        let from_cash = self.strategy.says("curve_start", "initial_cash");
        let with_start = |points: &[f64]| -> Vec<f64> {
            from_cash
                .then_some(self.strategy.initial_cash)
                .into_iter()
                .chain(points.iter().copied())
                .collect()
        };
        let day_before = from_cash.then(|| sessions[0].pred_opt().expect("far from the beginning of time"));
        let dates: Vec<NaiveDate> = day_before.into_iter().chain(sessions.iter().copied()).collect();
        let names: BTreeSet<&String> =
            self.allocations.iter().flat_map(|(_, weights)| weights.iter().map(|(asset, _)| asset)).collect();
        let shown = |asset: &String, session: usize| -> f64 {
            let decision = self.allocations.iter().rfind(|(from, _)| *from <= session);
            let weights = decision.map_or(&[][..], |(_, weights)| weights);
            weights.iter().find(|(known, _)| known == asset).map_or(0.0, |(_, weight)| *weight)
        };
        let series = |asset: &String| -> Vec<f64> {
            let values: Vec<f64> =
                (first..first + sessions.len()).map(|session| shown(asset, session)).collect();
            from_cash.then_some(0.0).into_iter().chain(values).collect()
        };
        let allocations = names.into_iter().map(|asset| (asset.clone(), series(asset))).collect();
        let equity = with_start(&self.points);
        let benchmark = benchmark.map(|points| with_start(&points));
        let traded = figures::Traded {
            fills: self.account.trades,
            turnover: self.turnover,
            costs_paid: self.account.costs_paid,
            exposures: self.exposures,
            interest: self.interest,
        };
        let figures = figures::of(self.strategy, sessions, &dates, &equity, benchmark.as_deref(), &traded);
        let pending =
            self.account.waiting.into_iter().map(|(asset, order)| (asset, order.quantity)).collect();
        Ok(Outcome { fills: self.account.fills, pending, dates, equity, allocations, benchmark, figures })
    }
}

/// The points of the benchmark: bought once, and paid out where it ends.
fn benchmark(
    strategy: &Strategy,
    market: &Market,
    asset: &str,
    rates: &RatesByClose,
) -> Result<Vec<f64>, Refusal> {
    let at_open = strategy.fill == FillAt::NextOpen;
    let waits = strategy.says("fill_without_bar", "wait");
    let first = market.calendar.first_of_curve;
    let mut account = Account::new(strategy.initial_cash);
    let mut points = Vec::new();
    let mut bought = false;
    for session in first..market.calendar.sessions.len() {
        if session > first {
            let (earned, paid) = interest(market, &account, session, rates);
            account.cash = (account.cash + earned) - paid;
        }
        if let Some(end) = market.ends.get(asset).filter(|end| end.session == session) {
            account.pay_out(asset, end.price, String::new());
        }
        let price = market.price(asset, session, at_open);
        if let Some(price) = price
            && !bought
            && !market.has_ended(asset, session)
            && (!waits || market.trades(asset, session, at_open))
        {
            bought = true;
            let sizer = Sizer::LongOnly { cash_buffer: strategy.cash_buffer() };
            let shares = sizing::target(strategy, sizer, (account.cash, 1.0), price, 0.0);
            if shares != 0.0 {
                account.fill(strategy, asset, shares, price, String::new());
            }
        }
        let equity = account.equity(|asset| market.price(asset, session, false).expect("it was bought"));
        look_for_ruin(strategy, equity)?;
        points.push(equity);
    }
    if bought { Ok(points) } else { refuse(BAD_DATA, format!("the benchmark {asset} is never bought")) }
}
