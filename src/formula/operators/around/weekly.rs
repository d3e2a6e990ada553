//! `weekly(f)`: f with weeks in place of days.

use crate::formula::operator::{Absent, Argument, Compute, Operator, Period, no_depth};

/// `weekly(f)`: f with weeks in place of days.
pub(crate) static WEEKLY: Operator = Operator {
    name: "weekly",
    usage: "weekly(f)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Periods(Period::Week),
    purpose: "weeks and months",
    definition: "f with weeks from Monday to Sunday in place of days, as [`monthly`](#monthlyf) with months.",
    absent: Absent::Rule("Absent until the first week is complete."),
    example: &["A: weekly(close) -> -, -, -, -, 15, 15"],
    remarks: "`volatility` multiplies by the root of 52. Its depth is 5 days a week, plus that of its `daily` arguments.",
    source: "",
};
