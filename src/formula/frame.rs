//! The days and the assets on which a formula is evaluated.

use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// Rows by columns: days by assets.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The asset of each column; `None` for a column of no asset.
    pub assets: Vec<Option<AssetId>>,
    /// The first day of each asset.
    pub starts: Vec<usize>,
    /// The first row on which each asset has a value.
    pub first_rows: Vec<usize>,
    /// The first row on which `of(..)` has a value for each asset.
    pub first_rows_of: Vec<usize>,
    /// The first row on which `fill(..)` has a value for each asset.
    pub first_rows_of_fill: Vec<usize>,
    /// On which rows each asset is a member.
    pub members: Members,
    /// The columns in the order in which the universe lists their assets, other assets last.
    pub universe: Vec<usize>,
    /// The columns sorted by asset.
    by_asset: Vec<usize>,
    /// The day whose close each row sees; empty for an open with no close before it.
    pub days: Vec<u32>,
    /// For a decision at an open: the day whose open the only row sees, and for each asset the first day that has an open.
    pub open: Option<(usize, Vec<usize>)>,
    /// Number of rows.
    pub rows: usize,
}

/// The first day of a member of the universe: what it was before is not seen. See `history` in docs/conventions.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstDay {
    /// The first day of its first spell of membership.
    Entry,
    /// The first day that has a price of it, member or not.
    Price,
}

/// What a frame needs to know about an asset.
#[derive(Debug, Clone)]
pub(crate) struct FrameAsset {
    /// The asset; `None` for what is evaluated for no asset.
    pub asset: Option<AssetId>,
    /// Its membership, if it belongs to the universe.
    pub member: Option<Member>,
    /// First day on which it has an open.
    open_day: usize,
    /// First day on which it has a close.
    close_day: usize,
    /// Whether `of(..)` has values for it, from its first day on.
    takes_of: bool,
    /// Whether it is outside the universe and `fixed` names it, so that it has weights before its first day.
    is_fixed: bool,
}

impl FrameAsset {
    /// A column of no asset, whose days begin with the backtest.
    pub(crate) const NONE: FrameAsset =
        FrameAsset { asset: None, member: None, open_day: 0, close_day: 0, takes_of: true, is_fixed: false };

    /// A member of the universe.
    pub(crate) fn from_member(member: &Member, first_day: FirstDay, market: &Market) -> FrameAsset {
        let (open_day, close_day) = match first_day {
            FirstDay::Entry => {
                let first = member.spells.first();
                (
                    first.map_or(market.days(), |spell| spell.opens.start),
                    first.map_or(market.days(), |spell| spell.closes.start),
                )
            }
            FirstDay::Price => first_price(member.asset, market),
        };
        FrameAsset {
            asset: Some(member.asset),
            member: Some(member.clone()),
            open_day,
            close_day,
            takes_of: true,
            is_fixed: false,
        }
    }

    /// The first day on which it has a close.
    pub(crate) fn first_close(&self) -> usize {
        self.close_day
    }

    /// An asset outside the universe, whose days begin with its first price; `is_fixed` if `fixed` names it.
    pub(crate) fn outside_universe(
        asset: AssetId,
        first_day: FirstDay,
        market: &Market,
        is_fixed: bool,
    ) -> FrameAsset {
        let (open_day, close_day) = first_price(asset, market);
        let takes_of = first_day == FirstDay::Price;
        FrameAsset { asset: Some(asset), member: None, open_day, close_day, takes_of, is_fixed }
    }
}

/// The first days with a price at the open and at the close; the number of days if there is none.
fn first_price(asset: AssetId, market: &Market) -> (usize, usize) {
    let first =
        |phase| market.first_price(asset).map_or(market.days(), |price| market.first_day_at(price, phase));
    (first(Phase::Open), first(Phase::Close))
}

impl Frame {
    /// The frame of some assets on the days of some decisions.
    pub(crate) fn new(assets: &[FrameAsset], decisions: &Decisions) -> Frame {
        let rows = decisions.len();
        let (days, open_day) = match decisions {
            Decisions::Closes(days) => (days.clone(), None),
            Decisions::Open(day) => (day.checked_sub(1).into_iter().collect(), Some(*day as usize)),
        };
        let row_of = |close: usize| days.partition_point(|&day| (day as usize) < close);
        let first_row = |start: usize| if days.is_empty() { rows } else { row_of(start) };
        let first_known = |asset: &FrameAsset| match open_day {
            None => row_of(asset.close_day),
            Some(day) => usize::from(day < asset.open_day),
        };
        let first_row_of = |asset: &FrameAsset| if asset.takes_of { first_known(asset) } else { rows };
        let first_row_of_fill = |asset: &FrameAsset| if asset.is_fixed { 0 } else { first_known(asset) };
        let spells = |asset: &FrameAsset| -> Vec<_> {
            let spells = asset.member.iter().flat_map(|member| &member.spells);
            spells.map(|spell| decisions.rows_in(spell)).collect()
        };
        let mut universe: Vec<usize> = (0..assets.len()).collect();
        universe.sort_by_key(|&column| {
            assets[column].member.as_ref().map_or(usize::MAX, |member| member.position)
        });
        let mut by_asset: Vec<usize> = (0..assets.len()).collect();
        by_asset.sort_by_key(|&column| assets[column].asset);
        Frame {
            universe,
            by_asset,
            assets: assets.iter().map(|known| known.asset).collect(),
            starts: assets.iter().map(|known| known.close_day).collect(),
            first_rows: assets.iter().map(|known| first_row(known.close_day)).collect(),
            first_rows_of: assets.iter().map(first_row_of).collect(),
            first_rows_of_fill: assets.iter().map(first_row_of_fill).collect(),
            members: Members::new(assets.iter().map(spells)),
            open: open_day.map(|day| (day, assets.iter().map(|known| known.open_day).collect())),
            days,
            rows,
        }
    }

    /// The frame of periods, if its rows are their last days: a row is the period of that number.
    pub(crate) fn of_periods(self) -> Frame {
        let days = (0..self.rows as u32).collect();
        Frame { starts: self.first_rows.clone(), days, ..self }
    }

    /// The column of an asset; `None` if the frame does not contain it.
    pub(crate) fn column_of(&self, asset: AssetId) -> Option<usize> {
        let position =
            self.by_asset.binary_search_by_key(&Some(asset), |&column| self.assets[column]).ok()?;
        Some(self.by_asset[position])
    }
}
