//! `monthly(f)`: f with months in place of days.

use crate::formula::operator::{Absent, Argument, Compute, Operator, Period, no_depth};

/// `monthly(f)`: f with months in place of days.
pub(crate) static MONTHLY: Operator = Operator {
    name: "monthly",
    usage: "monthly(f)",
    synonyms: &["resample"],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Periods(Period::Month),
    purpose: "weeks and months",
    definition: "f with months in place of days. Inside, a day is a whole month: `open` is its first open, `high` its highest, `low` its lowest, `close` its last, `volume` the sum of its days; columns of numbers and calendar functions are as on its last day; windows count months. The value of a day is that of the last month that was complete at its close.",
    absent: Absent::Rule(
        "Absent until the first month is complete. A month is complete at its last day: the next day is in another month. The last month of the data is complete if no weekday of it is still to come.",
    ),
    example: &["A: monthly(close) -> -, -, -, -, -, -"],
    remarks: "An asset's first month counts, however short. Outside, the value is an ordinary column of days: `lag(monthly(close), 1)` is what it was yesterday. `monthly` and `weekly` stand inside each other only in `daily(..)`. `volatility` multiplies by the root of 12. Its depth is 23 days a month, plus that of its `daily` arguments. Faber: `monthly(close > sma(10))`.",
    source: "",
};
