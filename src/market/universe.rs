//! Which assets a strategy may choose from, and on which days. Keys and rules are under "Universe" in docs/strategy-file.md.
//! Knows no formula.

use std::ops::Range;

use super::date::{Instant, Phase};
use super::prices::{AssetId, Market};

/// The assets of a strategy, in the order in which its file lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Universe {
    /// Assets with the times of their membership, ascending.
    pub assets: Vec<(AssetId, Vec<Tenure>)>,
}

/// A time of membership as a strategy states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tenure {
    /// Its beginning; `None` for the start of the backtest.
    pub entry: Option<Instant>,
    /// Its end: from it on the asset is no member; `None` if it never ends.
    pub exit: Option<Instant>,
}

/// Days on which an asset is a member without interruption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spell {
    /// The days at whose open it is a member.
    pub opens: Range<usize>,
    /// The days at whose close it is a member.
    pub closes: Range<usize>,
}

/// An asset of a universe with its spells of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// The asset.
    pub asset: AssetId,
    /// Its spells, ascending; empty if it is never a member.
    pub spells: Vec<Spell>,
    /// Whether it was a member before the backtest, and left before it.
    pub left_before: bool,
    /// Its position in the universe as the strategy file lists it.
    pub position: usize,
    /// Whether it joins only with its first price because its entry is earlier.
    pub waits_for_price: bool,
}

impl Member {
    /// First day on which it is a member, at the open or at the close.
    pub(crate) fn first_day(&self) -> Option<usize> {
        self.spells.first().map(|spell| spell.opens.start.min(spell.closes.start))
    }
}

impl Universe {
    /// The members in the order in which a signal of QSTrader gets to know them, which decides ties: members from the start in
    /// universe order, then late joiners by the close at which they join, ties in universe order.
    ///
    /// An asset joins at the later of its entry and its first price, and stays. An asset without a price within the market's
    /// days never joins. See "The price from the future" in docs/conventions.md.
    pub(crate) fn members(&self, market: &Market, start: Instant) -> Vec<Member> {
        let mut members: Vec<(bool, Member)> = self
            .assets
            .iter()
            .enumerate()
            .map(|(position, (asset, tenures))| {
                let asset = *asset;
                let entry = tenures.first().and_then(|tenure| tenure.entry).unwrap_or(start);
                // A member at the start is one on the whole first day, even before the start: see `first_day` in
                // docs/conventions.md.
                let days = |at: Instant| {
                    if at <= start {
                        (0, 0)
                    } else {
                        (market.first_day_at(at, Phase::Open), market.first_day_at(at, Phase::Close))
                    }
                };
                // An asset with an open joins on the whole date, as with an entry at that date's midnight.
                let price = market.first_price(asset).map(|price| {
                    if price.time <= Phase::Open.time() { Instant::midnight(price.date) } else { price }
                });
                let joins = price.map(|price| price.max(entry));
                let never = (market.days(), market.days());
                let (open_day, close_day) = joins.map_or(never, days);
                let waits_for_price = (open_day, close_day) != days(entry);
                let from_start = joins.is_some_and(|joins| joins <= start);
                let spell = Spell { opens: open_day..market.days(), closes: close_day..market.days() };
                let spells = ((open_day, close_day) != never).then_some(spell).into_iter().collect();
                (!from_start, Member { asset, spells, left_before: false, position, waits_for_price })
            })
            .collect();
        let first_close =
            |member: &Member| member.spells.first().map_or(market.days(), |spell| spell.closes.start);
        members.sort_by_key(|(late, member)| if *late { (1, first_close(member)) } else { (0, 0) });
        members.into_iter().map(|(_, member)| member).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::calendar::Calendar;
    use crate::market::date::Date;
    use crate::market::prices::PriceAdjustment;
    use crate::market::{columns::Columns, input::folder::csv};

    fn market() -> Market {
        let table = |date: &str| {
            csv::read(format!("Date,Open,Close\n{date},1,1\n").as_bytes(), Columns::default()).unwrap()
        };
        let tables = vec![
            ("A".into(), table("2020-01-01")),
            ("B".into(), table("2020-01-08")),
            ("C".into(), table("2020-01-01")),
            ("D".into(), table("2021-01-01")),
        ];
        Market::new(Calendar::weekdays(Date::parse(b"2020-01-06").unwrap(), 5), PriceAdjustment::None, tables)
            .unwrap()
    }

    #[test]
    fn late_joiners_come_last() {
        let market = market();
        let entry = |day: usize, phase| vec![Tenure { entry: Some(market.date(day).at(phase)), exit: None }];
        let assets = vec![
            (AssetId(3), vec![Tenure::default()]),
            (AssetId(1), entry(0, Phase::Open)),
            (AssetId(2), entry(1, Phase::Close)),
            (AssetId(0), vec![Tenure::default()]),
        ];
        let members = Universe { assets }.members(&market, market.date(0).at(Phase::Open));
        let spells = |member: &Member| {
            member.spells.iter().map(|spell| (spell.opens.clone(), spell.closes.clone())).collect::<Vec<_>>()
        };
        let shown: Vec<_> = members.iter().map(|m| (m.asset.0, spells(m), m.waits_for_price)).collect();
        let expected = [
            (0, vec![(0..5, 0..5)], false),
            (2, vec![(2..5, 1..5)], false),
            (1, vec![(2..5, 2..5)], true),
            (3, vec![], true),
        ];
        assert_eq!(shown, expected);
    }
}
