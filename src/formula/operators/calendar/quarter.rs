//! `quarter()`: the quarter of the day, from 1 to 4.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::Calendar;

/// `quarter()`: the quarter of the day, from 1 to 4.
pub(crate) static QUARTER: Operator = Operator {
    name: "quarter",
    usage: "quarter()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The quarter of the year in which the day lies, from 1 to 4.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: quarter() -> 1, 1, 1, 1, 1, 1"],
    remarks: "",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    f64::from((calendar.date(day).ymd().1 - 1) / 3 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        assert_eq!(sessions(number), [1.0; 5]);
    }
}
