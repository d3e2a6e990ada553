//! `weekday()`: the day of the week, from Monday = 1 to Sunday = 7.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::Calendar;

/// `weekday()`: the day of the week, from Monday = 1 to Sunday = 7.
pub(crate) static WEEKDAY: Operator = Operator {
    name: "weekday",
    usage: "weekday()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The day of the week: Monday is 1, Friday 5, Sunday 7.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: weekday() -> 1, 2, 3, 4, 5, 1"],
    remarks: "",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    f64::from(calendar.weekday(day) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        assert_eq!(sessions(number), [4.0, 5.0, 1.0, 2.0, 7.0]);
    }
}
