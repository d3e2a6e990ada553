//! The sessions of a scene, and what each of its assets returned on them.

use crate::engine::interest::{InterestRates, RateSeries};
use crate::engine::stage::Stage;
use crate::market::prices::AssetId;
use crate::stats::skill::passive::{AssetReturns, Rates, SessionRates};
use crate::stats::skill::scales::{Buckets, OF_DATES, UsedScale};

/// The sessions of a scene: the points of its curve after the first.
#[derive(Debug)]
pub(crate) struct SceneSessions {
    /// The day of each, counted from 1970-01-01.
    pub days: Vec<i64>,
    /// The bucket of each, in every scale of dates.
    pub buckets: Buckets,
    /// The assets that may be traded, by identifier.
    pub assets: Vec<(AssetId, AssetReturns)>,
    /// For each session the years since the day before over which interest runs; 0 for one that begins with the initial cash.
    years: Vec<f64>,
    /// The day of the market of the first session.
    first_day: usize,
}

impl SceneSessions {
    /// The sessions of a stage.
    pub(crate) fn new(stage: &Stage) -> SceneSessions {
        let days: Vec<i64> = (1..stage.points()).map(|point| i64::from(stage.point_date(point).0)).collect();
        let every = OF_DATES.map(|scale| UsedScale { scale, blocks: 0 });
        // The day before session 0, if there is one.
        let first_day = stage.curve_start + 1 - stage.cash_points;
        let mut years = stage.years_since_day_before()[first_day..].to_vec();
        years.iter_mut().take(stage.cash_points).for_each(|years| *years = 0.0);
        SceneSessions {
            buckets: Buckets::of_days(&every, &days),
            assets: stage.traded().map(|asset| (asset, returns(stage, asset, first_day))).collect(),
            days,
            first_day,
            years,
        }
    }

    /// The returns of an asset that may be traded, with its place among them.
    pub(crate) fn asset(&self, asset: AssetId) -> Option<(usize, &AssetReturns)> {
        let place = self.assets.binary_search_by_key(&asset, |(asset, _)| *asset).ok()?;
        Some((place, &self.assets[place].1))
    }

    /// What money and short positions earned and cost on each session.
    pub(crate) fn rates(&self, rates: &InterestRates) -> Rates {
        let InterestRates { cash, debit, borrow } = rates;
        Rates { earned: self.of_rate(cash), owed: self.of_rate(debit), borrow: self.of_rate(borrow) }
    }

    fn of_rate(&self, rate: &RateSeries) -> SessionRates {
        match rate {
            RateSeries::Flat(rate) if *rate == 0.0 => Vec::new(),
            RateSeries::Flat(rate) => self.years.iter().map(|years| rate * years).collect(),
            RateSeries::Daily(rates) => {
                // The rate of a session is known at the close before it.
                let known = |day: usize| day.checked_sub(1).map_or(0.0, |before| rates[before]);
                (self.first_day..).zip(&self.years).map(|(day, years)| known(day) * years).collect()
            }
        }
    }
}

/// The returns of an asset from close to close, from the session after that of its first close until its prices have ended.
/// `first_day` is the day of the first session.
fn returns(stage: &Stage, asset: AssetId, first_day: usize) -> AssetReturns {
    let closes = stage.market.close(asset);
    let end =
        stage.payouts.iter().find(|payout| payout.asset == asset).map_or(closes.len(), |payout| payout.day);
    let known = closes.iter().position(|close| !close.is_nan()).unwrap_or(closes.len());
    let from = (known + 1).max(first_day).min(end);
    let returns = if from > 0 {
        closes[from - 1..end].array_windows().map(|[a, b]| b / a - 1.0).collect()
    } else {
        Vec::new()
    };
    AssetReturns::new(from.saturating_sub(first_day), returns)
}
