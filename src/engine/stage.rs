//! What is the same for all points of a strategy: prices, columns and decisions. Knows no weights and no money.

use std::ops::Range;
use std::sync::Arc;

use super::failure::Failure;
use crate::formula::evaluate::Evaluator;
use crate::market::date::{Instant, Phase};
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

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
    /// The columns of weights, sorted by the identifier of their asset.
    pub(super) listing: Vec<Listed>,
    /// Indices in the listing of the assets that `fixed` names, in its order.
    pub(super) by_mention: Vec<usize>,
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
    /// What the points of an evaluator share. The curve begins at the close of day `curve_start` of the market.
    pub(crate) fn new(market: Arc<Market>, evaluator: &Evaluator, curve_start: usize) -> Stage {
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
        listing.sort_by_key(|listed| listed.asset);
        let mention = |index: &usize| columns[listing[*index].column].fixed;
        let mut by_mention: Vec<usize> =
            (0..listing.len()).filter(|index| mention(index).is_some()).collect();
        by_mention.sort_by_key(mention);
        let decisions = evaluator.decisions().clone();
        Stage { market, decisions, members, curve_start, listing, by_mention }
    }

    /// A stage with one asset, which is always a member, and one decision, at the open of a day.
    pub(crate) fn with_one_asset(
        market: Arc<Market>,
        asset: AssetId,
        day: usize,
        curve_start: usize,
    ) -> Stage {
        let members = Members::always(1, 1);
        let listed = Listed { asset, column: 0, member: members.hull(0), pauses: false };
        let (listing, by_mention) = (vec![listed], Vec::new());
        Stage { market, decisions: Decisions::Open(day as u32), members, curve_start, listing, by_mention }
    }

    /// Number of calendar days from the first point of the curve to the last.
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
