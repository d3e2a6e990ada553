//! `daily(f)`: inside weeks or months f on days.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `daily(f)`: inside weeks or months f on days.
pub(crate) static DAILY: Operator = Operator {
    name: "daily",
    usage: "daily(f)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Daily,
    purpose: "weeks and months",
    definition: "Inside `monthly` or `weekly`: f on ordinary days, as it stood on the last day of the month or week. A look at month ends alone is `monthly(daily(f))`.",
    absent: Absent::Rule("Absent where f is."),
    example: &[
        "A: weekly(lag(daily(sma(2)), 1)) -> -, -, -, -, -, -",
        "A: weekly(daily(sma(2))) -> -, -, -, -, 13.5, 13.5",
    ],
    remarks: "Elsewhere every day is a day, and `daily` is an error.",
    source: "",
};
