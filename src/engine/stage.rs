//! What is the same for all points of a strategy: prices, columns and decisions. Knows no weights and no money.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::failure::Failure;
use crate::formula::evaluate::Evaluator;
use crate::market::date::{Date, Instant, Phase};
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

/// A position that becomes cash, because the prices of its asset have ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Payout {
    /// Day of the market: it happens at its open.
    pub day: usize,
    /// The asset.
    pub asset: AssetId,
    /// Cash for each share.
    pub price: f64,
}

/// The asset that holds what the weights leave over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Idle {
    /// Its index in the listing.
    pub(super) index: usize,
    /// The first day on which it is not held any more, because its prices have ended.
    pub(super) until: usize,
}

/// The points of an equity curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CurveDays {
    /// First day whose close is a point of the curve; no decision comes before it.
    pub first: usize,
    /// Whether a point with the initial cash comes before that of the first day.
    pub begins_with_cash: bool,
}

impl CurveDays {
    /// The day of the first point, if that were the close of a day too; wrapping below 0.
    fn day_of_first_point(self) -> usize {
        self.first.wrapping_sub(usize::from(self.begins_with_cash))
    }
}

/// What all points of a strategy share.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The prices; those of every column are positive from its first price on.
    pub market: Arc<Market>,
    /// The days of the decisions.
    pub decisions: Decisions,
    /// At which decisions each column of weights is a member of the universe.
    members: Members,
    /// First day whose close is a point of the curve; no decision comes before it.
    pub curve_start: usize,
    /// Points of the curve before that of the first day: 1 if it begins with the initial cash, else 0.
    pub cash_points: usize,
    /// `curve_start - cash_points`, wrapping below 0.
    day_of_first_point: usize,
    /// The payouts by day, then by asset.
    pub payouts: Vec<Payout>,
    /// Where what the weights leave over is invested.
    pub(super) idle: Option<Idle>,
    /// The columns of weights, sorted by the identifier of their asset.
    pub(super) listing: Vec<Listed>,
    /// Indices in the listing of the assets that `fixed` names, in its order.
    pub(super) by_mention: Vec<usize>,
    /// Whether an asset that may be traded shows a price on some day without a bar of its own.
    pub(super) has_holes: bool,
    /// For each day of the market the calendar days since the one before, over 365; made when interest is first booked.
    years: OnceLock<Vec<f64>>,
}

/// A column of weights.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) asset: AssetId,
    /// Its index among the columns.
    pub(super) column: usize,
    /// All decisions from the first to the last at which it is a member.
    member: Range<usize>,
    /// Whether it is not a member at some decisions in between.
    pauses: bool,
}

impl Stage {
    /// What the points of an evaluator share. `payouts` are sorted by day, then by asset. `idle` is the asset that holds what
    /// the weights leave over, with the first day on which it cannot.
    pub(crate) fn new(
        market: Arc<Market>,
        evaluator: &Evaluator,
        curve: CurveDays,
        payouts: Vec<Payout>,
        idle: Option<(AssetId, usize)>,
    ) -> Stage {
        let (columns, members) = (evaluator.columns(), evaluator.members().clone());
        let mut listing: Vec<Listed> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| Listed {
                asset: column.asset,
                column: index,
                member: members.hull(index),
                pauses: members.spells(index).count() > 1,
            })
            .collect();
        // An idle asset without a weight of its own has a column behind the others.
        if let Some((asset, _)) = idle
            && columns.iter().all(|column| column.asset != asset)
        {
            listing.push(Listed { asset, column: columns.len(), member: 0..0, pauses: false });
        }
        listing.sort_by_key(|listed| listed.asset);
        let mention = |index: &usize| columns.get(listing[*index].column)?.fixed;
        let mut by_mention: Vec<usize> =
            (0..listing.len()).filter(|index| mention(index).is_some()).collect();
        by_mention.sort_by_key(mention);
        let index_of = |asset: AssetId| listing.iter().position(|listed| listed.asset == asset);
        let idle = idle.and_then(|(asset, until)| Some(Idle { index: index_of(asset)?, until }));
        Stage::assemble(market, evaluator.decisions(), members, curve, payouts, idle, (listing, by_mention))
    }

    /// A stage with one asset, which is always a member, and one decision.
    pub(crate) fn with_one_asset(
        market: Arc<Market>,
        asset: AssetId,
        decisions: Decisions,
        curve: CurveDays,
        payouts: Vec<Payout>,
    ) -> Stage {
        let members = Members::always(1, 1);
        let listed = Listed { asset, column: 0, member: members.hull(0), pauses: false };
        Stage::assemble(market, &decisions, members, curve, payouts, None, (vec![listed], Vec::new()))
    }

    fn assemble(
        market: Arc<Market>,
        decisions: &Decisions,
        members: Members,
        curve: CurveDays,
        payouts: Vec<Payout>,
        idle: Option<Idle>,
        (listing, by_mention): (Vec<Listed>, Vec<usize>),
    ) -> Stage {
        let mut stage = Stage {
            market,
            decisions: decisions.clone(),
            members,
            curve_start: curve.first,
            cash_points: usize::from(curve.begins_with_cash),
            day_of_first_point: curve.day_of_first_point(),
            payouts,
            idle,
            has_holes: false,
            listing,
            by_mention,
            years: OnceLock::new(),
        };
        let has_holes = stage.traded().any(|asset| stage.market.has_holes(asset));
        stage.has_holes = has_holes;
        stage
    }

    /// The assets that may be traded, by identifier.
    pub(crate) fn traded(&self) -> impl Iterator<Item = AssetId> {
        let is_traded = |(index, listed): &(usize, &Listed)| {
            !listed.member.is_empty()
                || self.by_mention.contains(index)
                || self.idle.is_some_and(|idle| idle.index == *index)
        };
        self.listing.iter().enumerate().filter(is_traded).map(|(_, listed)| listed.asset)
    }

    /// Number of days of the curve, each of which has a point.
    pub(crate) fn curve_days(&self) -> usize {
        self.market.days() - self.curve_start
    }

    /// Number of points of the curve.
    pub(crate) fn points(&self) -> usize {
        self.curve_days() + self.cash_points
    }

    /// The point of the curve at the close of a day, which is not before its first.
    #[inline(always)]
    pub(crate) fn point_of(&self, day: usize) -> usize {
        day.wrapping_sub(self.day_of_first_point)
    }

    /// The day at whose close a point of the curve is, which is none with the initial cash.
    #[inline(always)]
    pub(super) fn day_of(&self, point: usize) -> usize {
        point.wrapping_add(self.day_of_first_point)
    }

    /// The date of a point of the curve. A point with the initial cash bears the date before that of the first day.
    pub(crate) fn point_date(&self, point: usize) -> Date {
        match (point + self.curve_start).checked_sub(self.cash_points) {
            Some(day) if point >= self.cash_points => self.market.date(day),
            _ => Date(self.market.date(self.curve_start).0 - 1),
        }
    }

    /// For each day of the market the calendar days since the one before, over 365; 0 for the first.
    pub(crate) fn years_since_day_before(&self) -> &[f64] {
        self.years.get_or_init(|| {
            let dates: Vec<Date> = self.market.calendar().dates().collect();
            std::iter::once(0.0)
                .chain(dates.array_windows().map(|[before, date]| f64::from(*date - *before) / 365.0))
                .collect()
        })
    }

    /// Number of calendar days from the first day of the curve to the last.
    pub(crate) fn calendar_days(&self) -> f64 {
        f64::from(self.market.date(self.market.days() - 1) - self.market.date(self.curve_start))
    }

    /// Whether an asset of the listing is a member of the universe at a decision.
    #[inline(always)]
    pub(super) fn is_member(&self, index: usize, decision: usize) -> bool {
        let listed = &self.listing[index];
        listed.member.contains(&decision)
            && (!listed.pauses || self.members.contains(listed.column, decision))
    }

    /// The price of an asset of the listing at the open or close of a day; NaN before its first price.
    #[inline(always)]
    pub(super) fn price(&self, index: usize, day: usize, phase: Phase) -> f64 {
        self.market.price(self.listing[index].asset, day, phase)
    }

    /// The ticker of an asset of the listing.
    pub(super) fn symbol(&self, index: usize) -> String {
        self.market.symbol(self.listing[index].asset).to_owned()
    }

    /// The failure to report when an asset of the listing has no price at a decision.
    #[cold]
    pub(super) fn no_price(&self, index: usize, at: Instant) -> Failure {
        let first_price = self.market.first_price(self.listing[index].asset);
        Failure::NoPrice { asset: self.symbol(index), first_price, at }
    }
}
