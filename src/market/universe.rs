//! Which assets a strategy may choose from, and since when (SEM 5, 6), as spells of days.

use std::ops::Range;

use super::date::{Instant, Phase};
use super::prices::{AssetId, Market};

/// The assets of a strategy in their given order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Universe {
    /// Asset and entry; without an entry it belongs from the start.
    pub assets: Vec<(AssetId, Option<Instant>)>,
}

/// Days on which an asset can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spell {
    /// The days at whose open it can.
    pub opens: Range<usize>,
    /// The days at whose close it can.
    pub closes: Range<usize>,
}

/// When one asset of a universe can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// The asset.
    pub asset: AssetId,
    /// When it can, ascending and apart; none if never.
    pub spells: Vec<Spell>,
    /// Its place in the universe as given.
    pub place: usize,
    /// Whether it is a member only since its first price, for its entry came too early.
    pub waits_for_price: bool,
}

impl Member {
    /// First day on which it can be chosen, at the open or the close.
    pub(crate) fn first_day(&self) -> Option<usize> {
        self.spells.first().map(|spell| spell.opens.start.min(spell.closes.start))
    }
}

impl Universe {
    /// The members in the order in which a signal comes to know them (SEM 6): those of the start in universe order,
    /// then late joiners by the close at which they join, ties in universe order.
    ///
    /// An asset joins at the later of its entry and its first price and stays; one that has no price within the market's days
    /// never joins.
    pub(crate) fn members(&self, market: &Market, start: Instant) -> Vec<Member> {
        let mut members: Vec<(bool, Member)> = self
            .assets
            .iter()
            .enumerate()
            .map(|(place, &(asset, entry))| {
                let entry = entry.unwrap_or(start);
                // Who belongs at the start belongs at every event of the first day, be they before the start (Q5).
                let days = |at: Instant| match at <= start {
                    true => (0, 0),
                    false => (market.first_day_at(at, Phase::Open), market.first_day_at(at, Phase::Close)),
                };
                // A bar whose open is usable belongs to its whole date, as an entry at that date's midnight would.
                let price = market.first_price(asset).map(|price| match price.time <= Phase::Open.time() {
                    true => Instant::midnight(price.date),
                    false => price,
                });
                let joins = price.map(|price| price.max(entry));
                let never = (market.days(), market.days());
                let (open_day, close_day) = joins.map_or(never, days);
                let waits_for_price = (open_day, close_day) != days(entry);
                let from_start = joins.is_some_and(|joins| joins <= start);
                let spell = Spell { opens: open_day..market.days(), closes: close_day..market.days() };
                let spells = ((open_day, close_day) != never).then_some(spell).into_iter().collect();
                (!from_start, Member { asset, spells, place, waits_for_price })
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
    use crate::market::prices::Adjustment;
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
        Market::new(Calendar::weekdays(Date::parse(b"2020-01-06").unwrap(), 5), Adjustment::None, tables)
            .unwrap()
    }

    #[test]
    fn late_joiners_stand_at_the_end() {
        let market = market();
        let entry = |day: usize, phase| Some(market.date(day).at(phase));
        let assets = vec![
            (AssetId(3), None),
            (AssetId(1), entry(0, Phase::Open)),
            (AssetId(2), entry(1, Phase::Close)),
            (AssetId(0), None),
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
