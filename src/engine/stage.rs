//! What does not change from point to point: prices, columns and decisions. Knows no weights and no money.

use std::ops::Range;

use super::failure::Failure;
use crate::formula::evaluate::WeightedAsset;
use crate::market::date::{Instant, Phase};
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

/// What all points of a strategy share.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    /// The prices; those of every column are positive from its first on.
    pub market: &'a Market,
    /// The assets that weights are given to.
    pub columns: &'a [WeightedAsset],
    /// When they are given.
    pub decisions: &'a Decisions,
    /// At which of those decisions each column is a member.
    pub members: &'a Members,
    /// First day whose close is a point of the curve; no decision comes before it.
    pub curve_start: usize,
    /// The columns by identifier.
    pub(super) listing: Vec<Listed<'a>>,
    /// Places in the listing of the assets that `fixed` names, as it names them.
    pub(super) by_mention: Vec<usize>,
}

/// A column with its prices.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub(super) asset: AssetId,
    /// Its place among the columns.
    pub(super) column: usize,
    /// Decisions from the first to the last at which it is a member.
    member: Range<usize>,
    /// Whether it is no member at some of them.
    pauses: bool,
    open: &'a [f64],
    close: &'a [f64],
}

impl Listed<'_> {
    /// The price shown at an event of a day; NaN before the first.
    #[inline]
    pub(super) fn price(&self, day: usize, phase: Phase) -> f64 {
        match phase {
            Phase::Open => self.open[day],
            Phase::Close => self.close[day],
        }
    }
}

impl<'a> Stage<'a> {
    /// Prepares what all points share.
    pub(crate) fn new(
        market: &'a Market,
        columns: &'a [WeightedAsset],
        decisions: &'a Decisions,
        members: &'a Members,
        curve_start: usize,
    ) -> Stage<'a> {
        let mut listing: Vec<Listed> = columns
            .iter()
            .enumerate()
            .map(|(place, column)| Listed {
                asset: column.asset,
                column: place,
                member: members.hull(place),
                pauses: members.spells(place).count() > 1,
                open: market.open(column.asset),
                close: market.close(column.asset),
            })
            .collect();
        listing.sort_by_key(|listed| listed.asset);
        let mention = |place: &usize| columns[listing[*place].column].fixed;
        let mut by_mention: Vec<usize> =
            (0..listing.len()).filter(|place| mention(place).is_some()).collect();
        by_mention.sort_by_key(mention);
        Stage { market, columns, decisions, members, curve_start, listing, by_mention }
    }

    /// Whether an asset of the listing belongs to the universe at a decision.
    #[inline(always)]
    pub(super) fn is_member(&self, place: usize, decision: usize) -> bool {
        let listed = &self.listing[place];
        listed.member.contains(&decision)
            && (!listed.pauses || self.members.contains(listed.column, decision))
    }

    /// The ticker of a place in the listing.
    pub(super) fn symbol(&self, place: usize) -> String {
        self.market.symbol(self.listing[place].asset).to_owned()
    }

    /// The failure of a place in the listing that has no price when it is asked for one.
    #[cold]
    pub(super) fn no_price(&self, place: usize, at: Instant) -> Failure {
        let first_price = self.market.first_price(self.listing[place].asset);
        Failure::NoPrice { asset: self.symbol(place), first_price, at }
    }
}
