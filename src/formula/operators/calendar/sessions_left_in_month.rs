//! `sessions_left_in_month()`: how many days of the month are still to come.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::{Calendar, Span};

/// `sessions_left_in_month()`: how many days of the month are still to come.
pub(crate) static SESSIONS_LEFT_IN_MONTH: Operator = Operator {
    name: "sessions_left_in_month",
    usage: "sessions_left_in_month()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The number of days of the month after this one: 0 on the last. After the last day of the backtest weekdays count as days to come.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: sessions_left_in_month() -> 19, 18, 17, 16, 15, 14"],
    remarks: "Turn of the month: `equal(sessions_left_in_month() <= 1 or session_of_month() <= 2)`. Dates are known in advance, prices are not.",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    let next = calendar.day(Span::Month.next(calendar.date(day)));
    (next - 1 - day as i64) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        // 15 weekdays follow Sunday the 9th of February.
        assert_eq!(sessions(number), [1.0, 0.0, 17.0, 16.0, 15.0]);
    }
}
