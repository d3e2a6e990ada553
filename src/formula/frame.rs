//! Which days of which assets a formula is evaluated on.

use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// Rows by columns: which days, of which assets.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The asset of each column.
    pub assets: Vec<AssetId>,
    /// First day of each asset.
    pub starts: Vec<usize>,
    /// First row of each asset that has a value.
    pub first_rows: Vec<usize>,
    /// On which rows each asset is a member.
    pub members: Members,
    /// The columns in the order of the universe as given, others after them.
    pub universe: Vec<usize>,
    /// The columns by asset.
    by_asset: Vec<usize>,
    /// Day whose close each row sees; empty for an open with no close before it.
    pub days: Vec<u32>,
    /// Day whose open the only row sees, and from which day on each asset has one.
    pub open: Option<(usize, Vec<usize>)>,
    /// Number of rows.
    pub rows: usize,
}

/// What a frame must know of an asset.
#[derive(Debug, Clone)]
pub(crate) struct FrameAsset {
    /// The asset.
    pub asset: AssetId,
    /// The member of the universe that it is, if it is one.
    pub member: Option<Member>,
    /// First day on which it has an open.
    open_day: usize,
    /// First day on which it has a close.
    close_day: usize,
}

impl FrameAsset {
    /// A member of the universe has its days from its first spell on.
    pub(crate) fn of_member(member: &Member, days: usize) -> FrameAsset {
        let first = member.spells.first();
        FrameAsset {
            asset: member.asset,
            open_day: first.map_or(days, |spell| spell.opens.start),
            close_day: first.map_or(days, |spell| spell.closes.start),
            member: Some(member.clone()),
        }
    }

    /// An asset outside the universe has its days from its first price on.
    pub(crate) fn of_outsider(asset: AssetId, market: &Market) -> FrameAsset {
        let first = |phase| {
            market.first_price(asset).map_or(market.days(), |price| market.first_day_at(price, phase))
        };
        FrameAsset { asset, member: None, open_day: first(Phase::Open), close_day: first(Phase::Close) }
    }
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
        let spells = |asset: &FrameAsset| -> Vec<_> {
            let spells = asset.member.iter().flat_map(|member| &member.spells);
            match open_day {
                None => spells.map(|spell| row_of(spell.closes.start)..row_of(spell.closes.end)).collect(),
                Some(day) => spells.map(|spell| 0..usize::from(spell.opens.contains(&day))).collect(),
            }
        };
        let mut universe: Vec<usize> = (0..assets.len()).collect();
        universe
            .sort_by_key(|&column| assets[column].member.as_ref().map_or(usize::MAX, |member| member.place));
        let mut by_asset: Vec<usize> = (0..assets.len()).collect();
        by_asset.sort_by_key(|&column| assets[column].asset);
        Frame {
            universe,
            by_asset,
            assets: assets.iter().map(|known| known.asset).collect(),
            starts: assets.iter().map(|known| known.close_day).collect(),
            first_rows: assets.iter().map(|known| first_row(known.close_day)).collect(),
            members: Members::new(assets.iter().map(spells)),
            open: open_day.map(|day| (day, assets.iter().map(|known| known.open_day).collect())),
            days,
            rows,
        }
    }

    /// The column of an asset.
    pub(crate) fn column_of(&self, asset: AssetId) -> Option<usize> {
        let place = self.by_asset.binary_search_by_key(&asset, |&column| self.assets[column]).ok()?;
        Some(self.by_asset[place])
    }
}
