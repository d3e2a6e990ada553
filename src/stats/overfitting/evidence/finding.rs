//! What every test of the verdict provides: how it is performed, and how its result reads in the terminal and in the JSON.

use crate::stats::overfitting::material::{Material, Settings};

/// The result of a test. For a test that may have no data it is an `Option`.
pub(crate) trait Finding: Sized {
    /// Whether the test is about the selected trial. If there is none, the terminal does not show the test.
    const OF_SELECTED: bool = true;

    /// Performs the test. If there are no data for it, the reason may be added to `missing`, which the verdict shows.
    fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Self;

    /// The lines in the terminal.
    fn lines(&self, _: &Reader) -> Vec<Line> {
        Vec::new()
    }

    /// The keys in the JSON, with figures per period. Objects of several tests under one key are merged. `trial` is the name of
    /// the selected trial.
    fn fields(&self, _trial: &str) -> Vec<Field> {
        Vec::new()
    }
}

/// What the lines in the terminal need besides the results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'r> {
    /// The name of the selected trial.
    pub trial: &'r str,
    /// The number of periods in a year.
    pub periods_per_year: f64,
}

impl Reader<'_> {
    /// The factor that annualises a Sharpe ratio per period.
    pub(crate) fn root(&self) -> f64 {
        self.periods_per_year.sqrt()
    }
}

/// A line in the terminal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// The label; empty if the line continues the one above.
    pub label: &'static str,
    /// The text.
    pub text: String,
}

/// A key in the JSON with its value.
pub(crate) type Field = (&'static str, Value);

/// A value in the JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// JSON's null.
    Null,
    /// A count.
    Whole(u64),
    /// A number; NaN is written as null.
    Number(f64),
    /// A text.
    Text(String),
    /// Keys with values, in order.
    Fields(Vec<Field>),
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Value {
        value.map_or(Value::Null, Value::Number)
    }
}

/// An object with the fields of a result, or null without a result.
pub(crate) fn object<F, const N: usize>(result: Option<&F>, fields: impl Fn(&F) -> [Field; N]) -> Value {
    result.map_or(Value::Null, |result| Value::Fields(fields(result).into()))
}

/// Makes a line in the terminal.
pub(crate) fn line(label: &'static str, text: String) -> Line {
    Line { label, text }
}

/// A probability with three decimals, or `-`.
pub(crate) fn probability(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

/// A count before a noun; "any number of" where it is infinite or huge, `-` where it is NaN.
pub(crate) fn count_of(value: f64) -> String {
    match value {
        value if value.is_nan() => "-".to_owned(),
        value if value.is_infinite() || value > 1e15 => "any number of".to_owned(),
        value => format!("{value:.0}"),
    }
}
