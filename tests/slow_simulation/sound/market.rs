//! The assets of a backtest: their prices, when they end, and when they are members.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::calendar::Calendar;
use super::members::{Spell, in_a_spell, one_is_over};
use super::prices::Prices;
use super::refusal::Refusal;
use super::strategy::{Rate, Strategy};
use crate::formula_reference::evaluate::fixed_tickers;
use crate::formula_reference::market::{self, Asset, weekdays_before};
use crate::formula_reference::tree::Tree;
use crate::slow_simulation::prices::{close_of, open_of};

/// An asset ends if so many sessions or more lie after its last bar.
const SESSIONS_AFTER_AN_END: usize = 6;

/// Where an asset ends: the session of its payout, and the price paid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    pub session: usize,
    pub price: f64,
}

/// All assets that a strategy looks at, by ticker.
#[derive(Debug)]
pub struct Market {
    pub calendar: Calendar,
    pub prices: BTreeMap<String, Prices>,
    /// Of traded assets and the benchmark.
    pub ends: BTreeMap<String, End>,
    /// The spells of the assets of the universe, in its order.
    universe: Vec<(String, Vec<Spell>)>,
    /// The tickers that the weights name in `fixed`, in the order in which they are named.
    pub fixed: Vec<String>,
}

/// The tickers that a formula names in `of`.
fn of_tickers(tree: &Tree, tickers: &mut BTreeSet<String>) {
    if let Tree::Of(ticker, _) = tree {
        tickers.insert(ticker.clone());
    }
    for child in tree.children() {
        of_tickers(child, tickers);
    }
}

impl Market {
    pub fn read(strategy: &Strategy) -> Result<Market, Refusal> {
        let mut named = Vec::new();
        fixed_tickers(&strategy.weights, &mut named);
        let mut fixed: Vec<String> = Vec::new();
        for ticker in named {
            if !fixed.contains(&ticker) {
                fixed.push(ticker);
            }
        }
        let members = strategy.universe.iter().map(|(ticker, _)| ticker.clone());
        let traded: BTreeSet<String> = members.chain(fixed.clone()).chain(strategy.idle.clone()).collect();
        let mut read: BTreeSet<String> = traded.iter().cloned().chain(strategy.benchmark.clone()).collect();
        let rates = [&strategy.rates.cash, &strategy.rates.debit, &strategy.rates.borrow];
        let of_rates = rates.into_iter().filter_map(|rate| match rate {
            Rate::Formula(tree) => Some(tree),
            Rate::Number(_) => None,
        });
        for tree in of_rates.chain([&strategy.weights]).chain(&strategy.when) {
            of_tickers(tree, &mut read);
        }
        let mut prices = BTreeMap::new();
        for ticker in read {
            let sessions = strategy.says("calendar", "sessions");
            let of_ticker = Prices::read(&strategy.prices, &ticker, strategy.adjust, sessions)?;
            prices.insert(ticker, of_ticker);
        }
        let bars = traded.iter().flat_map(|ticker| prices[ticker].bar_dates()).collect();
        let calendar = Calendar::new(strategy, &bars)?;
        let may_end = traded.iter().chain(&strategy.benchmark);
        let ends = may_end
            .filter_map(|ticker| Some((ticker.clone(), end(strategy, &calendar, ticker, &prices[ticker])?)))
            .collect();
        Ok(Market { calendar, prices, ends, universe: strategy.universe.clone(), fixed })
    }

    pub fn date(&self, session: usize) -> NaiveDate {
        self.calendar.sessions[session]
    }

    /// The price that is known at an open or a close.
    pub fn price(&self, ticker: &str, session: usize, at_open: bool) -> Option<f64> {
        let (prices, date) = (&self.prices[ticker], self.date(session));
        if at_open { prices.at_open(date) } else { prices.at_close(date) }
    }

    /// Whether a bar of this session has an open (a close).
    pub fn trades(&self, ticker: &str, session: usize, at_open: bool) -> bool {
        let (prices, date) = (&self.prices[ticker], self.date(session));
        if at_open { prices.has_open(date) } else { prices.has_close(date) }
    }

    pub fn has_ended(&self, ticker: &str, session: usize) -> bool {
        self.ends.get(ticker).is_some_and(|end| end.session <= session)
    }

    /// Whether a spell of a universe asset is over and it is no member again.
    pub fn has_left(&self, ticker: &str, session: usize, at_open: bool) -> bool {
        let spells = self.universe.iter().find(|(known, _)| known == ticker);
        spells.is_some_and(|(_, spells)| one_is_over(spells, self.instant(session, at_open)))
            && !self.is_member(ticker, session, at_open)
    }

    pub fn is_member(&self, ticker: &str, session: usize, at_open: bool) -> bool {
        let instant = self.instant(session, at_open);
        let spells = self.universe.iter().find(|(known, _)| known == ticker);
        spells.is_some_and(|(_, spells)| in_a_spell(spells, instant))
            && self.prices[ticker].first_price().is_some_and(|first| first <= instant)
            && !self.has_ended(ticker, session)
    }

    /// Whether a spell of a universe asset covers an instant and its prices have begun. An open counts from midnight on.
    fn is_there_at(&self, ticker: &str, instant: NaiveDateTime) -> bool {
        let spells = self.universe.iter().find(|(known, _)| known == ticker);
        let has_begun = |first: NaiveDateTime| {
            let midnight = first.date().and_time(NaiveTime::MIN);
            first <= instant || first == open_of(first.date()) && midnight <= instant
        };
        spells.is_some_and(|(_, spells)| in_a_spell(spells, instant))
            && self.prices[ticker].first_price().is_some_and(has_begun)
    }

    fn instant(&self, session: usize, at_open: bool) -> NaiveDateTime {
        let date = self.date(session);
        if at_open { open_of(date) } else { close_of(date) }
    }

    /// The assets as formulas see them, those of the universe first, and last one without a name or a price: that for
    /// which rates are computed. `open_of` is the session at whose open the formula is asked, if it is asked at one.
    pub fn for_formulas(&self, strategy: &Strategy, open_of: Option<usize>) -> market::Market {
        let all_bars = strategy.says("history", "all_bars");
        let days = self.calendar.sessions.clone();
        let universe = self.universe.iter().map(|(ticker, _)| (ticker, true));
        let outside =
            self.prices.keys().filter(|ticker| !self.universe.iter().any(|(known, _)| known == *ticker));
        let named = universe.chain(outside.map(|ticker| (ticker, false)));
        let mut assets: Vec<Asset> = named
            .map(|(ticker, inside)| {
                let bars: Vec<_> = days.iter().map(|date| self.prices[ticker].formula_bar(*date)).collect();
                let first_price = bars.iter().position(Option::is_some);
                let mut member: Vec<bool> =
                    (0..days.len()).map(|session| self.is_member(ticker, session, false)).collect();
                let joined = member.iter().position(|member| *member);
                if let Some(session) = open_of {
                    member[session] = self.is_member(ticker, session, true);
                }
                let first = if all_bars || !inside { first_price } else { joined };
                let takes_of = all_bars || inside;
                // Among weekdays those who are there at the start come before who joins between it and the first close.
                let is_late = joined == Some(0)
                    && strategy.says("calendar", "weekdays")
                    && !self.is_there_at(ticker, strategy.start);
                let joined = joined.map(|session| 2 * session + usize::from(is_late));
                Asset { symbol: ticker.clone(), inside, first, takes_of, joined, member, first_price, bars }
            })
            .collect();
        assets.push(Asset {
            symbol: String::new(),
            inside: false,
            first: Some(0),
            takes_of: true,
            joined: None,
            member: vec![false; days.len()],
            first_price: None,
            bars: vec![None; days.len()],
        });
        let before = weekdays_before(days[0]);
        market::Market::new(days, before, assets)
    }
}

fn end(strategy: &Strategy, calendar: &Calendar, ticker: &str, prices: &Prices) -> Option<End> {
    if strategy.says("after_last_bar", "last_price") {
        return None;
    }
    let (last, close) = prices.last_bar(strategy.end.date())?;
    let after: Vec<usize> =
        (0..calendar.sessions.len()).filter(|session| calendar.sessions[*session] > last).collect();
    let price = strategy.final_price.get(ticker).copied().unwrap_or(close);
    (after.len() >= SESSIONS_AFTER_AN_END).then(|| End { session: after[0], price })
}
