//! Calendar dates and instants in UTC. Knows no time zones, and not which dates are days of a backtest.

use std::fmt;
use std::ops::Sub;

use chrono::{Datelike, NaiveDate};

/// A calendar date: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub(crate) i32);

/// Time of the open in nanoseconds since midnight: 14:30:00 UTC all year, as in QSTrader; see "All forty peculiarities" in
/// docs/conventions.md.
pub(crate) const OPEN_TIME: u64 = (14 * 60 + 30) * 60 * NANOSECONDS;
/// Time of the close in nanoseconds since midnight: 21:00:00 UTC all year, as in QSTrader.
pub(crate) const CLOSE_TIME: u64 = 21 * 60 * 60 * NANOSECONDS;
/// Nanoseconds of a second.
const NANOSECONDS: u64 = 1_000_000_000;
/// The date 1970-01-01 as chrono counts days.
const EPOCH_FROM_CE: i32 = 719_163;

/// The two moments of a day at which there are prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Phase {
    /// The open, 14:30 UTC.
    Open,
    /// The close, 21:00 UTC.
    Close,
}

/// A point in time, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// The date.
    pub date: Date,
    /// Nanoseconds since midnight.
    pub time: u64,
}

impl Date {
    /// The date with this year (1 to 9999), month (1 to 12) and day of the month; `None` if there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        NaiveDate::from_ymd_opt(year, month, day).map(|date| Date(date.num_days_from_ce() - EPOCH_FROM_CE))
    }

    /// Reads `2004-08-19`, `2004/08/19` or `20040819`; `None` for any other text.
    pub(crate) fn parse(text: &[u8]) -> Option<Date> {
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0u32, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
            })
        };
        let (year, month, day) = match text {
            [year @ .., b'-', m1, m2, b'-', d1, d2] | [year @ .., b'/', m1, m2, b'/', d1, d2]
                if year.len() == 4 =>
            {
                (year, [*m1, *m2], [*d1, *d2])
            }
            [year @ .., m1, m2, d1, d2] if year.len() == 4 => (year, [*m1, *m2], [*d1, *d2]),
            _ => return None,
        };
        Date::from_ymd(number(year)? as i32, number(&month)?, number(&day)?)
    }

    /// Year, month (1 to 12) and day of month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.naive();
        (date.year(), date.month(), date.day())
    }

    /// Day of the week, Monday = 0 to Sunday = 6.
    pub(crate) fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }

    /// Number of the week from Monday to Sunday, counted from that of 1969-12-29.
    pub(crate) fn week(self) -> i64 {
        (i64::from(self.0) + 3).div_euclid(7)
    }

    /// The next calendar date.
    pub(crate) fn next(self) -> Date {
        Date(self.0 + 1)
    }

    /// Midnight UTC of this date, in milliseconds since 1970.
    pub(crate) fn epoch_milliseconds(self) -> i64 {
        i64::from(self.0) * 86_400_000
    }

    /// The open or close of this date.
    pub(crate) fn at(self, phase: Phase) -> Instant {
        Instant { date: self, time: phase.time() }
    }

    fn naive(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH_FROM_CE)).unwrap_or(NaiveDate::MAX)
    }
}

impl Sub for Date {
    type Output = i32;

    /// Calendar days from an earlier date to this one.
    fn sub(self, earlier: Date) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Phase {
    /// Time of day, in nanoseconds since midnight.
    pub(crate) fn time(self) -> u64 {
        match self {
            Phase::Open => OPEN_TIME,
            Phase::Close => CLOSE_TIME,
        }
    }
}

impl Instant {
    /// Midnight at the start of a date.
    pub(crate) fn midnight(date: Date) -> Instant {
        Instant { date, time: 0 }
    }

    /// The instant with this time of day on a date.
    pub(crate) fn from_hms(date: Date, hour: u32, minute: u32, second: u32, nanosecond: u32) -> Instant {
        let seconds = (u64::from(hour) * 60 + u64::from(minute)) * 60 + u64::from(second);
        Instant { date, time: seconds * NANOSECONDS + u64::from(nanosecond) }
    }

    /// The first date, weekends included, whose open or close, as `phase` says, is at or after this instant.
    pub(crate) fn next_event(self, phase: Phase) -> Date {
        if self.time > phase.time() { self.date.next() } else { self.date }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time / NANOSECONDS;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(formatter, "{}T{hour:02}:{minute:02}:{second:02}", self.date)?;
        match self.time % NANOSECONDS {
            0 => write!(formatter, "Z"),
            rest => write!(formatter, ".{}Z", format!("{rest:09}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn reads_three_spellings() {
        assert_eq!(date("1970-01-01"), Date(0));
        assert_eq!(date("2004/08/19"), date("2004-08-19"));
        assert_eq!(date("20040819"), date("2004-08-19"));
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["", "2004-02-30", "2004-13-01", "04-08-19", "2004-8-19", "0000-01-01", "2004-08-19x"] {
            assert_eq!(Date::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn instants_print_in_utc() {
        assert_eq!(date("2016-02-01").at(Phase::Open).to_string(), "2016-02-01T14:30:00Z");
    }
}
