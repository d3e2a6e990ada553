//! What is known of rows on each day: of numbers the last known one, of dates how far away the next one is.

use super::rows::Rows;
use crate::market::calendar::Calendar;
use crate::market::date::Date;

/// The number known at the close of each day of a calendar; NaN if there is none.
///
/// A row belongs to the first session at or after its date and is known from the close of the session `lag` later. It counts
/// until the next one is known, and for `max_age` sessions after its own at most; of two rows of one session the later date
/// counts. Weekdays count as sessions before the first one.
pub(crate) fn last_known(calendar: &Calendar, rows: &Rows, lag: u64, max_age: Option<u64>) -> Vec<f64> {
    let days = calendar.days() as i64;
    let mut values = vec![f64::NAN; calendar.days()];
    let known_from = |date: &Date| calendar.session(*date).saturating_add_unsigned(lag);
    let mut from = rows.dates.first().map_or(days, known_from);
    for (row, value) in rows.values.iter().enumerate() {
        let next = rows.dates.get(row + 1).map_or(days, known_from);
        let until = max_age.map_or(days, |age| from.saturating_add_unsigned(age).saturating_add(1));
        let (first, end) = (from.max(0), until.min(next).min(days));
        if first < end {
            values[first as usize..end as usize].fill(*value);
        }
        from = next;
    }
    values
}

/// The number of sessions from each day of a calendar to the next of some dates, which ascend; NaN if none is within `known`.
///
/// A date stands for the first session at or after it, on which the value is 0. Weekdays count as sessions after the last one.
pub(crate) fn sessions_to_next(calendar: &Calendar, dates: &[Date], known: u64) -> Vec<f64> {
    let mut sessions = dates.iter().map(|date| calendar.session(*date)).peekable();
    let ahead = |day: i64| {
        while sessions.next_if(|session| *session < day).is_some() {}
        let ahead = sessions.peek().map(|session| session - day);
        ahead.filter(|ahead| ahead.unsigned_abs() <= known).map_or(f64::NAN, |ahead| ahead as f64)
    };
    (0..calendar.days() as i64).map(ahead).collect()
}

/// The last of some dates, which ascend, that a day of a calendar can see this number of sessions ahead: how many dates there
/// are up to it.
pub(crate) fn count_in_sight(calendar: &Calendar, dates: &[Date], known: u64) -> usize {
    let end = (calendar.days() as i64).saturating_add_unsigned(known);
    dates.partition_point(|date| calendar.session(*date) < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: f64 = f64::NAN;

    fn date(text: &str) -> Date {
        Date::parse(format!("2023-{text}").as_bytes()).unwrap()
    }

    /// Wednesday to Friday and the Tuesday after, which follows a holiday.
    fn sessions() -> Calendar {
        Calendar::listed(["06-14", "06-15", "06-16", "06-20"].map(date), date("06-14")).unwrap()
    }

    fn rows(rows: &[(&str, f64)]) -> Rows {
        Rows {
            dates: rows.iter().map(|(text, _)| date(text)).collect(),
            values: rows.iter().map(|(_, value)| *value).collect(),
        }
    }

    fn check(found: &[f64], expected: &[f64]) {
        let bits = |values: &[f64]| -> Vec<u64> { values.iter().map(|value| value.to_bits()).collect() };
        assert_eq!(bits(found), bits(expected), "{found:?} and not {expected:?}");
    }

    #[test]
    fn a_number_is_known_its_lag_after_its_session() {
        let known = |list: &[(&str, f64)], lag| last_known(&sessions(), &rows(list), lag, None);
        check(&known(&[("06-15", 1.0)], 0), &[NO, 1.0, 1.0, 1.0]);
        check(&known(&[("06-15", 1.0)], 2), &[NO, NO, NO, 1.0]);
        check(&known(&[("06-15", 1.0)], 3), &[NO; 4]);
        // Saturday and the holiday belong to the Tuesday after.
        check(&known(&[("06-14", 1.0), ("06-17", 2.0)], 0), &[1.0, 1.0, 1.0, 2.0]);
        check(&known(&[("06-17", 2.0), ("06-19", 3.0)], 0), &[NO, NO, NO, 3.0]);
        check(&known(&[], 0), &[NO; 4]);
        // Two sessions before the first, counted in weekdays: Monday the 12th. The Sunday before belongs to it.
        check(&known(&[("06-12", 1.0)], 2), &[1.0; 4]);
        check(&known(&[("06-11", 1.0)], 3), &[NO, 1.0, 1.0, 1.0]);
        check(&known(&[("01-02", 1.0), ("06-13", 2.0)], 2), &[1.0, 2.0, 2.0, 2.0]);
        // Beyond the last session.
        check(&known(&[("06-20", 4.0), ("06-21", 5.0)], 0), &[NO, NO, NO, 4.0]);
        check(&known(&[("06-14", 4.0)], u64::MAX), &[NO; 4]);
    }

    #[test]
    fn a_number_ages() {
        let known = |list: &[(&str, f64)], lag, age| last_known(&sessions(), &rows(list), lag, Some(age));
        check(&known(&[("06-14", 1.0), ("06-16", 2.0)], 0, 0), &[1.0, NO, 2.0, NO]);
        check(&known(&[("06-14", 1.0), ("06-16", 2.0)], 1, 1), &[NO, 1.0, 1.0, 2.0]);
        // The later of two rows of a session ends the earlier one, and ages from the same session.
        check(&known(&[("06-17", 1.0), ("06-20", 2.0)], 0, 0), &[NO, NO, NO, 2.0]);
        // Known two weekdays before the first session: its second session after that is the first.
        check(&known(&[("06-12", 1.0)], 0, 1), &[NO; 4]);
        check(&known(&[("06-12", 1.0)], 0, 2), &[1.0, NO, NO, NO]);
        check(&known(&[("06-12", 1.0)], 0, u64::MAX), &[1.0; 4]);
    }

    #[test]
    fn dates_are_counted_down_to() {
        let to_next = |list: &[&str], known| {
            let dates: Vec<Date> = list.iter().map(|text| date(text)).collect();
            sessions_to_next(&sessions(), &dates, known)
        };
        check(&to_next(&["06-16"], 250), &[2.0, 1.0, 0.0, NO]);
        check(&to_next(&["06-16"], 1), &[NO, 1.0, 0.0, NO]);
        // The holiday stands for the Tuesday; Thursday the 22nd is the second weekday after the last session.
        check(&to_next(&["06-10", "06-13", "06-19", "06-22"], 9), &[3.0, 2.0, 1.0, 0.0]);
        check(&to_next(&["06-14", "06-15", "06-22"], 3), &[0.0, 0.0, 3.0, 2.0]);
        check(&to_next(&[], 9), &[NO; 4]);
        let dates = ["06-01", "06-21", "06-22", "06-25", "06-26"].map(date);
        let in_sight = |known| count_in_sight(&sessions(), &dates, known);
        // Friday the 23rd is the third weekday after the last session; the 25th is a Sunday and stands for the fourth.
        assert_eq!([0, 1, 2, 3, 4].map(in_sight), [1, 2, 3, 3, 5]);
    }

    #[test]
    fn weekdays_are_sessions() {
        let calendar = Calendar::weekdays(date("06-14"), 5);
        let known = last_known(&calendar, &rows(&[("06-09", 1.0), ("06-17", 2.0)]), 4, None);
        check(&known, &[NO, 1.0, 1.0, 1.0, 1.0]);
        check(&last_known(&calendar, &rows(&[("06-17", 2.0)]), 1, None), &[NO, NO, NO, NO, 2.0]);
        check(&sessions_to_next(&calendar, &[date("06-17")], 3), &[3.0, 2.0, 1.0, 0.0, NO]);
    }
}
