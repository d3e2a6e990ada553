//! Price tables, and an asset's prices on every weekday of a period: a day without a price has the last one before it.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate, Weekday};

use super::periods::{Frame, numbers};

/// One row of a price file; an empty cell is a missing one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub date: NaiveDate,
    pub open: Option<f64>,
    pub high: Option<f64>,
    pub low: Option<f64>,
    pub close: Option<f64>,
    pub adjusted_close: Option<f64>,
    pub volume: Option<f64>,
}

impl Row {
    fn cells(&self) -> [Option<f64>; 6] {
        [self.open, self.high, self.low, self.close, self.adjusted_close, self.volume]
    }

    /// Whether it has an open or a close: a row without them makes no session.
    pub fn is_bar(&self, adjust: bool) -> bool {
        let factor = !adjust || self.adjusted_close.is_some() && self.close.is_some();
        let close = if adjust { self.adjusted_close } else { self.close };
        close.is_some() || factor && self.open.is_some()
    }

    pub fn is_complete(&self) -> bool {
        self.cells().iter().all(Option::is_some)
    }
}

/// The text of a price file; missing cells are written in several of the ways that are understood.
pub fn csv(rows: &[Row]) -> String {
    let mut text = String::from("Date,Open,High,Low,Close,Adj Close,Volume\n");
    for (line, row) in rows.iter().enumerate() {
        write!(text, "{}", row.date).expect("a string takes everything");
        for cell in row.cells() {
            let missing = ["", "NaN", "null"][line % 3];
            let cell = cell.map_or(missing.into(), |x| x.to_string());
            write!(text, ",{cell}").expect("a string takes everything");
        }
        text.push('\n');
    }
    text
}

/// Prices of one asset on one weekday.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    pub volume: f64,
}

/// From which day on an asset of the universe is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    SinceEntry,
    AllBars,
}

/// When an asset is a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    pub entry: Option<NaiveDate>,
    pub exit: Option<NaiveDate>,
}

/// One asset over the days of a period.
#[derive(Debug, Clone)]
pub struct Asset {
    pub symbol: String,
    /// Whether it is of the universe, member or not.
    pub inside: bool,
    /// First day of the asset: nothing earlier is ever read. None if it has none in the period.
    pub first: Option<usize>,
    /// Whether `of` has values for it, from its first day on.
    pub takes_of: bool,
    /// The day of its first joining, or another number that ascends with it, which decides ties. None if it is never in the
    /// universe.
    pub joined: Option<usize>,
    /// Whether it can be chosen, day by day.
    pub member: Vec<bool>,
    /// First day with a price, whether or not the asset has joined.
    pub first_price: Option<usize>,
    pub bars: Vec<Option<Bar>>,
}

/// The assets of a case: those of the universe in its order, then the others.
#[derive(Debug, Clone)]
pub struct Market {
    pub days: Vec<NaiveDate>,
    /// Days of the calendar before the first one, of its month at least.
    pub before: Vec<NaiveDate>,
    pub assets: Vec<Asset>,
    /// The number of the week and of the month of each day, from 0.
    pub weeks: Vec<usize>,
    pub months: Vec<usize>,
}

/// The weekdays of the month of a date that lie before it.
pub fn weekdays_before(date: NaiveDate) -> Vec<NaiveDate> {
    let first = date.with_day(1).expect("every month has a first");
    let mut days = weekdays(first, date);
    days.retain(|day| *day < date);
    days
}

/// The weekdays from one date to another, both included.
pub fn weekdays(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    from.iter_days()
        .take_while(|date| *date <= to)
        .filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
        .collect()
}

impl Asset {
    /// `entry` is None for an asset outside the universe, else the date of its entry if it has one.
    pub fn new(
        symbol: &str,
        rows: &[Row],
        adjust: bool,
        days: &[NaiveDate],
        entry: Option<Option<NaiveDate>>,
        history: History,
    ) -> Asset {
        let bars = bars(rows, adjust);
        let on = |day: NaiveDate| {
            let (date, bar) = bars[..bars.partition_point(|(date, _)| *date <= day)].last()?;
            let last = bar.close;
            Some(if *date == day {
                *bar
            } else {
                Bar { open: last, high: last, low: last, close: last, volume: 0.0 }
            })
        };
        let bars: Vec<Option<Bar>> = days.iter().map(|day| on(*day)).collect();
        let first_price = bars.iter().position(Option::is_some);
        let inside = entry.is_some();
        let entry =
            entry.map(|entry| entry.map_or(Some(0), |entry| days.iter().position(|day| *day >= entry)));
        let joins = entry.map(|entry| entry.zip(first_price).map(|(entry, price)| entry.max(price)));
        let joined = joins.flatten();
        Asset {
            symbol: symbol.into(),
            inside,
            first: if history == History::AllBars { first_price } else { joins.unwrap_or(first_price) },
            takes_of: history == History::AllBars || joins.is_some(),
            joined,
            member: (0..days.len()).map(|day| joined.is_some_and(|joined| joined <= day)).collect(),
            first_price,
            bars,
        }
    }

    /// The asset as a member in these spells alone: from an entry on and before an exit.
    pub fn in_spells(mut self, spells: &[Spell], days: &[NaiveDate], history: History) -> Asset {
        let covers = |spell: &Spell, day: NaiveDate| {
            spell.entry.is_none_or(|entry| entry <= day) && spell.exit.is_none_or(|exit| day < exit)
        };
        let is_there = |day: usize| {
            self.first_price.is_some_and(|first| first <= day)
                && spells.iter().any(|spell| covers(spell, days[day]))
        };
        self.member = (0..days.len()).map(is_there).collect();
        self.joined = self.member.iter().position(|member| *member);
        if history == History::SinceEntry {
            self.first = self.joined;
        }
        self
    }

    /// The bar of a day that may be read.
    pub fn bar(&self, day: usize) -> Option<Bar> {
        self.first.filter(|first| *first <= day).and(self.bars[day])
    }
}

/// The bars of a file from its first usable price on, missing cells filled.
fn bars(rows: &[Row], adjust: bool) -> Vec<(NaiveDate, Bar)> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.date);
    let mut bars: Vec<(NaiveDate, Bar)> = Vec::new();
    for row in rows {
        let factor = match (adjust, row.adjusted_close, row.close) {
            (false, ..) => Some(1.0),
            (true, Some(adjusted), Some(close)) => Some(adjusted / close),
            (true, ..) => None,
        };
        let adjusted = |price: Option<f64>| Some(factor? * price?);
        let last = bars.last().map(|(_, bar)| bar.close);
        let open = adjusted(row.open).or(last);
        let Some(close) = (if adjust { row.adjusted_close } else { row.close }).or(open) else { continue };
        let open = open.expect("the generator leaves the first usable row complete");
        let high = adjusted(row.high).unwrap_or(if open > close { open } else { close });
        let low = adjusted(row.low).unwrap_or(if open < close { open } else { close });
        bars.push((row.date, Bar { open, high, low, close, volume: row.volume.unwrap_or(0.0) }));
    }
    bars
}

impl Market {
    pub fn new(days: Vec<NaiveDate>, before: Vec<NaiveDate>, assets: Vec<Asset>) -> Market {
        let (weeks, months) = (numbers(Frame::Weeks, &days), numbers(Frame::Months, &days));
        Market { days, before, assets, weeks, months }
    }

    /// The members of a day in the order in which they first joined, ties in the order of the universe.
    pub fn members(&self, day: usize) -> Vec<usize> {
        let mut members: Vec<usize> =
            (0..self.assets.len()).filter(|asset| self.assets[*asset].member[day]).collect();
        members.sort_by_key(|asset| self.assets[*asset].joined);
        members
    }
}
