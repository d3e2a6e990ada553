//! The sessions of a backtest, and the closes at which a schedule decides.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::refusal::{BAD_CONFIGURATION, BAD_DATA, Refusal, refuse};
use super::strategy::{FillAt, Schedule, Strategy};
use crate::slow_simulation::prices::{close_of, open_of};

/// The days of a backtest.
#[derive(Debug)]
pub struct Calendar {
    pub sessions: Vec<NaiveDate>,
    /// Sessions of the year of the first one that lie before it, the sessions, and the weekdays of a year after them.
    known: Vec<NaiveDate>,
    /// The first session of the curve.
    pub first_of_curve: usize,
}

/// The one decision of `buy_and_hold`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    pub session: usize,
    pub at_open: bool,
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn dates(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |date| *date <= to)
}

fn year_start(date: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(date.year(), 1, 1).expect("a date")
}

impl Calendar {
    /// `bars` are the dates on which a traded asset has a bar.
    pub fn new(strategy: &Strategy, bars: &BTreeSet<NaiveDate>) -> Result<Calendar, Refusal> {
        let by_bars = strategy.says("calendar", "sessions");
        let is_session = |date: &NaiveDate| if by_bars { bars.contains(date) } else { is_weekday(*date) };
        let after_close = strategy.start.time() > close_of(strategy.start.date()).time();
        let late = strategy.says("first_day", "from_start") && after_close;
        let happens = |date: &NaiveDate| {
            let begun = *date > strategy.start.date() || !late;
            let ended = if strategy.says("last_day", "date") {
                *date > strategy.end.date()
            } else {
                date.and_time(strategy.start.time()) > strategy.end
            };
            begun && !ended
        };
        let sessions: Vec<NaiveDate> = dates(strategy.start.date(), strategy.end.date())
            .filter(|date| is_session(date) && happens(date))
            .collect();
        let code = if by_bars { BAD_DATA } else { BAD_CONFIGURATION };
        let in_curve = |date: &NaiveDate| strategy.burn_in.is_none_or(|burn_in| burn_in <= close_of(*date));
        let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else {
            return refuse(code, "no session");
        };
        let Some(first_of_curve) = sessions.iter().position(in_curve) else {
            return refuse(code, "no close at or after burn_in");
        };
        let before = dates(year_start(*first), *first).filter(|date| date < first && is_session(date));
        let after = last.iter_days().skip(1).take(400).filter(|date| is_weekday(*date));
        let known = before.chain(sessions.iter().copied()).chain(after).collect();
        Ok(Calendar { sessions, known, first_of_curve })
    }

    /// Whether a schedule other than `buy_and_hold` decides at the close of a session, conditions aside.
    pub fn decides(&self, schedule: &Schedule, session: usize) -> bool {
        let date = self.sessions[session];
        session >= self.first_of_curve
            && match schedule {
                Schedule::BuyAndHold => false,
                Schedule::Daily | Schedule::OnChange => true,
                Schedule::Every(every) => (session - self.first_of_curve).is_multiple_of(*every),
                Schedule::Weekly(weekdays) => {
                    weekdays.iter().any(|weekday| self.is_in_place_of(date, *weekday))
                }
                Schedule::Numbered(months, day) => self.has_number(date, *months, *day),
            }
    }

    /// Whether a session is the last one of its ISO week that is not after this weekday.
    fn is_in_place_of(&self, date: NaiveDate, weekday: Weekday) -> bool {
        let monday = date - Days::new(date.weekday().num_days_from_monday().into());
        let named = monday + Days::new(weekday.num_days_from_monday().into());
        self.known.iter().rfind(|known| **known <= named) == Some(&date) && date <= named
    }

    /// Whether a session has this number in its month, quarter or year.
    fn has_number(&self, date: NaiveDate, months: u32, day: i64) -> bool {
        let period = |date: NaiveDate| (date.year(), date.month0() / months);
        let days: Vec<NaiveDate> =
            self.known.iter().copied().filter(|known| period(*known) == period(date)).collect();
        let place = days.iter().position(|known| *known == date).expect("a session is known") as i64;
        if day > 0 { place + 1 == day } else { place - days.len() as i64 == day }
    }

    /// When `buy_and_hold` decides, if ever.
    pub fn purchase(&self, strategy: &Strategy) -> Option<Purchase> {
        let uses_opens = strategy.fill == FillAt::NextOpen;
        if strategy.says("buy_and_hold_event", "exact_start") {
            let start = self.sessions[0].and_time(strategy.start.time());
            let is_open = start == open_of(start.date());
            let exact = is_open || start == close_of(start.date());
            let allowed = strategy.burn_in.is_none_or(|burn_in| burn_in <= start);
            return (exact && allowed).then_some(Purchase { session: 0, at_open: is_open && uses_opens });
        }
        let moved = !strategy.says("calendar", "sessions") && !is_weekday(strategy.start.date());
        let start = if moved { self.sessions[0].and_time(NaiveTime::MIN) } else { strategy.start };
        let not_before = |instant: NaiveDateTime| {
            instant >= start && strategy.burn_in.is_none_or(|burn_in| burn_in <= instant)
        };
        self.sessions.iter().enumerate().find_map(|(session, date)| {
            let at_open = uses_opens && not_before(open_of(*date));
            (at_open || not_before(close_of(*date))).then_some(Purchase { session, at_open })
        })
    }
}
