//! `session_of_month()`: the number of the day within its month, from 1.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::{Calendar, Span};

/// `session_of_month()`: the number of the day within its month, from 1.
pub(crate) static SESSION_OF_MONTH: Operator = Operator {
    name: "session_of_month",
    usage: "session_of_month()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The number of the day among the days of its month: the first is 1. Days before the start of the backtest count too.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: session_of_month() -> 4, 5, 6, 7, 8, 9"],
    remarks: "Days are weekdays or sessions, as [`calendar`](conventions.md#calendar) says. Under `sessions` those of the first month before the start are the dates on which a traded asset has a bar.",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    let first = calendar.day(Span::Month.first(calendar.date(day)));
    (day as i64 - first + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        // The 29th, before the first day, is one of January.
        assert_eq!(sessions(number), [2.0, 3.0, 1.0, 2.0, 3.0]);
    }
}
