//! The days of a backtest and those on which it decides. Schedules are under "Rebalance" in docs/strategy-file.md. Knows no
//! prices and no formula.

use std::ops::Range;

use super::conventions::{BuyAndHoldEvent, FirstDay, LastDay};
use super::terms::FillEvent;
use crate::market::calendar::{Calendar, Span, weekday_at_or_after};
use crate::market::date::{CLOSE_TIME, Date, Instant, OPEN_TIME, Phase};
use crate::market::decisions::Decisions;

/// How often a strategy decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RebalanceSchedule {
    /// Once, at the start.
    BuyAndHold,
    /// At every close.
    Daily,
    /// At the close of each of some weekdays, or of the last day before it in the same week.
    Weekly {
        /// The weekdays.
        weekdays: WeekdaySet,
    },
    /// At the close of a day of every month, quarter or year, by its number.
    Numbered {
        /// What its days are counted in.
        span: Span,
        /// From 1, or backwards from -1; a span with fewer days has no decision.
        number: i32,
    },
    /// At the first close of the curve, then after as many closes again and again.
    Every {
        /// How many, at least 1.
        closes: u32,
    },
    /// At every close, but it trades only if the weights differ from those of the decision close before.
    OnChange,
}

/// Some weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct WeekdaySet(u8);

impl WeekdaySet {
    /// Adds a weekday, Monday = 0 to Sunday = 6; `false` if it is there already.
    pub(crate) fn add(&mut self, weekday: u32) -> bool {
        let is_new = self.0 >> weekday & 1 == 0;
        self.0 |= 1 << weekday;
        is_new
    }

    /// The weekdays, from Monday on.
    pub(crate) fn weekdays(self) -> impl Iterator<Item = u32> {
        (0..7).filter(move |weekday| self.0 >> weekday & 1 == 1)
    }
}

/// The period of a backtest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    /// The start.
    pub start: Instant,
    /// Before it there is no decision and no point of the curve.
    pub burn_in: Option<Instant>,
    /// The end.
    pub end: Instant,
}

/// The days of a backtest and the beginning of its curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The days.
    pub calendar: Calendar,
    /// The first day whose close is a point of the curve; the number of days if the curve is empty.
    pub curve_start: usize,
    /// The start. One on no day is the first day at the same time, as in QSTrader, whose weekends are Mondays.
    start: Instant,
}

impl Clock {
    /// The clock of a period over the days of a calendar.
    fn new(period: &Period, calendar: Calendar, start: Instant) -> Clock {
        let curve_start = period.burn_in.map_or(0, |burn_in| calendar.day_at(burn_in, Phase::Close));
        Clock { calendar, curve_start, start }
    }

    /// All weekdays of a period, first and last as the conventions `first_day` and `last_day` say.
    pub(crate) fn weekdays(period: &Period, first_day: FirstDay, last_day: LastDay) -> Clock {
        let Range { start: first, end: after_last } = period.dates(first_day, last_day);
        let start = Instant { date: weekday_at_or_after(period.start.date), time: period.start.time };
        Clock::new(period, Calendar::weekdays_until(first, after_last), start)
    }

    /// The dates of a list that lie in a period. Those of the same year before them count where days are numbered; the list
    /// ascends and goes back to the beginning of that year. `None` if no date lies in the period.
    pub(crate) fn sessions(
        period: &Period,
        first_day: FirstDay,
        last_day: LastDay,
        mut dates: Vec<Date>,
    ) -> Option<Clock> {
        let Range { start: from, end: after_last } = period.dates(first_day, last_day);
        dates.truncate(dates.partition_point(|date| *date < after_last));
        let first = *dates.get(dates.partition_point(|date| *date < from))?;
        dates.drain(..dates.partition_point(|date| *date < Span::Year.first(first)));
        let start = Instant { date: first, time: period.start.time };
        Some(Clock::new(period, Calendar::listed(dates, first)?, start))
    }
}

impl Period {
    /// The dates of which days can be days of the backtest, as the conventions `first_day` and `last_day` say.
    pub(crate) fn dates(&self, first_day: FirstDay, last_day: LastDay) -> Range<Date> {
        let first = match first_day {
            FirstDay::FromStart => self.start.next_event(Phase::Close),
            FirstDay::Whole => self.start.date,
        };
        let Instant { date: end, time } = self.end;
        let after_last = match last_day {
            LastDay::StartTimeOfDay if self.start.time > time => end,
            _ => end.next(),
        };
        first..after_last
    }
}

/// The decisions of a schedule within a period. Where orders are filled at closes, no decision is made at an open.
pub(crate) fn decisions(
    schedule: RebalanceSchedule,
    period: &Period,
    clock: &Clock,
    buy_and_hold: BuyAndHoldEvent,
    fill: FillEvent,
) -> Decisions {
    let calendar = &clock.calendar;
    let closes = clock.curve_start as u32..calendar.days() as u32;
    match schedule {
        RebalanceSchedule::BuyAndHold => once(period, clock, buy_and_hold, fill == FillEvent::NextOpen),
        RebalanceSchedule::Daily | RebalanceSchedule::OnChange => Decisions::Closes(closes.collect()),
        RebalanceSchedule::Weekly { weekdays } => {
            let stands_for_one =
                |day: &u32| weekdays.weekdays().any(|weekday| calendar.stands_for(*day as usize, weekday));
            Decisions::Closes(closes.filter(stands_for_one).collect())
        }
        RebalanceSchedule::Numbered { span, number } => {
            Decisions::Closes(calendar.numbered_days(closes, span, number))
        }
        RebalanceSchedule::Every { closes: step } => {
            Decisions::Closes(closes.step_by(step as usize).collect())
        }
    }
}

/// The decision of buy-and-hold; at a close unless `opens` says that it may be at an open.
fn once(period: &Period, clock: &Clock, event: BuyAndHoldEvent, opens: bool) -> Decisions {
    let never = Decisions::Closes(Vec::new());
    let Clock { calendar, start, .. } = clock;
    match event {
        BuyAndHoldEvent::ExactStart => {
            match (calendar.days(), period.burn_in.is_some_and(|burn_in| *start < burn_in)) {
                (0, _) | (_, true) => never,
                _ if start.time == OPEN_TIME && opens => Decisions::Open(0),
                _ if start.time == OPEN_TIME || start.time == CLOSE_TIME => Decisions::Closes(vec![0]),
                _ => never,
            }
        }
        BuyAndHoldEvent::NextEvent => {
            let from = period.burn_in.map_or(period.start, |burn_in| burn_in.max(period.start));
            let [open, close] = [Phase::Open, Phase::Close].map(|phase| calendar.day_at(from, phase));
            match if opens { open.min(close) } else { close } {
                day if day == calendar.days() => never,
                day if opens && open <= close => Decisions::Open(day as u32),
                day => Decisions::Closes(vec![day as u32]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, time: u64) -> Instant {
        Instant { date: Date::parse(text.as_bytes()).unwrap(), time }
    }

    fn clock_of(start: Instant, end: Instant) -> (String, usize) {
        let period = Period { start, burn_in: None, end };
        let clock = Clock::weekdays(&period, FirstDay::Whole, LastDay::StartTimeOfDay);
        (clock.calendar.date(0).to_string(), clock.calendar.days())
    }

    #[test]
    fn the_last_day_needs_the_start_time_of_day() {
        let start = at("2016-12-29", OPEN_TIME);
        assert_eq!(clock_of(start, at("2016-12-30", 0)), ("2016-12-29".into(), 1));
        assert_eq!(clock_of(start, at("2016-12-30", CLOSE_TIME)), ("2016-12-29".into(), 2));
        assert_eq!(clock_of(start, at("2017-01-01", 0)), ("2016-12-29".into(), 2));
        assert_eq!(clock_of(at("2008-03-01", 0), at("2008-03-03", 0)), ("2008-03-03".into(), 1));
        assert_eq!(clock_of(at("2008-03-01", OPEN_TIME), at("2008-03-03", 0)), ("2008-03-03".into(), 0));
    }

    fn weekly(named: &[u32]) -> RebalanceSchedule {
        let mut weekdays = WeekdaySet::default();
        assert!(named.iter().all(|weekday| weekdays.add(*weekday)) && !weekdays.add(named[0]));
        RebalanceSchedule::Weekly { weekdays }
    }

    fn decisions_of(schedule: RebalanceSchedule, start: Instant, event: BuyAndHoldEvent) -> Decisions {
        let period = Period { start, burn_in: None, end: at("2013-04-05", CLOSE_TIME) };
        let clock = Clock::weekdays(&period, FirstDay::Whole, LastDay::Date);
        decisions(schedule, &period, &clock, event, FillEvent::NextOpen)
    }

    #[test]
    fn months_end_on_their_last_weekday() {
        // From Friday 2013-03-22: Good Friday 2013-03-29 is day 5.
        let start = at("2013-03-22", OPEN_TIME);
        let closes = |schedule| decisions_of(schedule, start, BuyAndHoldEvent::ExactStart);
        let numbered = |span, number| closes(RebalanceSchedule::Numbered { span, number });
        assert_eq!(numbered(Span::Month, -1), Decisions::Closes(vec![5]));
        assert_eq!(numbered(Span::Month, -2), Decisions::Closes(vec![4]));
        // 2013-04-01 is day 6; March has 21 weekdays before the 29th, of which the 16th is day 0.
        assert_eq!(numbered(Span::Month, 1), Decisions::Closes(vec![6]));
        assert_eq!(numbered(Span::Month, 17), Decisions::Closes(vec![1]));
        assert_eq!(numbered(Span::Month, 23), Decisions::Closes(vec![]));
        assert_eq!(numbered(Span::Quarter, 1), Decisions::Closes(vec![6]));
        assert_eq!(numbered(Span::Quarter, -1), Decisions::Closes(vec![5]));
        // New Year's Day 2013 was a Tuesday: 64 weekdays come before 2013-04-01.
        assert_eq!(numbered(Span::Year, 65), Decisions::Closes(vec![6]));
        assert_eq!(closes(weekly(&[4])), Decisions::Closes(vec![0, 5, 10]));
        assert_eq!(closes(weekly(&[4, 0])), Decisions::Closes(vec![0, 1, 5, 6, 10]));
        assert_eq!(closes(RebalanceSchedule::Every { closes: 4 }), Decisions::Closes(vec![0, 4, 8]));
        assert_eq!(closes(RebalanceSchedule::Daily), Decisions::Closes((0..11).collect()));
    }

    #[test]
    fn buy_and_hold_needs_an_exact_start_or_takes_the_next_event() {
        let decided =
            |time, event| decisions_of(RebalanceSchedule::BuyAndHold, at("2013-03-22", time), event);
        assert_eq!(decided(OPEN_TIME, BuyAndHoldEvent::ExactStart), Decisions::Open(0));
        assert_eq!(decided(CLOSE_TIME, BuyAndHoldEvent::ExactStart), Decisions::Closes(vec![0]));
        assert_eq!(decided(0, BuyAndHoldEvent::ExactStart), Decisions::Closes(vec![]));
        assert_eq!(decided(0, BuyAndHoldEvent::NextEvent), Decisions::Open(0));
        assert_eq!(decided(OPEN_TIME + 1, BuyAndHoldEvent::NextEvent), Decisions::Closes(vec![0]));
        assert_eq!(decided(CLOSE_TIME + 1, BuyAndHoldEvent::NextEvent), Decisions::Open(1));
    }

    #[test]
    fn a_start_between_sessions_is_the_first_one_at_its_time() {
        // A Saturday, a burn-in on Sunday or Monday, and sessions from Monday on.
        let bought = |time, burn_in| {
            let start = at("2020-01-04", time);
            let period = Period { start, burn_in: Some(burn_in), end: at("2020-01-08", CLOSE_TIME) };
            let dates = ["2020-01-03", "2020-01-06", "2020-01-07"].map(|date| at(date, 0).date);
            let clock = Clock::sessions(&period, FirstDay::Whole, LastDay::Date, dates.into()).unwrap();
            once(&period, &clock, BuyAndHoldEvent::ExactStart, true)
        };
        let sunday = at("2020-01-05", CLOSE_TIME);
        assert_eq!(bought(OPEN_TIME, sunday), Decisions::Open(0));
        assert_eq!(bought(CLOSE_TIME, sunday), Decisions::Closes(vec![0]));
        assert_eq!(bought(OPEN_TIME, at("2020-01-06", OPEN_TIME)), Decisions::Open(0));
        assert_eq!(bought(OPEN_TIME, at("2020-01-06", CLOSE_TIME)), Decisions::Closes(Vec::new()));
    }

    #[test]
    fn a_weekend_late_in_the_day_comes_before_the_whole_monday() {
        // Saturday 2013-03-23 and the days around it.
        let first = |date: &str, time, first_day| {
            let period = Period { start: at(date, time), burn_in: None, end: at("2013-04-05", CLOSE_TIME) };
            Clock::weekdays(&period, first_day, LastDay::Date).calendar.date(0).to_string()
        };
        for date in ["2013-03-23", "2013-03-24"] {
            for first_day in [FirstDay::Whole, FirstDay::FromStart] {
                assert_eq!(first(date, CLOSE_TIME + 1, first_day), "2013-03-25");
            }
            let start = at(date, CLOSE_TIME + 1);
            let decided = |event| {
                let period = Period { start, burn_in: None, end: at("2013-04-05", CLOSE_TIME) };
                let clock = Clock::weekdays(&period, FirstDay::FromStart, LastDay::Date);
                decisions(RebalanceSchedule::BuyAndHold, &period, &clock, event, FillEvent::NextOpen)
            };
            assert_eq!(decided(BuyAndHoldEvent::NextEvent), Decisions::Open(0));
            assert_eq!(decided(BuyAndHoldEvent::ExactStart), Decisions::Closes(vec![]));
        }
        assert_eq!(first("2013-03-22", CLOSE_TIME + 1, FirstDay::FromStart), "2013-03-25");
        assert_eq!(first("2013-03-22", CLOSE_TIME, FirstDay::FromStart), "2013-03-22");
    }

    /// Bars on these dates of January and February 2023, and of the December before.
    fn sessions_of(start: Instant, burn_in: Option<Instant>, first_day: FirstDay) -> Option<(Period, Clock)> {
        let dates = ["2022-12-30", "2023-01-03", "2023-01-06", "2023-01-07", "2023-01-10", "2023-02-01"];
        let dates = dates.map(|text| Date::parse(text.as_bytes()).unwrap());
        let period = Period { start, burn_in, end: at("2023-01-31", CLOSE_TIME) };
        Clock::sessions(&period, first_day, LastDay::Date, dates.to_vec()).map(|clock| (period, clock))
    }

    #[test]
    fn sessions_lie_in_the_period() {
        let first = |date: &str, time, first_day| {
            let (_, clock) = sessions_of(at(date, time), None, first_day)?;
            Some((clock.calendar.date(0).to_string(), clock.calendar.days()))
        };
        let is = |date: &str, days| Some((date.to_owned(), days));
        // Saturday the 7th is a session, Sunday the 8th is none, and no start is moved.
        assert_eq!(first("2023-01-07", CLOSE_TIME, FirstDay::FromStart), is("2023-01-07", 2));
        assert_eq!(first("2023-01-07", CLOSE_TIME + 1, FirstDay::FromStart), is("2023-01-10", 1));
        assert_eq!(first("2023-01-07", CLOSE_TIME + 1, FirstDay::Whole), is("2023-01-07", 2));
        assert_eq!(first("2022-12-31", OPEN_TIME, FirstDay::Whole), is("2023-01-03", 4));
        assert_eq!(first("2023-01-11", OPEN_TIME, FirstDay::Whole), None);
    }

    #[test]
    fn sessions_of_the_same_year_before_the_first_one_count() {
        let numbered = |start: &str, span, number| {
            let (period, clock) = sessions_of(at(start, OPEN_TIME), None, FirstDay::Whole).unwrap();
            let schedule = RebalanceSchedule::Numbered { span, number };
            decisions(schedule, &period, &clock, BuyAndHoldEvent::NextEvent, FillEvent::NextOpen)
        };
        // The third session of January is day 0; what the files say of December does not count in the new year.
        assert_eq!(numbered("2023-01-07", Span::Month, 3), Decisions::Closes(vec![0]));
        assert_eq!(numbered("2023-01-07", Span::Year, 4), Decisions::Closes(vec![1]));
        // Fifteen weekdays of January come after the 10th, the last known session.
        assert_eq!(numbered("2023-01-07", Span::Month, -16), Decisions::Closes(vec![1]));
        assert_eq!(numbered("2022-12-30", Span::Month, -1), Decisions::Closes(vec![0]));
    }

    #[test]
    fn buy_and_hold_among_sessions_and_at_closes() {
        let decided = |start, burn_in, event, fill| {
            let (period, clock) = sessions_of(start, burn_in, FirstDay::Whole).unwrap();
            decisions(RebalanceSchedule::BuyAndHold, &period, &clock, event, fill)
        };
        let (open, close) = (FillEvent::NextOpen, [FillEvent::NextClose, FillEvent::SameClose]);
        let (exact, next) = (BuyAndHoldEvent::ExactStart, BuyAndHoldEvent::NextEvent);
        let saturday = |time| at("2023-01-07", time);
        assert_eq!(decided(saturday(OPEN_TIME), None, exact, open), Decisions::Open(0));
        assert_eq!(decided(saturday(OPEN_TIME), None, next, open), Decisions::Open(0));
        assert_eq!(decided(saturday(OPEN_TIME + 1), None, next, open), Decisions::Closes(vec![0]));
        assert_eq!(decided(saturday(CLOSE_TIME + 1), None, next, open), Decisions::Open(1));
        let burn_in = Some(at("2023-01-08", 0));
        assert_eq!(decided(saturday(OPEN_TIME), burn_in, next, open), Decisions::Open(1));
        assert_eq!(decided(saturday(OPEN_TIME), burn_in, exact, open), Decisions::Closes(vec![]));
        for fill in close {
            assert_eq!(decided(saturday(OPEN_TIME), None, exact, fill), Decisions::Closes(vec![0]));
            assert_eq!(decided(saturday(CLOSE_TIME), None, exact, fill), Decisions::Closes(vec![0]));
            assert_eq!(decided(saturday(0), None, exact, fill), Decisions::Closes(vec![]));
            assert_eq!(decided(saturday(0), None, next, fill), Decisions::Closes(vec![0]));
            assert_eq!(decided(saturday(0), burn_in, next, fill), Decisions::Closes(vec![1]));
            let late = Some(at("2023-01-07", CLOSE_TIME));
            assert_eq!(decided(saturday(OPEN_TIME), late, exact, fill), Decisions::Closes(vec![]));
        }
    }
}
