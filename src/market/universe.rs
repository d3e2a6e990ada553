//! Which assets a strategy may choose from, and since when (SEM 5, 6). Assets never leave.

use super::date::{Instant, Phase};
use super::prices::{AssetId, Market};

/// The assets of a strategy in their given order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Universe {
    /// Asset and entry; without an entry it belongs from the start.
    pub assets: Vec<(AssetId, Option<Instant>)>,
}

/// When one asset of a universe can first be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The asset.
    pub asset: AssetId,
    /// First day at whose open it is a member; the number of days if never.
    pub open_day: usize,
    /// First day at whose close it is a member; the number of days if never.
    pub close_day: usize,
    /// Its place in the universe as given.
    pub place: usize,
    /// Whether it is a member only since its first price, for its entry came too early.
    pub waits_for_price: bool,
}

impl Universe {
    /// The members in the order in which a signal comes to know them (SEM 6): those of the start in universe order,
    /// then late joiners by the close at which they join, ties in universe order.
    ///
    /// An asset joins at the later of its entry and its first price; one that has no price within the market's days
    /// never joins.
    pub fn members(&self, market: &Market, start: Instant) -> Vec<Member> {
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
                let (open_day, close_day) = joins.map_or((market.days(), market.days()), days);
                let waits_for_price = (open_day, close_day) != days(entry);
                let from_start = joins.is_some_and(|joins| joins <= start);
                (!from_start, Member { asset, open_day, close_day, place, waits_for_price })
            })
            .collect();
        members.sort_by_key(|(late, member)| if *late { (1, member.close_day) } else { (0, 0) });
        members.into_iter().map(|(_, member)| member).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::date::Date;
    use crate::market::prices::Adjustment;
    use crate::market::{csv, table::Columns};

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
        Market::new(Date::parse(b"2020-01-06").unwrap(), 5, Adjustment::None, tables).unwrap()
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
        let shown: Vec<_> =
            members.iter().map(|m| (m.asset.0, m.open_day, m.close_day, m.waits_for_price)).collect();
        assert_eq!(shown, [(0, 0, 0, false), (2, 2, 1, false), (1, 2, 2, true), (3, 5, 5, true)]);
    }
}
