//! How long the longest drawdown of a curve lasted on the calendar.

use crate::market::date::Date;

/// Calendar days from the last point at the high to the last point below it, in the longest drawdown of `longest` points.
///
/// `drawdowns` are those of [`crate::stats::curve::curve`], one for each date. `None` without a drawdown, or where no run of
/// them has this length, because the logarithms behind `drawdown_ties` see another end of it than the equity does.
pub(crate) fn calendar_days(dates: &[Date], drawdowns: &[f64], longest: usize) -> Option<i32> {
    let mut start = 0;
    for run in drawdowns.chunk_by(|a, b| (*a != 0.0) == (*b != 0.0)) {
        let end = start + run.len();
        if longest > 0 && run[0] != 0.0 && run.len() == longest {
            return Some(dates[end - 1] - dates[start.saturating_sub(1)]);
        }
        start = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_lasts_on_the_calendar_alone() {
        // Wednesday to Friday, Monday, Tuesday.
        let dates = [3, 4, 5, 8, 9].map(|day| Date::from_ymd(2024, 1, day).unwrap());
        assert_eq!(calendar_days(&dates, &[0.0, 0.1, 0.0, 0.2, 0.1], 2), Some(4));
        assert_eq!(calendar_days(&dates, &[0.0, 0.1, 0.0, 0.0, 0.0], 1), Some(1));
        assert_eq!(calendar_days(&dates, &[0.0; 5], 0), None);
        assert_eq!(calendar_days(&dates, &[0.0, 0.1, 0.0, 0.2, 0.1], 3), None);
    }
}
