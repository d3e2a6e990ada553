//! `month()`: the month of the day, from 1 to 12.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::Calendar;

/// `month()`: the month of the day, from 1 to 12.
pub(crate) static MONTH: Operator = Operator {
    name: "month",
    usage: "month()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The month of the day, from 1 to 12.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: month() -> 1, 1, 1, 1, 1, 1"],
    remarks: "Sell in May: `equal(month() >= 11 or month() <= 4)`.",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    f64::from(calendar.date(day).ymd().1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        assert_eq!(sessions(number), [1.0, 1.0, 2.0, 2.0, 2.0]);
    }
}
