//! Which dates are the days of a backtest. Knows no prices. No other file knows how many weekdays a week has.

use std::ops::Range;
use std::sync::Arc;

use super::date::{Date, Instant, Phase};

/// The days of a backtest, numbered from 0. After the last one the calendar continues with weekdays, so that an unfinished
/// month has an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Calendar {
    days: usize,
    dates: Dates,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Dates {
    /// Consecutive weekdays; `first` is the number of the first one, as [`weekdays_before`] counts.
    Weekdays { first: i64 },
    /// These dates, ascending; the first `earlier` of them come before day 0, at least one does not.
    Listed { dates: Arc<[Date]>, earlier: usize },
}

impl Calendar {
    /// `days` consecutive weekdays, the first of them at or after a date.
    pub(crate) fn weekdays(from: Date, days: usize) -> Calendar {
        Calendar { days, dates: Dates::Weekdays { first: weekdays_before(from) } }
    }

    /// The weekdays from `from` on that are before `until`; an empty calendar if there is none.
    pub(crate) fn weekdays_until(from: Date, until: Date) -> Calendar {
        let days = weekdays_before(until) - weekdays_before(from);
        Calendar::weekdays(from, usize::try_from(days).unwrap_or(0))
    }

    /// The dates of a list, weekends or not, from `first` on. Those before it have negative numbers: they count where days are
    /// numbered within their month. `None` if the list does not ascend or has no date from `first` on.
    pub(crate) fn listed(dates: impl Into<Arc<[Date]>>, first: Date) -> Option<Calendar> {
        let dates = dates.into();
        let earlier = dates.partition_point(|date| *date < first);
        let ascend = dates.array_windows().all(|[date, next]| date < next);
        (ascend && earlier < dates.len())
            .then(|| Calendar { days: dates.len() - earlier, dates: Dates::Listed { dates, earlier } })
    }

    /// Whether its days are the dates of a list.
    pub(crate) fn is_listed(&self) -> bool {
        matches!(self.dates, Dates::Listed { .. })
    }

    /// Number of days.
    pub(crate) fn days(&self) -> usize {
        self.days
    }

    /// The date of a day, which may be after the last one.
    pub(crate) fn date(&self, day: usize) -> Date {
        match &self.dates {
            Dates::Weekdays { first } => weekday(first + day as i64),
            Dates::Listed { dates, earlier } => match dates.get(earlier + day) {
                Some(date) => *date,
                None => weekday(after(dates) + (day - self.days) as i64),
            },
        }
    }

    /// The first day at or after a date. Dates before day 0 are numbered -1, -2 and so on: weekdays without end, or the earlier
    /// dates of the list, the first of which stands for all before it. Weekdays after the last day continue its number.
    pub(crate) fn day(&self, date: Date) -> i64 {
        match &self.dates {
            Dates::Weekdays { first } => weekdays_before(date) - first,
            Dates::Listed { dates, earlier } => {
                let before = dates.partition_point(|listed| *listed < date);
                let beyond = if before == dates.len() { weekdays_before(date) - after(dates) } else { 0 };
                before as i64 - *earlier as i64 + beyond
            }
        }
    }

    /// The first day at or after a date, where weekdays count as days before day 0 and after the last day. Unlike [`Self::day`]
    /// it does not look at the dates of a list that come before day 0, which may begin anywhere.
    pub(crate) fn session(&self, date: Date) -> i64 {
        let first = self.date(0);
        if date < first { weekdays_before(date) - weekdays_before(first) } else { self.day(date) }
    }

    /// The first day of the calendar whose open or close, as `phase` says, is at or after an instant; the number of days if
    /// there is no such day.
    pub(crate) fn day_at(&self, instant: Instant, phase: Phase) -> usize {
        usize::try_from(self.day(instant.next_event(phase))).unwrap_or(0).min(self.days)
    }

    /// The dates of all days, in order.
    pub(crate) fn dates(&self) -> impl Iterator<Item = Date> {
        (0..self.days).map(|day| self.date(day))
    }

    /// Those of some days that are number `number` of the days of their month, quarter or year: counted from 1, or backwards
    /// from -1. Days before day 0 count too, and after its last day the calendar goes on with weekdays.
    pub(crate) fn numbered_days(&self, days: Range<u32>, span: Span, number: i32) -> Vec<u32> {
        let mut numbered = Vec::new();
        let mut day = days.start;
        while day < days.end {
            let [first, next] = span.around(self.date(day as usize)).map(|date| self.day(date));
            let wanted = if number > 0 { first - 1 } else { next } + i64::from(number);
            let is_in_span = first <= wanted && wanted < next;
            let wanted = u32::try_from(wanted).ok().filter(|wanted| is_in_span && days.contains(wanted));
            numbered.extend(wanted);
            day = u32::try_from(next).unwrap_or(day).max(day + 1);
        }
        numbered
    }

    /// The day of the week, Monday = 0 to Sunday = 6.
    pub(crate) fn weekday(&self, day: usize) -> u32 {
        self.date(day).weekday()
    }

    /// Whether the next day is in another week, from Monday to Sunday.
    pub(crate) fn ends_week(&self, day: usize) -> bool {
        let (date, next) = (self.date(day), self.date(day + 1));
        next - date >= 7 || next.weekday() <= date.weekday()
    }

    /// Whether the next day is in another month.
    pub(crate) fn ends_month(&self, day: usize) -> bool {
        Span::Month.first(self.date(day)) != Span::Month.first(self.date(day + 1))
    }

    /// Whether a day is this weekday (Monday = 0 to Sunday = 6), or replaces it: the calendar lacks that weekday and this day
    /// is the last one before it in the same week.
    pub(crate) fn stands_for(&self, day: usize, weekday: u32) -> bool {
        let date = self.date(day);
        // Counted from Monday of this week, so that days of the next week are greater than all of this one.
        let next = date.weekday() as i32 + (self.date(day + 1) - date);
        date.weekday() <= weekday && (weekday as i32) < next
    }
}

/// A part of the calendar that days are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// A calendar month.
    Month,
    /// Three months from January, April, July or October on.
    Quarter,
    /// A calendar year.
    Year,
}

impl Span {
    /// The first date of the span around a date.
    pub(crate) fn first(self, date: Date) -> Date {
        self.around(date)[0]
    }

    /// The first date after the span around a date.
    pub(crate) fn next(self, date: Date) -> Date {
        self.around(date)[1]
    }

    /// The first date of the span around a date, and the first date after it.
    fn around(self, date: Date) -> [Date; 2] {
        let (year, month, _) = date.ymd();
        let months = match self {
            Span::Month => 1,
            Span::Quarter => 3,
            Span::Year => 12,
        };
        let first = (month - 1) / months * months;
        // The years of the program end long before those of dates.
        let date_of =
            |months: u32| Date::from_ymd(year + (months / 12) as i32, months % 12 + 1, 1).unwrap_or(date);
        [date_of(first), date_of(first + months)]
    }
}

/// The number of the first weekday after the last of these dates.
fn after(dates: &[Date]) -> i64 {
    dates.last().map_or(0, |last| weekdays_before(last.next()))
}

/// Whether a date is a weekday, Monday to Friday.
pub(crate) fn is_weekday(date: Date) -> bool {
    date.weekday() < 5
}

/// The date itself if it is a weekday, else the next Monday.
pub(crate) fn weekday_at_or_after(date: Date) -> Date {
    weekday(weekdays_before(date))
}

/// Number of weekdays in `[1969-12-29, date)`; 1969-12-29 is a Monday. So consecutive weekdays have consecutive numbers, and a
/// Saturday or Sunday has the number of the Monday after it.
fn weekdays_before(date: Date) -> i64 {
    let days = i64::from(date.0) + 3;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// The weekday with this number, as [`weekdays_before`] counts; the last representable date if it is later.
fn weekday(number: i64) -> Date {
    Date(i32::try_from(number.div_euclid(5) * 7 + number.rem_euclid(5) - 3).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Calendar {
        fn is_numbered(&self, day: usize, span: Span, number: i32) -> bool {
            let day = day as u32;
            self.numbered_days(day..day + 1, span, number) == [day]
        }
    }

    fn date(text: &str) -> Date {
        Date::parse(text.as_bytes()).unwrap()
    }

    fn listed(dates: &[&str]) -> Calendar {
        let dates: Vec<Date> = dates.iter().map(|text| date(text)).collect();
        Calendar::listed(dates.clone(), dates[0]).unwrap()
    }

    /// Sessions around the turn of a year, with two Sundays and a Saturday among them.
    fn sessions() -> Calendar {
        // There is no session at Thanksgiving, Christmas and New Year.
        listed(&[
            "2020-11-25",
            "2020-11-27",
            "2020-11-29",
            "2020-11-30",
            "2020-12-23",
            "2020-12-24",
            "2020-12-26",
            "2020-12-27",
            "2020-12-31",
            "2021-01-04",
            "2021-01-05",
            "2021-01-07",
        ])
    }

    #[test]
    fn weekdays_are_numbered_without_gaps() {
        let first = date("1960-01-04");
        let calendar = Calendar::weekdays_until(first, date("2040-01-01"));
        let mut expected = 0;
        for day in first.0..date("2040-01-01").0 {
            let date = Date(day);
            assert_eq!(calendar.day(date), expected, "{date}");
            if is_weekday(date) {
                assert_eq!(calendar.date(expected as usize), date);
                expected += 1;
            }
        }
        assert_eq!(calendar.days() as i64, expected);
        assert_eq!(calendar.day(date("1959-12-31")), -2);
    }

    #[test]
    fn a_weekend_moves_to_monday() {
        for text in ["2008-03-01", "2008-03-02", "2008-03-03"] {
            assert_eq!(weekday_at_or_after(date(text)), date("2008-03-03"));
            assert_eq!(Calendar::weekdays(date(text), 1).date(0), date("2008-03-03"));
        }
        assert_eq!(Calendar::weekdays_until(date("2008-03-01"), date("2008-03-03")).days(), 0);
        assert_eq!(Calendar::weekdays_until(date("2008-03-05"), date("2008-03-03")).days(), 0);
    }

    #[test]
    fn weekdays_in_a_list_are_the_same_calendar() {
        for first in ["2019-12-30", "2020-01-01", "2020-01-31", "2021-02-27"].map(date) {
            for days in [1, 2, 5, 23, 300] {
                let weekdays = Calendar::weekdays(first, days);
                // Weekdays before the first one belong to the list as well.
                let before = Calendar::weekdays_until(Date(first.0 - 400), weekdays.date(0));
                let dates = Vec::from_iter(before.dates().chain(weekdays.dates()));
                let listed = Calendar::listed(dates, first).unwrap();
                assert_eq!(listed.days(), days);
                for day in 0..days + 40 {
                    assert_eq!(listed.date(day), weekdays.date(day), "{first}, day {day} of {days}");
                    for (span, number) in [(Span::Month, -1), (Span::Quarter, 3), (Span::Year, -20)] {
                        let is_numbered = |calendar: &Calendar| calendar.is_numbered(day, span, number);
                        assert_eq!(is_numbered(&listed), is_numbered(&weekdays));
                    }
                    for name in 0..7 {
                        assert_eq!(listed.stands_for(day, name), weekdays.stands_for(day, name));
                    }
                }
                for date in (first.0 - 40..first.0 + 500).map(Date) {
                    assert_eq!(listed.day(date), weekdays.day(date), "{date}");
                    for phase in [Phase::Open, Phase::Close] {
                        assert_eq!(
                            listed.day_at(date.at(phase), Phase::Open),
                            weekdays.day_at(date.at(phase), Phase::Open)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn day_and_date_are_inverse() {
        for calendar in [sessions(), listed(&["2021-01-03"]), Calendar::weekdays(date("2020-11-21"), 9)] {
            let first = calendar.date(0);
            let mut day = calendar.day(Date(first.0 - 20));
            for date in (first.0 - 20..first.0 + 90).map(Date) {
                // The first day at or after a date never decreases, and the day of a day's own date is that day.
                let next = calendar.day(date);
                assert!(day <= next && next <= day + 1, "{date}");
                day = next;
                if let Ok(day) = usize::try_from(day) {
                    assert!(
                        date <= calendar.date(day) && (day == 0 || calendar.date(day - 1) < date),
                        "{date}"
                    );
                    assert_eq!(calendar.day(calendar.date(day)), day as i64);
                }
            }
            assert_eq!(Vec::from_iter(calendar.dates()).len(), calendar.days());
        }
    }

    #[test]
    fn a_list_ascends_and_holds_a_date() {
        assert_eq!(Calendar::listed(Vec::new(), Date(0)), None);
        assert_eq!(Calendar::listed([1, 1].map(Date), Date(0)), None);
        assert_eq!(Calendar::listed([2, 1].map(Date), Date(0)), None);
        assert_eq!(Calendar::listed([1, 2].map(Date), Date(3)), None);
    }

    #[test]
    fn dates_before_the_first_day_count_within_their_month() {
        let dates = ["2023-01-20", "2023-05-30", "2023-06-01", "2023-06-03", "2023-06-14", "2023-06-15"];
        let calendar = Calendar::listed(dates.map(date), date("2023-06-10")).unwrap();
        assert_eq!((calendar.days(), calendar.date(0)), (2, date("2023-06-14")));
        let days = ["2023-01-01", "2023-01-21", "2023-06-03", "2023-06-04", "2023-06-16", "2023-06-19"];
        assert_eq!(days.map(|day| calendar.day(date(day))), [-4, -3, -1, 0, 2, 3]);
        assert_eq!(calendar.day_at(Instant::midnight(date("2023-01-01")), Phase::Open), 0);
        // The third session of June, of the quarter the fourth, of the year the fifth: its rows begin on January 20th.
        let numbers = [(Span::Month, 3), (Span::Quarter, 4), (Span::Year, 5)];
        assert!(numbers.iter().all(|(span, number)| calendar.is_numbered(0, *span, *number)));
        // Without earlier dates the first day is the first of its month.
        assert!(listed(&["2023-06-14"]).is_numbered(0, Span::Month, 1));
    }

    #[test]
    fn weekdays_count_before_the_first_session_and_after_the_last() {
        let dates = ["2023-06-01", "2023-06-14", "2023-06-19"];
        let calendar = Calendar::listed(dates.map(date), date("2023-06-10")).unwrap();
        // The 12th and 13th are weekdays before Wednesday the 14th; Saturday the 10th belongs to Monday the 12th.
        let days = ["2023-06-09", "2023-06-10", "2023-06-13", "2023-06-14", "2023-06-15", "2023-06-19"];
        assert_eq!(days.map(|day| calendar.session(date(day))), [-3, -2, -1, 0, 1, 1]);
        assert_eq!(["2023-06-20", "2023-06-24"].map(|day| calendar.session(date(day))), [2, 6]);
        // The first session is a Sunday: a Saturday before it belongs to it, and no weekday lies between.
        let sunday = listed(&["2023-06-11", "2023-06-12"]);
        assert_eq!(["2023-06-09", "2023-06-10"].map(|day| sunday.session(date(day))), [-1, 0]);
        let weekdays = Calendar::weekdays(date("2023-06-14"), 3);
        for day in (0..60).map(|day| Date(date("2023-05-20").0 + day)) {
            assert_eq!(weekdays.session(day), weekdays.day(day), "{day}");
        }
    }

    #[test]
    fn a_week_ends_before_the_next_monday() {
        // Wednesday, Friday, Sunday, Monday, then Wednesday of another month; the list ends on a Thursday before a Friday.
        let calendar = sessions();
        let ends = |ends: &dyn Fn(usize) -> bool| (0..12).filter(|day| ends(*day)).collect::<Vec<_>>();
        assert_eq!(ends(&|day| calendar.ends_week(day)), [2, 3, 7, 8]);
        assert_eq!(ends(&|day| calendar.ends_month(day)), [3, 8]);
        assert_eq!((calendar.weekday(0), calendar.weekday(2)), (2, 6));
    }

    #[test]
    fn weeks_and_months_end_on_the_last_session_before_their_end() {
        let calendar = sessions();
        let days = |is: &dyn Fn(usize) -> bool| -> Vec<String> {
            (0..calendar.days())
                .filter(|day| is(*day))
                .map(|day| calendar.date(day).to_string()[5..].to_owned())
                .collect()
        };
        assert_eq!(days(&|day| calendar.is_numbered(day, Span::Month, -1)), ["11-30", "12-31"]);
        // Thursdays: Wednesday replaces Thanksgiving, and the last week continues with weekdays.
        assert_eq!(days(&|day| calendar.stands_for(day, 3)), ["11-25", "11-30", "12-24", "12-31", "01-07"]);
        assert_eq!(days(&|day| calendar.stands_for(day, 4)), ["11-27", "11-30", "12-24", "12-31"]);
        assert_eq!(days(&|day| calendar.stands_for(day, 5)), ["11-27", "11-30", "12-26", "12-31"]);
        assert_eq!(days(&|day| calendar.stands_for(day, 6)), ["11-29", "11-30", "12-27", "12-31"]);
        assert_eq!(days(&|day| calendar.stands_for(day, 0)), ["11-30", "01-04"]);
        // A Friday follows the 28th, so the month ends on the 29th.
        let ends_month = |date: &str| listed(&[date]).is_numbered(0, Span::Month, -1);
        assert!(!ends_month("2020-05-28") && ends_month("2020-05-29"));
        assert!(listed(&["2020-05-29"]).stands_for(0, 5), "no weekday is left before Saturday");
    }
}
