//! Interest on cash, debt and borrowed shares: simple, by calendar days over 365; see "Interest" in docs/strategy-file.md.

use std::sync::Arc;

use super::account::Portfolio;
use super::stage::Stage;
use crate::market::date::Phase;
use crate::market::prices::AssetId;

/// Days that book interest in one step of a loop.
const STEP: usize = 4;

/// A yearly rate, a fraction, by day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RateSeries {
    /// The same on every day.
    Flat(f64),
    /// One rate for each day of the market, known at its close.
    Daily(Arc<[f64]>),
}

/// The yearly rates of an account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InterestRates {
    /// What cash earns.
    pub cash: RateSeries,
    /// What debt costs.
    pub debit: RateSeries,
    /// What borrowed shares cost.
    pub borrow: RateSeries,
}

#[cfg(test)]
impl InterestRates {
    /// Nothing earns and nothing costs.
    pub(crate) const NONE: InterestRates = InterestRates {
        cash: RateSeries::Flat(0.0),
        debit: RateSeries::Flat(0.0),
        borrow: RateSeries::Flat(0.0),
    };
}

/// The interest of one day, account currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interest {
    /// Its day, at whose open it is booked.
    pub(super) day: usize,
    /// What cash earns; negative where debt costs.
    pub(super) on_cash: f64,
    /// What borrowed shares cost.
    pub(super) on_shorts: f64,
}

impl RateSeries {
    /// The rate that is known at the close of a day of the market.
    #[inline(always)]
    fn at(&self, day: usize) -> f64 {
        match self {
            RateSeries::Flat(rate) => *rate,
            RateSeries::Daily(rates) => rates[day],
        }
    }

    fn is_none(&self) -> bool {
        matches!(self, RateSeries::Flat(rate) if *rate == 0.0)
    }
}

impl InterestRates {
    /// Whether nothing earns and nothing costs.
    #[inline]
    pub(super) fn are_none(&self) -> bool {
        self.cash.is_none() && self.debit.is_none() && self.borrow.is_none()
    }

    /// Books the interest of the days from `first` on, which is not the first of the market, and writes the cash after each to
    /// `daily_cash`, which has one element for each of them. None of them has a fill before its close: interest is on cash,
    /// positions and rates at the close before each. `hear` is told of the interest of each day.
    pub(super) fn book(
        &self,
        stage: &Stage,
        portfolio: &mut Portfolio,
        first: usize,
        daily_cash: &mut [f64],
        hear: impl FnMut(Interest),
    ) {
        let (cash, years) = (portfolio.cash, &stage.years_since_day_before()[first..]);
        let rate_at = |day: usize, cash: f64| if cash > 0.0 { self.cash.at(day) } else { self.debit.at(day) };
        let is_short = |asset: &AssetId| portfolio.quantity(*asset) < 0.0;
        let days = (first, years, daily_cash);
        portfolio.cash = if !self.borrow.is_none() && portfolio.held().iter().any(is_short) {
            let on_shorts =
                |day: usize, years: f64| (shorts(stage, portfolio, day) * self.borrow.at(day)) * years;
            book_days(cash, days, rate_at, on_shorts, hear)
        } else if let (&RateSeries::Flat(earned), &RateSeries::Flat(paid)) = (&self.cash, &self.debit) {
            let rate = if cash > 0.0 { earned } else { paid };
            if rate >= 0.0 {
                // Cash keeps its sign, and so its rate.
                book_days(cash, days, |_, _| rate, |_, _| 0.0, hear)
            } else {
                book_days(cash, days, rate_at, |_, _| 0.0, hear)
            }
        } else {
            book_days(cash, days, rate_at, |_, _| 0.0, hear)
        };
    }
}

/// The cash after some days, each of which books interest by what was at the close before. The days: the first one, for each
/// the time since the one before, and room for the cash after each.
#[inline(always)]
fn book_days(
    mut cash: f64,
    (first, years, daily_cash): (usize, &[f64], &mut [f64]),
    rate_at: impl Fn(usize, f64) -> f64,
    on_shorts: impl Fn(usize, f64) -> f64,
    mut hear: impl FnMut(Interest),
) -> f64 {
    let mut book = |day: usize, cell: &mut f64, years: f64| {
        let on_cash = (cash * rate_at(day - 1, cash)) * years;
        let on_shorts = on_shorts(day - 1, years);
        cash = (cash + on_cash) - on_shorts;
        *cell = cash;
        hear(Interest { day, on_cash, on_shorts });
    };
    // Several days a step, for a day is no more than a few instructions.
    let (steps, rest) = daily_cash.as_chunks_mut::<STEP>();
    let (years_of_steps, years_of_rest) = years[..steps.len() * STEP + rest.len()].as_chunks::<STEP>();
    let mut day = first;
    for (cells, years) in steps.iter_mut().zip(years_of_steps) {
        for (offset, (cell, years)) in cells.iter_mut().zip(years).enumerate() {
            book(day + offset, cell, *years);
        }
        day += STEP;
    }
    for (offset, (cell, years)) in rest.iter_mut().zip(years_of_rest).enumerate() {
        book(day + offset, cell, *years);
    }
    cash
}

/// The value of the shares sold short at the close of a day, added in the order in which the positions were opened.
fn shorts(stage: &Stage, portfolio: &Portfolio, day: usize) -> f64 {
    let value = |asset: &AssetId| {
        let quantity = portfolio.quantity(*asset);
        (quantity < 0.0).then(|| quantity.abs() * stage.market.price(*asset, day, Phase::Close))
    };
    portfolio.held().iter().filter_map(value).fold(0.0, |sum, value| sum + value)
}
