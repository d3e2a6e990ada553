//! Numbers that the date alone decides.

pub(super) mod day;
pub(super) mod month;
pub(super) mod quarter;
pub(super) mod session_of_month;
pub(super) mod sessions_left_in_month;
pub(super) mod weekday;
pub(super) mod year;

#[cfg(test)]
pub(in crate::formula) mod testing {
    //! Five sessions around the end of a month.

    use crate::market::calendar::Calendar;
    use crate::market::date::Date;

    /// A number on each of five sessions: Thursday 2020-01-30, Friday, Monday, Tuesday and Sunday 2020-02-09. Wednesday the
    /// 29th of January comes before them.
    pub(crate) fn sessions(number: fn(&Calendar, usize) -> f64) -> Vec<f64> {
        let dates = [(1, 29), (1, 30), (1, 31), (2, 3), (2, 4), (2, 9)];
        let dates = dates.map(|(month, day)| Date::from_ymd(2020, month, day).unwrap());
        let calendar = Calendar::listed(dates, dates[1]).unwrap();
        (0..calendar.days()).map(|day| number(&calendar, day)).collect()
    }
}
