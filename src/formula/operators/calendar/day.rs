//! `day()`: the day of the month.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::Calendar;

/// `day()`: the day of the month.
pub(crate) static DAY: Operator = Operator {
    name: "day",
    usage: "day()",
    synonyms: &["dayofmonth", "dom"],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The day of the month, from 1 to 31.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: day() -> 6, 7, 8, 9, 10, 13"],
    remarks: "",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    f64::from(calendar.date(day).ymd().2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        assert_eq!(sessions(number), [30.0, 31.0, 3.0, 4.0, 9.0]);
    }
}
