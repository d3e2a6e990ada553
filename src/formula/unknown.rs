//! Errors about names and calls that the language does not have, with what to write instead.

use super::error::FormulaError;
use super::names::Names;
use super::operator::Operator;
use super::operators;
use super::syntax::{Argument, Expression};
use super::words::KEYWORDS;
use crate::market::columns::Column;
use crate::text::nearest::nearest;

/// The error about a call of no operator.
pub(super) fn call(names: &Names, name: &str, _: &[Argument], expression: &Expression) -> FormulaError {
    error(names, name, expression, true)
}

/// The error about a name of nothing.
pub(super) fn name(names: &Names, name: &str, expression: &Expression) -> FormulaError {
    error(names, name, expression, false)
}

/// The error about a number of arguments that an operator does not take.
pub(super) fn wrong_number(operator: &Operator, given: usize, expression: &Expression) -> FormulaError {
    let given = match given {
        1 => "1 argument".to_owned(),
        count => format!("{count} arguments"),
    };
    let message = format!("'{}' does not take {given}", operator.name);
    FormulaError::new(expression.span.clone(), message).with_help(operator.help())
}

fn error(names: &Names, name: &str, expression: &Expression, called: bool) -> FormulaError {
    let series = Column::shown().map(|column| -> &str { column.name() });
    let operators = operators::all().map(|operator| operator.name);
    let values = names.values();
    let span = expression.span.start..expression.span.start + name.len();
    let kind = if called { "operator" } else { "name" };
    let error = FormulaError::new(span, format!("unknown {kind} '{name}'"));
    let is_value = series.clone().chain(values.clone()).any(|known| known == name);
    if called && is_value {
        return error.with_help(format!("'{name}' is a value and takes no arguments"));
    }
    if let Some(operator) = operators::known_elsewhere_as(name).filter(|_| called) {
        return error.with_help(format!("here it is {}", operator.usage));
    }
    let known = KEYWORDS.into_iter().chain(operators.clone()).chain(series.clone()).chain(values.clone());
    if let Some(nearest) = nearest(name, known) {
        return error.with_help(format!("did you mean '{nearest}'?"));
    }
    let list = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(" ");
    error.with_help(if called {
        format!("the operators are: {}", list(&mut operators.clone()))
    } else {
        format!(
            "the names are: {} (parameters must stand under [parameters])",
            list(&mut series.chain(values))
        )
    })
}
