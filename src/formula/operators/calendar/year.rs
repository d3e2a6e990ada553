//! `year()`: the year of the day.

use crate::formula::operator::{Absent, Compute, Operator, no_depth};
use crate::market::calendar::Calendar;

/// `year()`: the year of the day.
pub(crate) static YEAR: Operator = Operator {
    name: "year",
    usage: "year()",
    synonyms: &[],
    arguments: &[],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Calendar(number),
    purpose: "the calendar",
    definition: "The year of the day.",
    absent: Absent::Rule("Absent before the asset's first day."),
    example: &["A: year() -> 2020, 2020, 2020, 2020, 2020, 2020"],
    remarks: "",
    source: "",
};

fn number(calendar: &Calendar, day: usize) -> f64 {
    f64::from(calendar.date(day).ymd().0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::calendar::testing::sessions;

    #[test]
    fn hand_worked_values() {
        assert_eq!(sessions(number), [2020.0; 5]);
    }
}
