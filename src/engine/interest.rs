//! Interest on cash, debt and borrowed shares: simple, by calendar days over 365; see "Interest" in docs/strategy-file.md.

use super::account::Portfolio;
use super::stage::Stage;
use crate::market::date::Phase;
use crate::market::prices::AssetId;

/// A yearly rate, a fraction, by day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RateSeries {
    /// The same on every day.
    Flat(f64),
    /// One rate for each day of the market, known at its close.
    Daily(Vec<f64>),
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
    /// What cash earns; negative where debt costs.
    pub(super) on_cash: f64,
    /// What borrowed shares cost.
    pub(super) on_shorts: f64,
}

impl Interest {
    /// Books it.
    #[inline]
    pub(super) fn book(self, cash: &mut f64) {
        *cash = (*cash + self.on_cash) - self.on_shorts;
    }
}

impl RateSeries {
    /// The rate that is known at the close of a day of the market.
    #[inline]
    fn at(&self, day: usize) -> f64 {
        match self {
            RateSeries::Flat(rate) => *rate,
            RateSeries::Daily(rates) => rates[day],
        }
    }
}

impl InterestRates {
    /// Whether nothing earns and nothing costs.
    #[inline]
    pub(super) fn are_none(&self) -> bool {
        let is_none = |rate: &RateSeries| matches!(rate, RateSeries::Flat(rate) if *rate == 0.0);
        is_none(&self.cash) && is_none(&self.debit) && is_none(&self.borrow)
    }

    /// The interest at the open of a day after the first, for cash, positions and rates at the close before.
    #[inline]
    pub(super) fn interest(&self, stage: &Stage, portfolio: &Portfolio, day: usize) -> Interest {
        let before = day - 1;
        let years = stage.years_since_day_before(day);
        let cash = portfolio.cash;
        let on_cash = match cash {
            cash if cash > 0.0 => (cash * self.cash.at(before)) * years,
            cash if cash < 0.0 => (cash * self.debit.at(before)) * years,
            _ => 0.0,
        };
        let value = |asset: &AssetId| {
            let quantity = portfolio.quantity(*asset);
            (quantity < 0.0).then(|| quantity.abs() * stage.market.price(*asset, before, Phase::Close))
        };
        let shorts = portfolio.held().iter().filter_map(value).fold(0.0, |sum, value| sum + value);
        Interest { on_cash, on_shorts: (shorts * self.borrow.at(before)) * years }
    }
}
