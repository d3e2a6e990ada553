//! Everything that happens in a backtest, event by event, even if it fails in the end.

use std::sync::Arc;

use crate::engine::account::{Fill, FillKind};
use crate::engine::failure::Failure;
use crate::engine::interest::InterestRates;
use crate::engine::journal::{Decision, Journal, Record, Waited};
use crate::engine::simulate::Outcome;
use crate::engine::terms::FillEvent;
use crate::market::date::Date;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::prepare::prepare;
use crate::strategy::rates::{PreparedRates, RateColumns};
use crate::strategy::run::{Point, PointBuffers, run_point};

/// Hears everything.
#[derive(Debug, Default)]
struct Listener {
    record: Record,
    within_band: Vec<usize>,
    /// Points and amounts.
    interest: Vec<(usize, f64)>,
}

impl Journal for Listener {
    const LISTENS: bool = true;
    const KEEPS_BOOK: bool = true;

    fn decision(&mut self, decision: Decision) {
        self.record.decision(decision);
    }

    fn fill(&mut self, fill: Fill) {
        self.record.fill(fill);
    }

    fn waited(&mut self, waited: Waited) {
        self.record.waited(waited);
    }

    fn within_band(&mut self, day: usize) {
        self.within_band.push(day);
    }

    fn interest(&mut self, point: usize, amount: f64) {
        self.interest.push((point, amount));
    }
}

/// What happened.
#[derive(Debug)]
pub struct Seen {
    /// The days of the market.
    pub dates: Vec<Date>,
    /// The first of them that has a point of the curve.
    pub curve_start: usize,
    /// The points of the curve; none if it failed.
    pub equity: Vec<f64>,
    pub fills: Vec<Fill>,
    /// What was counted; nothing if it failed.
    pub outcome: Outcome,
    pub rates: InterestRates,
    pub market: Arc<Market>,
    /// Closes at which weights are asked for.
    pub decided: usize,
    /// Why it failed, and when.
    pub failure: Option<(Date, Failure)>,
    /// Decisions and fills, in words.
    events: Vec<(Date, String)>,
    /// What is settled on a date and seen later, in words: interest of the next day, sizes of the orders that are filled on it, and
    /// what waited until that date.
    settled: Vec<(Date, String)>,
}

/// Runs a strategy.
///
/// # Errors
/// The prices do not fit the strategy.
pub fn see(strategy: &Strategy) -> Result<Seen, BacktestError> {
    let prepared = prepare(strategy)?;
    let evaluator = prepared.evaluator(strategy, usize::MAX);
    let stage = prepared.stage(strategy, &evaluator);
    let parameters = strategy.parameter_values();
    let rates =
        PreparedRates::new(&strategy.rates).at(&parameters, &evaluator, &stage, &RateColumns::default())?;
    let mut buffers = PointBuffers::<Listener>::default();
    let point = Point { parameters: &parameters, depth: strategy.depth, rates: &rates };
    let result = run_point(&stage, &evaluator, point, &strategy.terms(), &strategy.rules(), &mut buffers);
    let outcome = result.as_ref().map_or(Outcome::default(), |result| result.outcome.clone());
    let failure = result.err().map(|failure| {
        let date = match &failure {
            Failure::Ruin { on, .. } => *on,
            Failure::NoPrice { at, .. } | Failure::NegativeWeight { at, .. } | Failure::Shares { at, .. } => {
                at.date
            }
        };
        (date, failure)
    });
    let market = Arc::clone(&stage.market);
    let equity = if failure.is_none() { buffers.equity().to_vec() } else { Vec::new() };
    let Listener { record, within_band, interest } = buffers.journal;
    let Record { decisions, fills, waited, .. } = record;
    let bits = |value: f64| format!("{value} ({:x})", value.to_bits());
    let name = |asset: AssetId| market.symbol(asset).to_owned();
    let mut events = Vec::new();
    for Decision { day, phase, weights } in decisions {
        let weights: Vec<String> =
            weights.iter().map(|(asset, weight)| format!("{} {}", name(*asset), bits(*weight))).collect();
        events.push((market.date(day), format!("decision at {phase:?}: {}", weights.join(", "))));
    }
    for fill in &fills {
        let Fill { phase, kind, quantity, price, commission, cash, .. } = *fill;
        let numbers = [quantity, price, commission, cash].map(bits).join(", ");
        events
            .push((market.date(fill.day), format!("{kind:?} at {phase:?}: {} {numbers}", name(fill.asset))));
    }
    let waiting = |Waited { asset, decided, due, until }| {
        (market.date(until), format!("{} waited: {decided} {due} {until}", name(asset)))
    };
    let mut settled: Vec<(Date, String)> = waited.into_iter().map(waiting).collect();
    let is_decided_before = match (&stage.decisions, strategy.fill) {
        (Decisions::Open(_), _) | (_, FillEvent::SameClose) => false,
        (Decisions::Closes(_), FillEvent::NextOpen | FillEvent::NextClose) => true,
    };
    for fill in fills.iter().filter(|fill| is_decided_before && fill.kind == FillKind::Trade) {
        let order = format!("order of the next day: {} {}", name(fill.asset), bits(fill.quantity));
        settled.push((market.date(fill.day - 1), order));
    }
    events.extend(within_band.iter().map(|day| (market.date(*day), "within the band".to_owned())));
    for (point, amount) in interest {
        // The first point with interest is the second day's.
        settled.push((stage.point_date(point - 1), format!("interest of the next day: {}", bits(amount))));
    }
    settled.sort();
    events.sort();
    Ok(Seen {
        dates: market.calendar().dates().collect(),
        curve_start: stage.curve_start,
        equity,
        fills,
        outcome,
        rates,
        decided: stage.decisions.len(),
        failure,
        events,
        settled,
        market,
    })
}

impl Seen {
    /// The date of the last bar of an asset until the end.
    pub fn last_bar(&self, symbol: &str) -> Option<Date> {
        self.market.last_known_bar(self.market.asset(symbol)?).map(|bar| bar.date)
    }

    /// Everything until a date, in words, and what is settled until another. The curve counts if `whole`.
    fn until(&self, last: Date, last_settled: Date, whole: bool) -> Vec<String> {
        let failure = self.failure.as_ref().filter(|(date, _)| *date <= last);
        // What comes after a failure does not count, nor on its day.
        let is_seen = |date: Date| date <= last && failure.is_none_or(|(failed, _)| date < *failed);
        let days = self.dates.iter().filter(|date| is_seen(**date)).map(|date| format!("{date} is a day"));
        let settled = self.settled.iter().filter(|(date, _)| *date <= last_settled);
        let events = self.events.iter().chain(settled).filter(|(date, _)| is_seen(*date));
        let curve = self.dates[self.curve_start..].iter().rev().zip(self.equity.iter().rev()).rev();
        let points = curve.filter(|(date, _)| whole && is_seen(**date));
        let equity = points.map(|(date, equity)| format!("{date} equity {equity} ({:x})", equity.to_bits()));
        days.chain(events.map(|(date, event)| format!("{date} {event}")))
            .chain(failure.map(|(date, failure)| format!("{date} {failure}")))
            .chain(equity)
            .collect()
    }

    /// The first difference of two runs until a date, if there is one; of what is settled by a close and seen later, until
    /// another. The curve counts where neither fails.
    pub fn difference(&self, other: &Seen, last: Date, last_settled: Date) -> Option<(String, String)> {
        let whole = self.failure.is_none() && other.failure.is_none();
        let [mut one, mut other] =
            [self, other].map(|seen| seen.until(last, last_settled, whole).into_iter());
        loop {
            match (one.next(), other.next()) {
                (None, None) => return None,
                (one, other) if one == other => {}
                (one, other) => {
                    let shown = |line: Option<String>| line.unwrap_or_else(|| "nothing".to_owned());
                    return Some((shown(one), shown(other)));
                }
            }
        }
    }
}
