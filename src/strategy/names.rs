//! The names that a strategy gives to parameters, signals, columns and groups, for all of its formulas. Opens no file.

use std::collections::HashMap;

use super::definition::{Groups, Parameter, Signal};
use super::keys::{self, STRATEGY};
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::formula::check::Purpose;
use crate::formula::error::FormulaError;
use crate::formula::hints::hints;
use crate::formula::names::{NamedFormula, Names};
use crate::formula::node::Formula;
use crate::formula::operators;
use crate::formula::parser::parse;
use crate::formula::syntax::Expression;
use crate::formula::words::is_reserved;
use crate::market::columns::Column;

/// More signals than this are refused.
const SIGNALS_LIMIT: usize = 1000;

/// The names of a strategy, with the fields that give them.
pub(super) struct StrategyNames<'d> {
    /// The names.
    pub names: Names,
    /// The values of the parameters.
    values: Vec<f64>,
    /// The field of each signal.
    signals: Vec<Field<'d>>,
}

impl<'d> StrategyNames<'d> {
    /// Reads the names of a strategy, `data` being its table of that name, and checks every signal by itself.
    ///
    /// # Errors
    /// A name that formulas cannot use or that stands twice, a signal that is no formula, signals that name each other in a
    /// circle.
    pub(super) fn read(
        root: &Table<'d>,
        data: &Table<'d>,
        parameters: &[Parameter],
        groups: &[Groups],
    ) -> Result<StrategyNames<'d>, ConfigError> {
        let signals: Vec<Field> = root.inner(&STRATEGY, &keys::SIGNALS)?.fields().collect();
        let mut known: HashMap<String, (&str, String)> = HashMap::new();
        let columns = data.inner(&STRATEGY, &keys::COLUMNS)?;
        let tables = [
            ("parameter", root.inner(&STRATEGY, &keys::PARAMETERS)?),
            ("signal", root.inner(&STRATEGY, &keys::SIGNALS)?),
            ("column", columns.clone()),
            ("group", root.inner(&STRATEGY, &keys::GROUPS)?),
        ];
        for (kind, table) in tables {
            for field in table.fields() {
                check_name(kind, &field)?;
                let place = (kind, field.error("").location);
                if let Some((other, location)) = known.insert(field.key.to_owned(), place) {
                    let message = format!("the {kind} '{}' has the name of a {other}, {location}", field.key);
                    return Err(field.key_error(message));
                }
            }
        }
        if let Some(field) = signals.get(SIGNALS_LIMIT) {
            return Err(field.key_error(format!("more than {SIGNALS_LIMIT} signals")));
        }
        let named = |field: &Field| {
            let text = field.text()?;
            let expression = parse(text).map_err(|error| located(field, &error))?;
            Ok(NamedFormula { name: field.key.to_owned(), expression })
        };
        let names = Names {
            parameters: parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            signals: signals.iter().map(named).collect::<Result<_, ConfigError>>()?,
            columns: columns.keys().map(str::to_owned).collect(),
            groups: groups.iter().map(|groups| groups.name.clone()).collect(),
        };
        let names = StrategyNames {
            names,
            values: parameters.iter().map(|parameter| parameter.value.value()).collect(),
            signals,
        };
        names.check_signals()?;
        Ok(names)
    }

    /// The values of the parameters.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    fn check_signals(&self) -> Result<(), ConfigError> {
        if let Some(circle) = self.names.circle() {
            let first = self.signals.iter().find(|field| field.key == circle[0]);
            let message = format!("signals name each other in a circle: {}", circle.join(" -> "));
            return first.map_or(Ok(()), |field| Err(field.error(message)));
        }
        for (index, field) in self.signals.iter().enumerate() {
            Formula::check_signal(&self.names, index, &self.values)
                .map_err(|error| self.locate(field, &error))?;
        }
        Ok(())
    }

    /// A formula of the strategy, whose constants fit the parameters.
    ///
    /// # Errors
    /// The text is not a formula for this purpose; the error points into it or into the signal that is wrong.
    pub(super) fn formula(
        &self,
        field: &Field,
        purpose: Purpose,
        earlier: Option<&Formula>,
    ) -> Result<Formula, ConfigError> {
        let locate = |error: FormulaError| self.locate(field, &error);
        let formula = Formula::read(field.text()?, &self.names, purpose, earlier).map_err(locate)?;
        formula.depth(&self.values).map_err(locate)?;
        Ok(formula)
    }

    /// The error of a formula at its place in the strategy.
    pub(super) fn locate(&self, field: &Field, error: &FormulaError) -> ConfigError {
        let signal = error.signal.as_ref();
        let signal = signal.and_then(|name| self.signals.iter().find(|field| field.key == name));
        located(signal.unwrap_or(field), error)
    }

    /// The parts of the signals and of some texts of formulas that probably do not say what is meant, and what is said of each.
    pub(super) fn hints<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<(String, String)> {
        let parsed: Vec<Expression> = texts.filter_map(|text| parse(text).ok()).collect();
        let signals = self.names.signals.iter().map(|signal| &signal.expression);
        signals.chain(&parsed).flat_map(|expression| hints(expression, &self.names.parameters)).collect()
    }

    /// The signals, and whether one of the formulas of the strategy uses them; `last` is the last of these.
    pub(super) fn signals(&self, last: &Formula) -> Vec<Signal> {
        let signals = self.names.signals.iter().zip(&last.uses_signal);
        let signal = |(signal, used): (&NamedFormula, &bool)| Signal {
            name: signal.name.clone(),
            canonical: signal.expression.to_string(),
            is_used: *used,
        };
        signals.map(signal).collect()
    }
}

fn located(field: &Field, error: &FormulaError) -> ConfigError {
    field.error_within(error.span.clone(), error.to_string())
}

/// Checks that a formula can use a name.
fn check_name(kind: &str, field: &Field) -> Result<(), ConfigError> {
    let name = field.key;
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.is_empty()
        && !name.as_bytes()[0].is_ascii_digit();
    if !is_word {
        let message = format!("'{name}' cannot name a {kind}, expected letters, digits and _");
        return Err(field.key_error(message));
    }
    if is_reserved(name) {
        let what = match operators::operator(name) {
            Some(operator) => format!("the operator {}", operator.usage),
            None if Column::named(name).is_some() => "a series of prices".to_owned(),
            None => "a word of the language".to_owned(),
        };
        let message =
            format!("the {kind} '{name}' has the name of {what}: choose another, here and in formulas");
        return Err(field.key_error(message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::strategy::definition::Strategy;

    const TEXT: &str = "name = \"case\"\nuniverse = { assets = [\"A\"] }\nalpha = { weights = \"1\" }\n\
        rebalance = { schedule = \"daily\" }\nportfolio = { initial_cash = 1.0, long_only = { cash_buffer = 0.0 } }\n\
        period = { start = 2023-01-02, end = 2023-01-13 }\ndata.prices = \"prices\"\n";

    fn read(more: &str) -> Result<Strategy, String> {
        let text = format!("{TEXT}\n{more}\n");
        Strategy::parse("s.toml", &text, Path::new(""), &[]).map_err(|error| error.to_string())
    }

    #[test]
    fn signals_are_formulas_with_a_name() {
        let strategy =
            read("[signals]\nfast = \"sma(5)\"\ntrend = \"fast > sma(20) # up\"\nidle = '1'").unwrap();
        let signals: Vec<_> =
            strategy.signals.iter().map(|signal| (&*signal.name, &*signal.canonical)).collect();
        assert_eq!(signals, [("fast", "sma(5)"), ("trend", "fast > sma(20)"), ("idle", "1")]);
    }

    #[test]
    fn a_name_stands_once_and_is_no_word_of_the_language() {
        let refused = |more: &str, part: &str| {
            let error = read(more).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        refused("[signals]\nsma = \"close\"", "the signal 'sma' has the name of the operator sma(x, n)");
        refused("[signals]\nall = \"close\"", "the name of a word of the language");
        refused(
            "[signals]\nx = \"close\"\n[groups]\nx = { a = [\"A\"] }",
            "the group 'x' has the name of a signal",
        );
        let column = "[data.columns]\nx = { file = \"x.csv\", lag = 0 }";
        refused(
            &format!("[signals]\nx = \"close\"\n{column}"),
            "the column 'x' has the name of a signal, s.toml:10:5",
        );
        refused("[signals]\na = \"b\"\nb = \"a + 1\"", "in a circle: a -> b -> a");
        refused("[signals]\na = \"sma(0)\"", "a = \"sma(0)\"");
    }
}
