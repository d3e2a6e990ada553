//! `partial(f)`: f with windows over the values that there are.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `partial(f)`: f with windows over the values that there are.
pub(crate) static PARTIAL: Operator = Operator {
    name: "partial",
    usage: "partial(f)",
    synonyms: &[],
    arguments: &[Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Partial,
    purpose: "absent values and short histories",
    definition: "f with every window over the present values of its days, however few: pandas' `min_periods=1` and qlib's rule. It reaches through signals, `of`, `monthly`, `weekly`, `daily` and both arguments of `within`.",
    absent: Absent::Rule(
        "Absent only where fewer values are present than the operator needs: one for an average, two for a deviation, three for skew, four for kurtosis.",
    ),
    example: &[
        "A, sound: partial(sma(3)) -> 10, 11, 10.3333, 11, 12, 13",
        "A, sound: partial(stdev(close, 3)) -> -, 1.4142, 1.5275, 1.7321, 3, 1.7321",
    ],
    remarks: "It changes the operators that take the window `all`, and lets `ema` begin with its first value; `lag`, `returns`, `rsi`, `atr` and their like stay as they are. Its depth is 0: with it a formula acts from the first close on. It does not stand inside itself.",
    source: "pandas; qlib's Alpha158",
};
