//! What a piece of evidence must give: how it is found, and how it reads in the terminal, on a page and in the JSON.

use crate::stats::definition::Definition;
use crate::stats::overfitting::material::{Material, Settings};
use crate::text::number;

/// A piece of evidence: a type that holds what a test found. `Option` of it where the material may not allow the test.
pub(crate) trait Finding: Sized {
    /// Whether it is about the selected trial. Without one people are not told of it.
    const OF_SELECTED: bool = true;

    /// Makes the test. Adds to `missing` why it cannot be made, if that is worth a reason.
    fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Self;

    /// Lines of the terminal.
    fn lines(&self, _: &Reader) -> Vec<Line> {
        Vec::new()
    }

    /// Rows of the page. `root` times a Sharpe ratio per period is one a year.
    fn rows(&self, _root: f64) -> Vec<Row> {
        Vec::new()
    }

    /// Keys of the JSON, figures per period. What several give under one key is one object. `trial` names the selected one.
    fn fields(&self, _trial: &str) -> Vec<Field> {
        Vec::new()
    }

    /// The reason why the best verdict cannot stand, if there is one.
    fn strike(&self) -> Option<String> {
        None
    }
}

/// What the lines of the terminal need to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'r> {
    /// The name of the selected trial.
    pub trial: &'r str,
    /// Periods of a year.
    pub periods_per_year: f64,
}

impl Reader<'_> {
    /// What makes a Sharpe ratio per period one a year.
    pub(crate) fn root(&self) -> f64 {
        self.periods_per_year.sqrt()
    }
}

/// A line of the terminal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// What it is about; empty where it continues the line above.
    pub label: &'static str,
    /// What is said.
    pub text: String,
}

/// A row of the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What it is, with its formula.
    pub definition: Definition,
    /// The figure.
    pub value: String,
    /// What went into it; may be empty.
    pub with: String,
}

/// A key of the JSON with its value.
pub(crate) type Field = (&'static str, Value);

/// A value of the JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// JSON's null.
    Null,
    /// A count.
    Whole(u64),
    /// A number; NaN is null.
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

/// An object, or null where nothing was found.
pub(crate) fn object<F, const N: usize>(found: Option<&F>, fields: impl Fn(&F) -> [Field; N]) -> Value {
    found.map_or(Value::Null, |found| Value::Fields(fields(found).into()))
}

/// A line of the terminal.
pub(crate) fn line(label: &'static str, text: String) -> Line {
    Line { label, text }
}

/// A row of the page.
pub(crate) fn row(definition: Definition, value: String, with: impl Into<String>) -> Row {
    Row { definition, value, with: with.into() }
}

/// A probability with three decimals; `-` without one.
pub(crate) fn probability(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

/// How many, on a page.
pub(crate) fn count(value: f64) -> String {
    unless_countless(value, "any number", number::whole)
}

/// How many, before a noun in the terminal.
pub(crate) fn count_of(value: f64) -> String {
    unless_countless(value, "any number of", |value| format!("{value:.0}"))
}

fn unless_countless(value: f64, countless: &str, text: impl Fn(f64) -> String) -> String {
    match value {
        value if value.is_nan() => "-".to_owned(),
        value if value.is_infinite() || value > 1e15 => countless.to_owned(),
        value => text(value),
    }
}
