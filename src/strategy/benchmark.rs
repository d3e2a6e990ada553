//! When the benchmark of a strategy is bought, and when it is paid out. Simulates nothing.

use super::definition::Strategy;
use super::ends::{end_of, payout};
use super::error::BacktestError;
use super::notice::Notice;
use crate::engine::conventions::FillWithoutBar;
use crate::engine::stage::Payout;
use crate::engine::terms::FillEvent;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};

/// The purchase of a benchmark, and its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Purchase {
    /// The asset.
    pub asset: AssetId,
    /// Day of the purchase.
    pub day: usize,
    /// Whether it is bought at the open or at the close of the day.
    pub phase: Phase,
    /// What it becomes if its prices end.
    pub payout: Option<Payout>,
}

impl Purchase {
    /// The purchase of an asset at the first event of the curve at which it has a price, or a bar of its own where orders wait
    /// for bars, before its prices end. The event is an open, unless the strategy trades at closes. `curve_start` is the first
    /// day of the curve.
    ///
    /// # Errors
    /// There is no such event.
    pub(crate) fn new(
        strategy: &Strategy,
        market: &Market,
        symbol: &str,
        curve_start: usize,
    ) -> Result<Purchase, BacktestError> {
        let (phase, event) = match strategy.fill {
            FillEvent::NextOpen => (Phase::Open, "open"),
            FillEvent::NextClose | FillEvent::SameClose => (Phase::Close, "close"),
        };
        let waits = strategy.conventions.fill_without_bar == FillWithoutBar::Wait;
        let none = || {
            let what = if waits { format!("{event} of its own") } else { "price".to_owned() };
            BacktestError::Prices(format!(
                "the benchmark '{symbol}' has no {what} between the start and the end, so it cannot be bought"
            ))
        };
        let asset = market.asset(symbol).ok_or_else(none)?;
        let end = end_of(strategy, market, asset);
        let day = if waits {
            market.next_bar(asset, curve_start, phase)
        } else {
            (curve_start..market.days()).find(|day| !market.price(asset, *day, phase).is_nan())
        };
        let day = day.filter(|day| end.is_none_or(|end| *day < end)).ok_or_else(none)?;
        let payout = end.and_then(|end| payout(strategy, market, asset, end));
        Ok(Purchase { asset, day, phase, payout })
    }

    /// The only decision, and the event at which its order is filled: both at the same moment.
    pub(crate) fn decision(&self) -> (Decisions, FillEvent) {
        match self.phase {
            Phase::Open => (Decisions::Open(self.day as u32), FillEvent::NextOpen),
            Phase::Close => (Decisions::Closes(vec![self.day as u32]), FillEvent::SameClose),
        }
    }

    /// What a user should know: that it is bought late, and that its prices end.
    pub(crate) fn notices(&self, market: &Market, curve_start: usize) -> Vec<Notice> {
        let asset = market.symbol(self.asset).to_owned();
        let mut notices = Vec::new();
        if self.day > curve_start {
            notices.push(Notice::BenchmarkLate {
                asset: asset.clone(),
                date: market.date(self.day),
                sessions: self.day - curve_start,
            });
        }
        if let (Some(Payout { day, price, .. }), Some(last)) =
            (self.payout, market.last_known_bar(self.asset))
        {
            notices.push(Notice::BenchmarkEnds { asset, last_bar: last.date, date: market.date(day), price });
        }
        notices
    }
}
