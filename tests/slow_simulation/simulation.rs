//! A backtest, event by event, as QSTrader runs it. It is slow and obvious on purpose and shares nothing with the engine it
//! tests.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use super::prices::{Series, close_of, next, open_of};
use super::statistics::{self, pairwise_sum};
use crate::comparison::{Fill, Outcome, milliseconds};
use crate::golden_case::{Alpha, Case, FeeModel};

/// A weight was given to an asset that has no price yet: the run must stop.
#[derive(Debug)]
pub struct NoPrice {
    pub asset: String,
    pub first_bar: NaiveDate,
    pub instant: NaiveDateTime,
}

/// An asset that joins later than asked, at its first bar.
#[derive(Debug)]
pub struct LateJoiner {
    pub asset: String,
    pub first_bar: NaiveDate,
}

type Weights = Vec<(String, f64)>;

/// Assets in universe order with the instant each joins: the later of its entry and its first bar.
struct Universe(Vec<(String, NaiveDateTime)>);

/// All closes seen so far of every asset that has joined, in the order of joining.
struct Signals {
    closes: Vec<(String, Vec<f64>)>,
    /// Closes seen since the start, whatever the asset.
    warmup: usize,
}

struct Position {
    asset: String,
    quantity: i64,
    price: f64,
}

/// Cash, and positions in the order of opening, in which market values are added.
struct Portfolio {
    cash: f64,
    positions: Vec<Position>,
    fills: Vec<Fill>,
}

struct Order {
    asset: String,
    quantity: i64,
}

struct Simulation<'a> {
    case: &'a Case,
    prices: BTreeMap<String, Series>,
    universe: Universe,
    signals: Signals,
    portfolio: Portfolio,
    queue: Vec<Order>,
    equity: Vec<(NaiveDate, f64)>,
    allocations: Vec<(NaiveDate, Weights)>,
}

/// Runs a case on the price files of a folder.
pub fn simulate(case: &Case, folder: &std::path::Path) -> Result<Outcome, NoPrice> {
    let mut simulation = Simulation::new(case, folder);
    let schedule = schedule(case);
    let after_burn_in = |instant| case.burn_in_dt.is_none_or(|burn_in| instant >= burn_in.0);
    for day in days(case) {
        for instant in [open_of(day), close_of(day)] {
            let at_close = instant == close_of(day);
            simulation.mark(instant);
            if !at_close {
                simulation.execute_queue(instant);
            }
            if at_close {
                simulation.update_signals(instant);
            }
            if schedule.contains(&instant) && after_burn_in(instant) {
                simulation.rebalance(instant)?;
            }
            if at_close && after_burn_in(instant) {
                simulation.equity.push((day, 0.0 + simulation.portfolio.equity()));
            }
        }
    }
    Ok(simulation.outcome())
}

/// The assets that their first bar keeps from events at which the case would admit them already.
pub fn late_joiners(case: &Case, folder: &std::path::Path) -> Vec<LateJoiner> {
    let events: Vec<NaiveDateTime> =
        days(case).into_iter().flat_map(|day| [open_of(day), close_of(day)]).collect();
    let entries = case.universe.entries().into_iter();
    let joiners = entries.filter_map(|(asset, entry)| {
        let first_bar = Series::read(folder, &asset.0, case.adjust_prices).first_bar()?;
        let admitted = events.iter().filter(|event| entry.is_none_or(|entry| **event >= entry.0));
        let waits = admitted.map(|event| event.date()).any(|date| date < first_bar);
        let joins = events.last().is_some_and(|event| event.date() >= first_bar);
        (waits && joins).then_some(LateJoiner { asset: asset.0, first_bar })
    });
    joiners.collect()
}

/// The simulated weekdays, the last only if the end's time of day allows (docs/conventions.md#last_day).
fn days(case: &Case) -> Vec<NaiveDate> {
    let (start, end) = (case.start_dt.0, case.end_dt.0);
    weekdays_from(start.date(), end.date()).filter(|day| day.and_time(start.time()) <= end).collect()
}

fn weekdays_from(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| *day <= last).filter(|day| is_weekday(*day))
}

fn is_weekday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The instants of rebalances.
fn schedule(case: &Case) -> BTreeSet<NaiveDateTime> {
    let (start, end) = (case.start_dt.0, case.end_dt.0);
    match case.rebalance.as_str() {
        "buy_and_hold" => {
            let first = start.date().iter_days().find(|day| is_weekday(*day)).expect("a weekday comes");
            BTreeSet::from([first.and_time(start.time())])
        }
        "daily" => weekdays_from(start.date(), end.date()).map(close_of).collect(),
        "weekly" => {
            let weekday: Weekday =
                case.rebalance_weekday.as_ref().expect("weekly has one").parse().expect("a weekday");
            days(case).into_iter().filter(|day| day.weekday() == weekday).map(close_of).collect()
        }
        "end_of_month" => {
            let last_of_month = |day: &NaiveDate| {
                let following = next(*day).iter_days().find(|day| is_weekday(*day));
                following.expect("a weekday comes").month() != day.month()
            };
            days(case).into_iter().filter(last_of_month).map(close_of).collect()
        }
        other => panic!("no schedule is called {other}"),
    }
}

impl Universe {
    fn at(&self, instant: NaiveDateTime) -> Vec<&String> {
        self.0.iter().filter(|(_, joins)| instant >= *joins).map(|(asset, _)| asset).collect()
    }
}

impl Signals {
    fn learn(&mut self, assets: &[&String]) {
        for asset in assets {
            if !self.closes.iter().any(|(known, _)| known == *asset) {
                self.closes.push(((*asset).clone(), Vec::new()));
            }
        }
    }

    /// The last `count` closes of an asset, or what there is.
    fn window(&self, asset: &str, count: usize) -> &[f64] {
        let closes = self.closes.iter().find(|(known, _)| known == asset).map_or(&[][..], |(_, all)| all);
        &closes[closes.len().saturating_sub(count)..]
    }

    fn sma(&self, asset: &str, lookback: usize) -> f64 {
        let window = self.window(asset, lookback);
        pairwise_sum(window) / window.len() as f64
    }

    fn returns(&self, asset: &str, lookback: usize) -> Vec<f64> {
        let window = self.window(asset, lookback + 1);
        window.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
    }

    fn momentum(&self, asset: &str, lookback: usize) -> f64 {
        let returns = self.returns(asset, lookback);
        if returns.is_empty() {
            return 0.0;
        }
        returns.iter().fold(1.0, |product, r| product * (1.0 + r)) - 1.0
    }

    fn volatility(&self, asset: &str, lookback: usize) -> f64 {
        let returns = self.returns(asset, lookback);
        if returns.is_empty() {
            return 0.0;
        }
        let count = returns.len() as f64;
        let mean = pairwise_sum(&returns) / count;
        let squares: Vec<f64> = returns.iter().map(|r| (r - mean) * (r - mean)).collect();
        (pairwise_sum(&squares) / count).sqrt() * 252f64.sqrt()
    }
}

impl Portfolio {
    fn market_value(&self) -> f64 {
        self.positions.iter().fold(0.0, |sum, position| sum + position.price * position.quantity as f64)
    }

    fn equity(&self) -> f64 {
        self.market_value() + self.cash
    }

    fn quantity(&self, asset: &str) -> i64 {
        self.positions.iter().find(|position| position.asset == asset).map_or(0, |position| position.quantity)
    }

    fn fill(&mut self, order: Order, price: f64, fee_model: FeeModel, instant: NaiveDateTime) {
        let Order { asset, quantity } = order;
        let commission = cost(fee_model, (price * quantity as f64).round_ties_even());
        match self.positions.iter_mut().find(|position| position.asset == asset) {
            Some(position) => {
                position.quantity += quantity;
                position.price = price;
            }
            None => self.positions.push(Position { asset: asset.clone(), quantity, price }),
        }
        self.positions.retain(|position| position.quantity != 0);
        self.cash -= price * quantity as f64 + commission;
        self.fills.push(Fill {
            time: instant.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            asset,
            quantity: quantity as f64,
            price,
            commission,
            cash: self.cash,
            kind: "trade".into(),
        });
    }
}

/// Commission and tax on a consideration.
fn cost(fee_model: FeeModel, consideration: f64) -> f64 {
    match fee_model {
        FeeModel::Zero => 0.0,
        FeeModel::Percent { commission_pct, tax_pct } => {
            commission_pct * consideration.abs() + tax_pct * consideration.abs()
        }
    }
}

impl Simulation<'_> {
    fn new<'a>(case: &'a Case, folder: &std::path::Path) -> Simulation<'a> {
        let entries = case.universe.entries();
        let mut assets: BTreeSet<String> = entries.iter().map(|(asset, _)| asset.0.clone()).collect();
        if let Alpha::Fixed { weights } = &case.alpha {
            assets.extend(weights.iter().map(|(asset, _)| asset.0.clone()));
        }
        let prices: BTreeMap<String, Series> = assets
            .into_iter()
            .map(|asset| {
                let series = Series::read(folder, &asset, case.adjust_prices);
                (asset, series)
            })
            .collect();
        let joins = entries.into_iter().map(|(asset, entry)| {
            let first_bar = prices[&asset.0].first_bar().map_or(NaiveDateTime::MAX, NaiveDateTime::from);
            (asset.0, entry.map_or(first_bar, |entry| entry.0.max(first_bar)))
        });
        let universe = Universe(joins.collect());
        let mut signals = Signals { closes: Vec::new(), warmup: 0 };
        signals.learn(&universe.at(case.start_dt.0));
        Simulation {
            case,
            prices,
            universe,
            signals,
            portfolio: Portfolio { cash: case.initial_cash, positions: Vec::new(), fills: Vec::new() },
            queue: Vec::new(),
            equity: Vec::new(),
            allocations: Vec::new(),
        }
    }

    fn price(&self, asset: &str, instant: NaiveDateTime) -> Option<f64> {
        self.prices[asset].at(instant)
    }

    fn mark(&mut self, instant: NaiveDateTime) {
        for position in &mut self.portfolio.positions {
            position.price = self.prices[&position.asset].at(instant).expect("what is held has a price");
        }
    }

    fn execute_queue(&mut self, instant: NaiveDateTime) {
        let (sells, buys): (Vec<Order>, Vec<Order>) =
            self.queue.drain(..).partition(|order| order.quantity < 0);
        for order in sells.into_iter().chain(buys) {
            let price = self.price(&order.asset, instant).expect("what was sized has a price");
            self.portfolio.fill(order, price, self.case.fee_model, instant);
        }
    }

    fn update_signals(&mut self, instant: NaiveDateTime) {
        self.signals.learn(&self.universe.at(instant));
        for (asset, closes) in &mut self.signals.closes {
            closes.push(self.prices[asset].at(instant).expect("an asset joins with its first price"));
        }
        self.signals.warmup += 1;
    }

    /// The weights of the case's strategy.
    fn alpha(&self, instant: NaiveDateTime) -> Weights {
        let members = self.universe.at(instant);
        let signals = &self.signals;
        let each = |weight: &dyn Fn(&String) -> f64| {
            members.iter().map(|asset| ((*asset).clone(), weight(asset))).collect::<Weights>()
        };
        match &self.case.alpha {
            Alpha::Fixed { weights } => {
                weights.iter().map(|(asset, weight)| (asset.0.clone(), *weight)).collect()
            }
            Alpha::Single { signal } => each(&|_| *signal),
            Alpha::TopNMomentum { lookback, top_n } => {
                if signals.warmup < *lookback {
                    return each(&|_| 0.0);
                }
                let mut ranked: Vec<(&String, f64)> = signals
                    .closes
                    .iter()
                    .map(|(asset, _)| (asset, signals.momentum(asset, *lookback)))
                    .collect();
                ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
                let chosen: Vec<&String> = ranked.iter().take(*top_n).map(|(asset, _)| *asset).collect();
                each(&|asset| if chosen.contains(&asset) { 1.0 / *top_n as f64 } else { 0.0 })
            }
            Alpha::SmaCrossover { slow, .. } | Alpha::SmaLongShort { slow, .. } if signals.warmup < *slow => {
                each(&|_| 0.0)
            }
            Alpha::SmaCrossover { fast, slow } => {
                let above = |asset: &String| signals.sma(asset, *fast) > signals.sma(asset, *slow);
                let chosen = members.iter().filter(|asset| above(asset)).count() as f64;
                each(&|asset| if above(asset) { 1.0 / chosen } else { 0.0 })
            }
            Alpha::SmaLongShort { fast, slow } => {
                let above = |asset: &String| signals.sma(asset, *fast) > signals.sma(asset, *slow);
                let count = members.len() as f64;
                each(&|asset| if above(asset) { 1.0 / count } else { -1.0 / count })
            }
            Alpha::InverseVolatility { lookback } => {
                if signals.warmup < *lookback {
                    return each(&|_| 0.0);
                }
                let inverse = |asset: &String| {
                    let volatility = signals.volatility(asset, *lookback);
                    if volatility > 0.0 { 1.0 / volatility } else { 0.0 }
                };
                let total = members.iter().fold(0.0, |sum, asset| sum + inverse(asset));
                each(&|asset| if total == 0.0 { 0.0 } else { inverse(asset) / total })
            }
        }
    }

    /// Records the weights of all assets held or in the universe, and orders the differences to the target quantities.
    fn rebalance(&mut self, instant: NaiveDateTime) -> Result<(), NoPrice> {
        let held = self.portfolio.positions.iter().map(|position| &position.asset);
        let sorted: BTreeSet<&String> = held.chain(self.universe.at(instant)).collect();
        let mut full: Weights = sorted.into_iter().map(|asset| (asset.clone(), 0.0)).collect();
        for (asset, weight) in self.alpha(instant) {
            match full.iter_mut().find(|(known, _)| *known == asset) {
                Some((_, full_weight)) => *full_weight = weight,
                None => full.push((asset, weight)),
            }
        }
        self.allocations.push((instant.date(), full.clone()));
        for (asset, target) in self.size(&full, instant)? {
            let quantity = target - self.portfolio.quantity(&asset);
            if quantity != 0 {
                self.queue.push(Order { asset, quantity });
                if instant == open_of(instant.date()) {
                    self.execute_queue(instant);
                }
            }
        }
        Ok(())
    }

    /// Target quantities in the order of identifiers, with weights scaled as the sizer does.
    fn size(&self, weights: &Weights, instant: NaiveDateTime) -> Result<BTreeMap<String, i64>, NoPrice> {
        let equity = self.portfolio.equity();
        let sorted: BTreeMap<&String, f64> = weights.iter().map(|(asset, weight)| (asset, *weight)).collect();
        let mut targets = BTreeMap::new();
        for (asset, weight) in sorted {
            let price = self.price(asset, instant).ok_or_else(|| NoPrice {
                asset: asset.clone(),
                first_bar: self.prices[asset].first_bar().expect("every file has a price"),
                instant,
            })?;
            let quantity = if self.case.long_only {
                let sum = weights.iter().fold(0.0, |sum, (_, weight)| sum + weight);
                let weight = if sum.abs() <= 1e-8 { weight } else { weight / sum };
                let buffer = self.case.cash_buffer_percentage.expect("long-only has a buffer");
                let value = equity * (1.0 - buffer) * weight;
                ((value - cost(self.case.fee_model, value)) / price).floor()
            } else {
                let sum = weights.iter().fold(0.0, |sum, (_, weight)| sum + weight.abs());
                let gross = self.case.gross_leverage.expect("long/short has a leverage");
                let weight = if sum <= 1e-8 { weight } else { weight * (gross / sum) };
                let value = equity * weight;
                ((value - cost(self.case.fee_model, value)).trunc() / price).trunc()
            };
            targets.insert(asset.clone(), quantity as i64);
        }
        Ok(targets)
    }

    fn outcome(self) -> Outcome {
        let strategy = statistics::strategy(&self.equity, &self.allocations);
        Outcome {
            equity: self.equity.iter().map(|(date, value)| (milliseconds(*date), *value)).collect(),
            fills: self.portfolio.fills,
            pending: self.queue.into_iter().map(|order| (order.asset, order.quantity as f64)).collect(),
            strategy,
        }
    }
}
