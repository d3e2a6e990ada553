//! `days_since(condition)`: the days since a condition was last true.

use crate::formula::kernel::arithmetic::is_true;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, no_depth};

/// `days_since(condition)`: the days since a condition was last true.
pub(crate) static DAYS_SINCE: Operator = Operator {
    name: "days_since",
    usage: "days_since(condition)",
    synonyms: &["barssince"],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::OverTime(compute),
    purpose: "counting and events",
    definition: "The number of days since the condition was last true, 0 on a day on which it is.",
    absent: Absent::Rule(
        "Absent before the condition was true for the first time. An absent condition is false. It looks at every \
        close since the asset's first day and has no window of its own.",
    ),
    example: &[
        "A: days_since(close < lag(close, 1)) -> -, -, 0, 1, 2, 0",
        "A: days_since(close > 100) -> -, -, -, -, -, -",
    ],
    remarks: "",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let mut since = f64::NAN;
    let column: Vec<f64> = window
        .x()
        .iter()
        .map(|condition| {
            since = if is_true(*condition) { 0.0 } else { since + 1.0 };
            since
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn it_counts_from_the_last_true_day() {
        let condition = [NAN, 0.0, -2.0, 0.0, NAN, 1.0];
        check(&DAYS_SINCE, &[], &[&condition], &[NAN, NAN, 0.0, 1.0, 2.0, 0.0]);
    }
}
