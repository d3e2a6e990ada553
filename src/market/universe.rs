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
    /// Its spells, ascending and apart; empty if it is never a member.
    pub spells: Vec<Spell>,
    /// The days after an exit, be it before the first day, on which it is not a member again, ascending.
    pub away: Vec<Spell>,
    /// Its position in the universe as the strategy file lists it.
    pub position: usize,
    /// Its first entry within the backtest, or its only one.
    pub entry: Instant,
    /// Whether it joins only with its first price because this entry is earlier.
    pub waits_for_price: bool,
}

impl Spell {
    /// From days of the market at whose open and close something begins to those at which it ends.
    fn between([opens, closes]: Days, [opens_end, closes_end]: Days) -> Spell {
        Spell { opens: opens..opens_end.max(opens), closes: closes..closes_end.max(closes) }
    }

    fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.closes.is_empty()
    }

    /// Whether nothing lies between this spell and a later one, neither an open nor a close.
    fn reaches(&self, later: &Spell) -> bool {
        self.opens.end >= later.opens.start && self.closes.end >= later.closes.start
    }

    /// The first day, at the open or at the close.
    fn first_day(&self) -> usize {
        match (self.opens.is_empty(), self.closes.is_empty()) {
            (true, false) => self.closes.start,
            (false, true) => self.opens.start,
            _ => self.opens.start.min(self.closes.start),
        }
    }
}

impl Member {
    /// First day on which it is a member, at the open or at the close.
    pub(crate) fn first_day(&self) -> Option<usize> {
        self.spells.first().map(Spell::first_day)
    }

    /// First close at which it is a member.
    fn first_close(&self) -> Option<usize> {
        self.spells.iter().find(|spell| !spell.closes.is_empty()).map(|spell| spell.closes.start)
    }
}

/// The first day at whose open, and the first at whose close, something is.
type Days = [usize; 2];

/// Turns moments into days of a market.
struct DayFinder<'m> {
    market: &'m Market,
    start: Instant,
}

impl DayFinder<'_> {
    /// The first days at or after a moment. What is so at the start is so on the whole first day, even before the start: see
    /// `first_day` in docs/conventions.md.
    fn at(&self, moment: Instant) -> Days {
        if moment <= self.start {
            return [0, 0];
        }
        [Phase::Open, Phase::Close].map(|phase| self.market.first_day_at(moment, phase))
    }

    /// The days after the last one.
    fn never(&self) -> Days {
        [self.market.days(); 2]
    }

    /// The days of a tenure from a moment on.
    fn spell(&self, tenure: &Tenure, from: Option<Instant>) -> Spell {
        let end = tenure.exit.map_or(self.never(), |exit| self.at(exit));
        Spell::between(from.map_or(self.never(), |from| self.at(from)), end)
    }
}

impl Universe {
    /// The members by the first close of the backtest at which they are members, ties in universe order. This order decides
    /// ties of signals. Who comes back keeps its place. Among weekdays, members from the start come before those that join
    /// between the start and the first close, as in QSTrader.
    ///
    /// An asset joins at the later of its entry and its first price. An asset without a price within the market's days never
    /// joins. See "The price from the future" in docs/conventions.md.
    pub(crate) fn members(&self, market: &Market, start: Instant) -> Vec<Member> {
        let days = DayFinder { market, start };
        let assets = self.assets.iter().enumerate();
        let mut members: Vec<(bool, Member)> =
            assets.map(|(position, (asset, tenures))| member(&days, position, *asset, tenures)).collect();
        let first_close = |member: &Member| member.first_close().unwrap_or(market.days());
        // Among sessions the start is often before the first of them, and nobody is late at that one.
        let by_close = market.calendar().is_listed();
        members.sort_by_key(|(late, member)| match by_close || *late {
            true => (!by_close, first_close(member)),
            false => (false, 0),
        });
        members.into_iter().map(|(_, member)| member).collect()
    }
}

/// An asset with its tenures, and whether it joins after the start.
fn member(days: &DayFinder, position: usize, asset: AssetId, tenures: &[Tenure]) -> (bool, Member) {
    // An asset with an open joins on the whole date, as with an entry at that date's midnight.
    let price = days
        .market
        .first_price(asset)
        .map(|price| if price.time <= Phase::Open.time() { Instant::midnight(price.date) } else { price });
    let entry_of = |tenure: &Tenure| tenure.entry.unwrap_or(days.start);
    let (mut spells, mut away): (Vec<Spell>, Vec<Spell>) = (Vec::new(), Vec::new());
    let mut first: Option<(Instant, Days)> = None;
    let mut left: Option<Days> = None;
    let mut late = true;
    for tenure in tenures {
        let entry = entry_of(tenure);
        let stated = days.spell(tenure, Some(entry));
        if first.is_none() && !stated.is_empty() {
            first = Some((entry, [stated.opens.start, stated.closes.start]));
        }
        let joins = price.map(|price| price.max(entry));
        let spell = days.spell(tenure, joins);
        if !spell.is_empty() {
            if spells.is_empty() {
                late = joins.is_none_or(|joins| joins > days.start);
            }
            if let Some(left) = left.take() {
                away.push(Spell::between(left, [spell.opens.start, spell.closes.start]));
            }
            match spells.last_mut() {
                Some(before) if before.reaches(&spell) => {
                    *before = Spell {
                        opens: before.opens.start..spell.opens.end,
                        closes: before.closes.start..spell.closes.end,
                    };
                }
                _ => spells.push(spell),
            }
        }
        if let Some(exit) = tenure.exit {
            left = left.or(Some(days.at(exit)));
        }
    }
    away.extend(left.map(|left| Spell::between(left, days.never())));
    away.retain(|spell| !spell.is_empty());
    let joined = spells.first().map_or(days.never(), |spell| [spell.opens.start, spell.closes.start]);
    let waits_for_price = first.is_some_and(|(_, stated)| stated != joined);
    let entry = first.map_or_else(|| tenures.first().map_or(days.start, entry_of), |(entry, _)| entry);
    (late, Member { asset, spells, away, position, entry, waits_for_price })
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

    /// Tenures by moments as texts; an empty one is none.
    fn tenures(spells: &[[&str; 2]]) -> Vec<Tenure> {
        let moment = |text: &str| {
            let (date, time) = text.split_once('T').unwrap_or((text, "0"));
            let date = Date::parse(date.as_bytes())?;
            Some(Instant::from_hms(date, time.parse().unwrap(), 0, 0, 0))
        };
        spells.iter().map(|[entry, exit]| Tenure { entry: moment(entry), exit: moment(exit) }).collect()
    }

    type Shown = Vec<(Range<usize>, Range<usize>)>;

    fn shown(spells: &[Spell]) -> Shown {
        spells.iter().map(|spell| (spell.opens.clone(), spell.closes.clone())).collect()
    }

    /// The spells, and the days away, of an asset with these tenures; days 0 to 4 are Monday 2020-01-06 to Friday.
    fn spells_of(asset: u32, spells: &[[&str; 2]]) -> (Shown, Shown, bool) {
        let market = market();
        let universe = Universe { assets: vec![(AssetId(asset), tenures(spells))] };
        let member = &universe.members(&market, market.date(0).at(Phase::Open))[0];
        (shown(&member.spells), shown(&member.away), member.waits_for_price)
    }

    #[test]
    fn an_exit_ends_a_spell_before_its_moment() {
        assert_eq!(spells_of(0, &[["", "2020-01-08"]]), (vec![(0..2, 0..2)], vec![(2..5, 2..5)], false));
        // Between open and close: still a member at the open.
        assert_eq!(spells_of(0, &[["", "2020-01-08T15"]]), (vec![(0..3, 0..2)], vec![(3..5, 2..5)], false));
        assert_eq!(spells_of(0, &[["", "2020-01-06T14"]]), (vec![], vec![(0..5, 0..5)], false));
        assert_eq!(
            spells_of(0, &[["2020-01-07", "2020-01-08"]]),
            (vec![(1..2, 1..2)], vec![(2..5, 2..5)], false)
        );
        // From after an open to before the next one: the close between them.
        let close_only = spells_of(0, &[["2020-01-07T15", "2020-01-08"]]);
        assert_eq!(close_only, (vec![(2..2, 1..2)], vec![(2..5, 2..5)], false));
        assert_eq!(spells_of(0, &[["", "2021-01-01"]]), (vec![(0..5, 0..5)], vec![], false));
    }

    #[test]
    fn who_comes_back_has_a_gap() {
        let twice = [["", "2020-01-07"], ["2020-01-09", ""]];
        assert_eq!(spells_of(0, &twice), (vec![(0..1, 0..1), (3..5, 3..5)], vec![(1..3, 1..3)], false));
        // Two spells that touch, over a weekend or not, are one.
        let touching = [["", "2020-01-07"], ["2020-01-07", ""]];
        assert_eq!(spells_of(0, &touching), (vec![(0..5, 0..5)], vec![], false));
        let weekend = [["", "2020-01-04"], ["2020-01-06", "2020-01-11"], ["2020-01-13", ""]];
        assert_eq!(spells_of(0, &weekend), (vec![(0..5, 0..5)], vec![], false));
    }

    #[test]
    fn a_spell_before_the_backtest_leaves_days_away() {
        let past = [["2010-01-04", "2012-05-01"], ["2020-01-08", ""]];
        assert_eq!(spells_of(0, &past), (vec![(2..5, 2..5)], vec![(0..2, 0..2)], false));
        // The asset B has its first price on day 2, after its second entry on day 1.
        let past = [["2010-01-04", "2012-05-01"], ["2020-01-07", ""]];
        assert_eq!(spells_of(1, &past), (vec![(2..5, 2..5)], vec![(0..2, 0..2)], true));
        // It leaves before its first price and comes back with it.
        let early = [["", "2020-01-07"], ["2020-01-07", ""]];
        assert_eq!(spells_of(1, &early), (vec![(2..5, 2..5)], vec![(1..2, 1..2)], true));
        assert_eq!(spells_of(1, &[["", "2020-01-07"]]), (vec![], vec![(1..5, 1..5)], true));
    }

    #[test]
    fn members_stand_by_the_first_close_within_the_backtest() {
        let market = market();
        let order = |spells: [&[[&str; 2]]; 3]| {
            let assets =
                [0, 2, 1].map(AssetId).into_iter().zip(spells).map(|(id, spells)| (id, tenures(spells)));
            let universe = Universe { assets: assets.collect() };
            let members = universe.members(&market, market.date(0).at(Phase::Open));
            members.iter().map(|member| member.position).collect::<Vec<_>>()
        };
        let past: &[[&str; 2]] = &[["2011-03-01", "2015-06-01"], ["2020-01-09", ""]];
        assert_eq!(
            order([past, &[["2020-01-07", ""]], &[["", ""]]]),
            [1, 2, 0],
            "B has a price from day 2 on"
        );
        let back: &[[&str; 2]] = &[["", "2020-01-07"], ["2020-01-10", ""]];
        assert_eq!(order([&[["2020-01-08", ""]], back, &[["2020-01-07", ""]]]), [1, 0, 2]);
    }

    #[test]
    fn nobody_is_late_at_the_first_of_sessions() {
        // The start lies before the first session, at which A has its first price.
        let table = |date: &str| {
            csv::read(format!("Date,Open,Close\n{date},1,1\n").as_bytes(), Columns::default()).unwrap()
        };
        let tables = [("A", "2020-01-02"), ("B", "2019-12-30"), ("C", "2020-01-03")];
        let tables: Vec<_> = tables.map(|(symbol, date)| (symbol.to_owned(), table(date))).into();
        let first = Date::parse(b"2020-01-02").unwrap();
        let order = |calendar| {
            let market = Market::new(calendar, PriceAdjustment::None, tables.clone()).unwrap();
            let assets = [2, 0, 1].map(|asset| (AssetId(asset), vec![Tenure::default()])).into();
            let start = Date::parse(b"2020-01-01").unwrap().at(Phase::Open);
            let members = Universe { assets }.members(&market, start);
            members.iter().map(|member| member.asset.0).collect::<Vec<_>>()
        };
        assert_eq!(order(Calendar::listed(vec![first, first.next()], first).unwrap()), [0, 1, 2]);
        assert_eq!(order(Calendar::weekdays(first, 2)), [1, 0, 2], "as in QSTrader");
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
