//! Checks a parsed formula and resolves its names. It evaluates constant arithmetic only and knows no operator by name.

use super::error::{FormulaError, Span};
use super::node::{Call, Count, Formula, Node};
use super::operator::{Argument, Compute, Operator};
use super::operators;
use super::parser;
use super::syntax::{self, Expression, ExpressionKind};
use super::words::KEYWORDS;
use crate::market::columns::Column;
use crate::text::nearest::nearest;

/// What a formula gives, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A weight for each asset.
    Weights,
    /// Whether members want a decision: without `fixed`, which is about assets that need not be members.
    When,
    /// One rate, the same for all assets: without anything that is about an asset, but in `of`.
    Rate,
}

impl Formula {
    /// Reads and checks a formula over some parameters.
    ///
    /// # Errors
    /// The first fault and where in the text it is: a syntax error, an unknown name, the wrong number or kind of arguments.
    pub(crate) fn new(text: &str, parameters: &[String]) -> Result<Formula, FormulaError> {
        let checker = Checker {
            parameters,
            purpose: Purpose::Weights,
            within_of: false,
            of_assets: Vec::new(),
            fixed_assets: Vec::new(),
            uses_parameter: vec![false; parameters.len()],
        };
        checker.formula(text)
    }

    /// Reads and checks another formula of the same strategy. Its lists of tickers and of used parameters are those of
    /// `earlier` with its own added, so that an index means the same asset in both.
    ///
    /// # Errors
    /// Those of [`Formula::new`], and what may not stand in a formula for this purpose.
    pub(crate) fn after(
        earlier: &Formula,
        purpose: Purpose,
        text: &str,
        parameters: &[String],
    ) -> Result<Formula, FormulaError> {
        let checker = Checker {
            parameters,
            purpose,
            within_of: false,
            of_assets: earlier.of_assets.clone(),
            fixed_assets: earlier.fixed_assets.clone(),
            uses_parameter: earlier.uses_parameter.clone(),
        };
        checker.formula(text)
    }
}

impl Checker<'_> {
    fn formula(self, text: &str) -> Result<Formula, FormulaError> {
        let mut checker = self;
        let expression = parser::parse(text)?;
        let root = checker.node(&expression)?;
        Ok(Formula {
            root,
            canonical: expression.to_string(),
            of_assets: checker.of_assets,
            fixed_assets: checker.fixed_assets,
            uses_parameter: checker.uses_parameter,
        })
    }
}

/// Help for a window or a number of assets that is not constant.
fn constant_help() -> String {
    let chooses = |operator: &&Operator| {
        operator.is_across() && operator.written().any(|argument| matches!(argument, Argument::Count { .. }))
    };
    let choosing: Vec<&str> = operators::all().filter(chooses).map(|operator| operator.name).collect();
    format!("a window and the n of {} cannot change from day to day", choosing.join(" and "))
}

struct Checker<'a> {
    parameters: &'a [String],
    purpose: Purpose,
    /// Whether what is read stands in the second argument of `of`, where every series has its asset.
    within_of: bool,
    of_assets: Vec<String>,
    fixed_assets: Vec<String>,
    uses_parameter: Vec<bool>,
}

impl Checker<'_> {
    fn node(&mut self, expression: &Expression) -> Result<Node, FormulaError> {
        match &expression.kind {
            ExpressionKind::Number(value) => Ok(Node::Number(*value)),
            ExpressionKind::Name(name) => self.name(name, expression),
            ExpressionKind::Ticker(ticker) => {
                let message = format!("the ticker \"{ticker}\" is no value");
                let error = FormulaError::new(expression.span.clone(), message);
                let takes_ticker = |argument: &Argument| matches!(argument, Argument::Ticker { .. });
                Err(match operator_with(takes_ticker) {
                    Some(name) => error.with_help(format!("its close is {name}(\"{ticker}\", close)")),
                    None => error,
                })
            }
            ExpressionKind::Unary(operator, operand) => {
                Ok(Node::Unary(*operator, Box::new(self.node(operand)?)))
            }
            ExpressionKind::Binary(operator, left, right) => {
                Ok(Node::Binary(*operator, Box::new([self.node(left)?, self.node(right)?])))
            }
            ExpressionKind::Call(name, arguments) => match operators::operator(name) {
                Some(operator) => self.call(operator, arguments, expression),
                None => Err(self.unknown(name, expression, true)),
            },
        }
    }

    fn name(&mut self, name: &str, expression: &Expression) -> Result<Node, FormulaError> {
        if let Some(index) = self.parameters.iter().position(|parameter| parameter == name) {
            self.uses_parameter[index] = true;
            return Ok(Node::Parameter(index));
        }
        if let Some(series) = Column::named(name) {
            self.refuse_own_series(name, expression)?;
            return Ok(Node::Series(series));
        }
        match operators::operator(name) {
            Some(operator) => {
                let message = format!("the operator '{name}' needs its arguments");
                Err(FormulaError::new(expression.span.clone(), message).with_help(operator.help()))
            }
            None => Err(self.unknown(name, expression, false)),
        }
    }

    fn unknown(&self, name: &str, expression: &Expression, called: bool) -> FormulaError {
        let series = Column::shown().map(|column| -> &str { column.name() });
        let operators = operators::all().map(|operator| operator.name);
        let parameters = self.parameters.iter().map(String::as_str);
        let span = expression.span.start..expression.span.start + name.len();
        let kind = if called { "operator" } else { "name" };
        let error = FormulaError::new(span, format!("unknown {kind} '{name}'"));
        let is_value = series.clone().chain(parameters.clone()).any(|known| known == name);
        if called && is_value {
            return error.with_help(format!("'{name}' is a value and takes no arguments"));
        }
        let known =
            KEYWORDS.into_iter().chain(operators.clone()).chain(series.clone()).chain(parameters.clone());
        if let Some(operator) = operators::known_elsewhere_as(name).filter(|_| called) {
            return error.with_help(format!("here it is {}", operator.usage));
        }
        if let Some(nearest) = nearest(name, known) {
            return error.with_help(format!("did you mean '{nearest}'?"));
        }
        let list = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(" ");
        error.with_help(if called {
            format!("the operators are: {}", list(&mut operators.clone()))
        } else {
            format!(
                "the names are: {} (parameters must stand under [parameters])",
                list(&mut series.chain(parameters))
            )
        })
    }

    fn call(
        &mut self,
        operator: &'static Operator,
        arguments: &[syntax::Argument],
        expression: &Expression,
    ) -> Result<Node, FormulaError> {
        self.refuse_for_purpose(operator, expression)?;
        let mut call = Call { operator, operands: Vec::new(), counts: Vec::new(), tickers: Vec::new() };
        if let [Argument::Weights { hint }] = operator.arguments
            && !arguments.is_empty()
        {
            self.weights(arguments, hint, &mut call)?;
            return Ok(Node::Call(call));
        }
        if let Some((_, span)) = arguments.iter().find_map(|argument| argument.ticker.as_ref()) {
            let takes_weights = |argument: &Argument| matches!(argument, Argument::Weights { .. });
            let other = operator_with(takes_weights).unwrap_or_default();
            let message = format!("'{}' takes no named arguments, only '{other}' does", operator.name);
            return Err(FormulaError::new(span.clone(), message));
        }
        let Some(wanted) = arguments_wanted(operator, arguments.len()) else {
            let given = match arguments.len() {
                1 => "1 argument".to_owned(),
                count => format!("{count} arguments"),
            };
            let message = format!("'{}' does not take {given}", operator.name);
            return Err(FormulaError::new(expression.span.clone(), message).with_help(operator.help()));
        };
        // A single argument that is not a whole number may be a series whose window was left out.
        let help = || if arguments.len() == 1 { operator.help() } else { constant_help() };
        let mut values = arguments.iter().map(|argument| &argument.value);
        for argument in wanted {
            match argument {
                Argument::Series(series) => {
                    self.refuse_own_series(operator.name, expression)?;
                    call.operands.push(Node::Series(series));
                }
                argument => {
                    let Some(value) = values.next() else { break };
                    let outside = self.within_of;
                    self.within_of |= matches!(operator.compute, Compute::OfAsset);
                    self.argument(argument, value, &help, &mut call)?;
                    self.within_of = outside;
                }
            }
        }
        Ok(Node::Call(call))
    }

    /// Refuses an operator that has no meaning in a formula for this purpose.
    fn refuse_for_purpose(&self, operator: &Operator, expression: &Expression) -> Result<(), FormulaError> {
        let name = operator.name;
        let message = match (self.purpose, operator.compute) {
            (Purpose::When, Compute::ByTicker) => {
                format!("'{name}' has no place in 'when', which is about the members of the universe")
            }
            (Purpose::Rate, Compute::ByTicker | Compute::Across(_)) => return Err(self.own(name, expression)),
            _ => return Ok(()),
        };
        Err(FormulaError::new(expression.span.clone(), message))
    }

    /// Refuses a series that is about each asset, in a formula that is about none. `name` is the series, or the operator that
    /// reads it.
    fn refuse_own_series(&self, name: &str, expression: &Expression) -> Result<(), FormulaError> {
        if self.purpose != Purpose::Rate || self.within_of {
            return Ok(());
        }
        Err(self.own(name, expression))
    }

    /// The error that something is different from asset to asset, and a rate is not.
    fn own(&self, name: &str, expression: &Expression) -> FormulaError {
        let message = format!("a rate is the same for all assets, and '{name}' is not");
        let error = FormulaError::new(expression.span.clone(), message);
        let takes_ticker = |argument: &Argument| matches!(argument, Argument::Ticker { .. });
        match operator_with(takes_ticker) {
            Some(of) => error.with_help(format!("write {of}(\"TICKER\", ...)")),
            None => error,
        }
    }

    /// Reads one argument. `help` goes to the error for a count that is not constant.
    fn argument(
        &mut self,
        argument: Argument,
        expression: &Expression,
        help: &dyn Fn() -> String,
        call: &mut Call,
    ) -> Result<(), FormulaError> {
        match argument {
            Argument::Value | Argument::ValueOrClose | Argument::MoreValues => {
                call.operands.push(self.node(expression)?);
            }
            Argument::Count { least } => call.counts.push(self.count(expression, least, help)?),
            Argument::Ticker { hint } => call.tickers.push(self.ticker(expression, hint)?),
            Argument::Weights { .. } | Argument::Series(_) => {}
        }
        Ok(())
    }

    fn count(
        &mut self,
        expression: &Expression,
        least: u32,
        help: &dyn Fn() -> String,
    ) -> Result<Count, FormulaError> {
        let value = Box::new(self.node(expression)?);
        let span = expression.span.clone();
        if !value.is_constant() {
            let message = "expected a whole number made of numbers and parameters alone";
            return Err(FormulaError::new(span, message).with_help(help()));
        }
        let count = Count { value, span, least };
        if !count.value.names_parameter() {
            count.resolve(&[])?;
        }
        Ok(count)
    }

    fn ticker(&mut self, expression: &Expression, hint: &str) -> Result<usize, FormulaError> {
        let ExpressionKind::Ticker(name) = &expression.kind else {
            let error = FormulaError::new(expression.span.clone(), "expected a quoted ticker");
            return Err(error.with_help(hint));
        };
        check_ticker(name, &expression.span)?;
        Ok(index_of(&mut self.of_assets, name))
    }

    fn weights(
        &mut self,
        arguments: &[syntax::Argument],
        hint: &str,
        call: &mut Call,
    ) -> Result<(), FormulaError> {
        for argument in arguments {
            let Some((ticker, span)) = &argument.ticker else {
                let error = FormulaError::new(argument.value.span.clone(), "expected `TICKER = weight`");
                return Err(error.with_help(hint));
            };
            check_ticker(ticker, span)?;
            let index = index_of(&mut self.fixed_assets, ticker);
            if call.tickers.contains(&index) {
                return Err(FormulaError::new(span.clone(), format!("'{ticker}' has a weight already")));
            }
            let weight = self.node(&argument.value)?;
            if !weight.is_constant() {
                let message =
                    format!("the weight of '{ticker}' must be made of numbers and parameters alone");
                return Err(FormulaError::new(argument.value.span.clone(), message));
            }
            call.tickers.push(index);
            call.operands.push(weight);
        }
        Ok(())
    }
}

/// The arguments of an operator that is called with `given` arguments, in order; `None` where it does not take that many.
fn arguments_wanted(operator: &Operator, given: usize) -> Option<Vec<Argument>> {
    let mut wanted: Vec<Argument> = operator.arguments.to_vec();
    let written = operator.written().count();
    if wanted.last() == Some(&Argument::MoreValues) && given > written {
        wanted.extend((written..given).map(|_| Argument::MoreValues));
    } else if wanted.first() == Some(&Argument::ValueOrClose) && given + 1 == written {
        wanted[0] = Argument::Series(Column::Close);
    } else if given != written || matches!(wanted[..], [Argument::Weights { .. }]) {
        return None;
    }
    Some(wanted)
}

/// The name of the operator that takes an argument of a kind.
fn operator_with(is_kind: impl Fn(&Argument) -> bool) -> Option<&'static str> {
    operators::all().find(|operator| operator.arguments.iter().any(&is_kind)).map(|operator| operator.name)
}

fn index_of(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

fn check_ticker(ticker: &str, span: &Span) -> Result<(), FormulaError> {
    if is_ticker(ticker) {
        return Ok(());
    }
    let message = format!("'{ticker}' is no ticker, expected letters, digits or any of . _ ^ = -");
    Err(FormulaError::new(span.clone(), message))
}

/// Whether a text can name an asset: it consists of letters, digits and `. _ ^ = -` and does not begin with a dot.
pub(crate) fn is_ticker(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._^=-".contains(&byte);
    !text.is_empty() && !text.starts_with('.') && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> Vec<String> {
        ["fast", "slow"].map(str::to_owned).to_vec()
    }

    fn refuse(text: &str, at: &str, message: &str) {
        let error = Formula::new(text, &parameters()).unwrap_err();
        assert_eq!((&text[error.span.clone()], error.to_string().as_str()), (at, message), "{text}");
    }

    #[test]
    fn depth_is_the_largest_total_along_a_path() {
        let cases = [
            ("sma(fast)", 10),
            ("sma(momentum(20), 50)", 70),
            ("lag(highest(high, 20), 1)", 21),
            ("top(momentum(fast) + sma(slow), 3)", 30),
            ("fixed(A = 1) * (of(\"B\", close) > of(\"B\", sma(2 * slow)))", 60),
            ("hold(rsi(14) < 30, atr(15) > 1)", 15),
            ("1 / count()", 0),
        ];
        for (text, expected) in cases {
            let formula = Formula::new(text, &parameters()).unwrap();
            assert_eq!(formula.depth(&[10.0, 30.0]), Ok(expected), "{text}");
        }
    }

    #[test]
    fn windows_are_whole_numbers() {
        let formula = Formula::new("sma(fast / 4)", &parameters()).unwrap();
        assert_eq!(formula.depth(&[8.0, 0.0]), Ok(2));
        let error = formula.depth(&[10.0, 0.0]).unwrap_err();
        assert_eq!(error.to_string(), "expected a whole number from 1 to 1000000, found 2.5");
        refuse("sma(0)", "0", "expected a whole number from 1 to 1000000, found 0");
        refuse("stdev(close, 1)", "1", "expected a whole number from 2 to 1000000, found 1");
        refuse("top(close, 1e7)", "1e7", "expected a whole number from 1 to 1000000, found 10000000");
        refuse(
            "sma(close)",
            "close",
            "expected a whole number made of numbers and parameters alone; write sma(n) or sma(x, n)",
        );
    }

    #[test]
    fn formulas_of_one_strategy_share_their_tickers() {
        let weights = Formula::new("fixed(A = fast) * of(\"X\", close)", &parameters()).unwrap();
        let when =
            Formula::after(&weights, Purpose::When, "of(\"Y\", close) > of(\"X\", sma(slow))", &parameters());
        let when = when.unwrap();
        assert_eq!(
            (when.of_assets, when.fixed_assets),
            (vec!["X".to_owned(), "Y".to_owned()], vec!["A".to_owned()])
        );
        assert_eq!((weights.uses_parameter, when.uses_parameter), (vec![true, false], vec![true, true]));
        let mut tickers: Vec<usize> = Vec::new();
        when.root.visit(&mut |node| {
            if let Node::Call(call) = node {
                tickers.extend(&call.tickers)
            }
        });
        assert_eq!(tickers, [1, 0]);
    }

    #[test]
    fn what_a_formula_is_for_decides_what_may_stand_in_it() {
        let weights = Formula::new("1", &parameters()).unwrap();
        let read = |purpose, text: &str| Formula::after(&weights, purpose, text, &parameters());
        let error = read(Purpose::When, "1 - fixed(A = 1)").unwrap_err();
        assert_eq!(error.span, 4..16);
        assert_eq!(
            error.message,
            "'fixed' has no place in 'when', which is about the members of the universe"
        );
        for text in ["rank(close) > 0.5", "count() > 3", "of(\"A\", close) > sma(5)"] {
            assert!(read(Purpose::When, text).is_ok(), "{text}");
        }
        for (text, name) in [
            ("close / 1000", "close"),
            ("of(\"A\", close) + sma(5)", "sma"),
            ("atr(5)", "atr"),
            ("count() / 100", "count"),
            ("of(\"A\", rank(close))", "rank"),
            ("fixed(A = 1)", "fixed"),
        ] {
            let expected =
                format!("a rate is the same for all assets, and '{name}' is not; write of(\"TICKER\", ...)");
            assert_eq!(read(Purpose::Rate, text).unwrap_err().to_string(), expected, "{text}");
        }
        for text in ["0.04", "fast / 100", "of(\"A\", sma(5)) / 100", "ema(of(\"A\", close), 3) / 100 + 0.01"]
        {
            assert!(read(Purpose::Rate, text).is_ok(), "{text}");
        }
    }

    #[test]
    fn unknown_names_come_with_the_nearest() {
        refuse("sma(fsat)", "fsat", "unknown name 'fsat'; did you mean 'fast'?");
        refuse("momentun(5)", "momentun", "unknown operator 'momentun'; did you mean 'momentum'?");
        refuse("close(5)", "close", "unknown operator 'close'; 'close' is a value and takes no arguments");
        refuse("sma", "sma", "the operator 'sma' needs its arguments; write sma(n) or sma(x, n)");
    }

    #[test]
    fn arguments_have_their_number_and_kind() {
        refuse("top(close)", "top(close)", "'top' does not take 1 argument; write top(x, n)");
        refuse("min(1)", "min(1)", "'min' does not take 1 argument; write min(a, b, ...)");
        refuse("fixed()", "fixed()", "'fixed' does not take 0 arguments; write fixed(TICKER = weight, ...)");
        refuse("fixed(A = 1, A = 2)", "A", "'A' has a weight already");
        refuse("fixed(0.6)", "0.6", "expected `TICKER = weight`; write fixed(SPY = 0.6, AGG = 0.4)");
        refuse("fixed(A = close)", "close", "the weight of 'A' must be made of numbers and parameters alone");
        refuse("of(SPY, close)", "SPY", "expected a quoted ticker; write of(\"SPY\", close)");
        refuse("sma(x = 5)", "x", "'sma' takes no named arguments, only 'fixed' does");
        refuse("\"SPY\" + 1", "\"SPY\"", "the ticker \"SPY\" is no value; its close is of(\"SPY\", close)");
        refuse(
            "of(\"../x\", close)",
            "\"../x\"",
            "'../x' is no ticker, expected letters, digits or any of . _ ^ = -",
        );
    }
}
