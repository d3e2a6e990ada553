//! What is probably not meant: formulas that are right by the rules of the language and surprise who comes from another tool.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::check::arguments_wanted;
use super::operator::{Argument, Compute};
use super::operators;
use super::parser;
use super::syntax::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use crate::market::columns::Column;
use crate::text::number::whole;
use crate::text::quoted::number;

/// Formulas and what is said of them. A name in capitals stands for any expression, the same each time, but `PRICE` and `OTHER`
/// for a price alone and `DAYS` for a written whole number from 2 on. In the text `{X}` is what stands for `X`.
const PATTERNS: [(&str, &str); 25] = [
    ("max(PRICE, DAYS)", "compares with the number {DAYS}; over {DAYS} days it is highest({PRICE}, {DAYS})"),
    ("min(PRICE, DAYS)", "compares with the number {DAYS}; over {DAYS} days it is lowest({PRICE}, {DAYS})"),
    ("X > highest(X, N)", "never true: today is in the window; write {X} > lag(highest({X}, {N}), 1)"),
    ("highest(X, N) < X", "never true: today is in the window; write lag(highest({X}, {N}), 1) < {X}"),
    ("close > highest(N)", "never true: today is in the window; write close > lag(highest({N}), 1)"),
    ("highest(N) < close", "never true: today is in the window; write lag(highest({N}), 1) < close"),
    (
        "close > highest(high, N)",
        "true by rounding alone: today is in the window; write close > lag(highest(high, {N}), 1)",
    ),
    ("X < lowest(X, N)", "never true: today is in the window; write {X} < lag(lowest({X}, {N}), 1)"),
    ("lowest(X, N) > X", "never true: today is in the window; write lag(lowest({X}, {N}), 1) > {X}"),
    ("close < lowest(N)", "never true: today is in the window; write close < lag(lowest({N}), 1)"),
    ("lowest(N) > close", "never true: today is in the window; write lag(lowest({N}), 1) > close"),
    (
        "close < lowest(low, N)",
        "true by rounding alone: today is in the window; write close < lag(lowest(low, {N}), 1)",
    ),
    (
        "correlation(close, N)",
        "of close with itself; two series are wanted, such as correlation(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    (
        "correlation(X, X, N)",
        "of {X} with itself; two series are wanted, such as correlation(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    (
        "covariance(close, N)",
        "of close with itself; two series are wanted, such as covariance(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    (
        "covariance(X, X, N)",
        "of {X} with itself; two series are wanted, such as covariance(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    (
        "beta(X, X, N)",
        "of {X} with itself; two series are wanted, such as beta(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    ("beta(PRICE, OTHER, N)", "of prices; of returns it is beta(returns(1), of(\"SPY\", returns(1)), 60)"),
    (
        "correlation(PRICE, OTHER, N)",
        "of prices; of returns it is correlation(returns(1), of(\"SPY\", returns(1)), 60)",
    ),
    ("volatility(returns(M), N)", "takes prices: write volatility({N})"),
    ("volatility(returns(PRICE, M), N)", "takes prices: write volatility({PRICE}, {N})"),
    ("momentum(returns(M), N)", "takes prices: write momentum({N})"),
    ("momentum(returns(PRICE, M), N)", "takes prices: write momentum({PRICE}, {N})"),
    (
        "hold(X, DAYS)",
        "always 0, for the exit {DAYS} is true at every close; after {DAYS} closes it is age() >= {DAYS}",
    ),
    (
        "hold(X, DAYS, S)",
        "always 0, for the exit {DAYS} is true at every close; after {DAYS} closes it is age() >= {DAYS}",
    ),
];

/// The same for what stands in [`WEIGHING`], where they are weights.
const WEIGHTS: [(&str, &str); 2] = [
    ("1 / stdev(N)", "stdev({N}) is of prices; of returns it is stdev(returns(1), {N})"),
    (
        "1 / stdev(PRICE, N)",
        "stdev({PRICE}, {N}) is of prices; of returns it is stdev(returns({PRICE}, 1), {N})",
    ),
];
/// The call that makes weights of what stands in it.
const WEIGHING: &str = "share(X)";

/// Calls that often have a number in place of a series, on purpose: to choose everything, to count, to remember.
const OF_A_NUMBER: [&str; 5] = ["equal(X)", "share(X)", "sum_across(X)", "count_true(X, N)", "latch(X, C)"];

/// A momentum with two windows, the second of which is meant to be left out.
const TWO_WINDOWS: &str = "momentum(DAYS, N)";
/// A limit in per cent.
const LIMIT_IN_PER_CENT: &str = "cap(X, DAYS)";

/// Calls and numbers beside them that they cannot be, with what is said of them.
const RANGES: [(&str, NotIn, &str); 4] = [
    ("weekday()", NotIn::Equal { least: 1.0, most: 7.0 }, "never true: weekday() is 1 (Monday) to 7"),
    ("month()", NotIn::Equal { least: 1.0, most: 12.0 }, "never true: month() is 1 to 12"),
    ("rsi(N)", NotIn::Fraction, "rsi goes from 0 to 100"),
    ("rsi(X, N)", NotIn::Fraction, "rsi goes from 0 to 100"),
];

/// Which comparisons with a number are told.
#[derive(Debug, Clone, Copy)]
enum NotIn {
    /// Whether it is equal to a number outside of a range.
    Equal {
        /// The least number of the range.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// Any with a number between 0 and 1.
    Fraction,
}

/// A longer text is not repeated in a hint.
const MOST_LETTERS: usize = 60;

/// The parts of an expression that probably do not say what is meant, in the order of the text: each in canonical form, with
/// what it does and what is probably meant. `parameters` are the names of numbers.
pub(crate) fn hints(expression: &Expression, parameters: &[String]) -> Vec<(String, String)> {
    let mut search = Search { parameters, hints: Vec::new() };
    search.visit(expression, false);
    search.hints
}

/// All patterns, read once: a sweep over keys reads its strategy for each of its points.
static PARSED: LazyLock<HashMap<&str, Expression>> = LazyLock::new(|| {
    let told = PATTERNS.iter().chain(&WEIGHTS).map(|(pattern, _)| *pattern);
    let ranges = RANGES.iter().map(|(pattern, ..)| *pattern);
    let patterns = told.chain(ranges).chain(OF_A_NUMBER).chain([WEIGHING, TWO_WINDOWS, LIMIT_IN_PER_CENT]);
    patterns.filter_map(|pattern| Some((pattern, parser::parse(pattern).ok()?))).collect()
});

/// A walk over an expression.
struct Search<'a> {
    parameters: &'a [String],
    hints: Vec<(String, String)>,
}

impl Search<'_> {
    fn visit(&mut self, expression: &Expression, are_weights: bool) {
        let weights = if are_weights { &WEIGHTS[..] } else { &[] };
        let told = |(pattern, text): &(&'static str, &str)| Some(filled(text, &found(pattern, expression)?));
        let of_pattern = PATTERNS.iter().chain(weights).find_map(told);
        let hint = of_pattern.or_else(|| out_of_range(expression)).or_else(|| self.of_a_number(expression));
        self.hints.extend(hint.map(|text| (expression.to_string(), text)));
        match &expression.kind {
            ExpressionKind::Number(_) | ExpressionKind::Name(_) | ExpressionKind::Ticker(_) => {}
            ExpressionKind::Unary(_, x) => self.visit(x, are_weights),
            ExpressionKind::Binary(_, left, right) => {
                self.visit(left, are_weights);
                self.visit(right, are_weights);
            }
            ExpressionKind::Call(_, arguments) => {
                let are_weights = are_weights || found(WEIGHING, expression).is_some();
                arguments.iter().for_each(|argument| self.visit(&argument.value, are_weights));
            }
        }
    }

    /// The hint for a call that looks over time or across assets at what is a number.
    fn of_a_number(&self, expression: &Expression) -> Option<String> {
        let ExpressionKind::Call(name, arguments) = &expression.kind else { return None };
        if OF_A_NUMBER.iter().any(|pattern| found(pattern, expression).is_some()) {
            return None;
        }
        let operator = operators::operator(name)?;
        let why = match operator.compute {
            Compute::OverTime(_) => "which never moves",
            Compute::Across(_) => "the same for all assets",
            _ => return None,
        };
        let wanted = arguments_wanted(operator, arguments.len())?;
        let written = wanted.iter().filter(|argument| !matches!(argument, Argument::Series(_)));
        let is_series = |argument: &Argument| matches!(argument, Argument::Value | Argument::ValueOrClose);
        let mut series = written.zip(arguments).filter(|(argument, _)| is_series(argument));
        let (_, series) = series.find(|(_, given)| self.is_number(&given.value))?;
        let what = match &series.value.kind {
            // They are true and false.
            ExpressionKind::Number(value) if *value == 0.0 || *value == 1.0 => return None,
            ExpressionKind::Number(value) => format!("the number {}", number(*value)),
            ExpressionKind::Name(name) => format!("the parameter {name}"),
            _ => shown("numbers alone", &series.value.to_string()).to_owned(),
        };
        let skipped = skipped_days(expression);
        Some(format!("of {what}, {why}{}", skipped.unwrap_or_default()))
    }

    /// Whether an expression is made of numbers and parameters alone.
    fn is_number(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Number(_) => true,
            ExpressionKind::Name(name) => self.parameters.contains(name),
            ExpressionKind::Unary(UnaryOperator::Negate, x) => self.is_number(x),
            ExpressionKind::Binary(operator, left, right) => {
                operator.is_arithmetic() && self.is_number(left) && self.is_number(right)
            }
            _ => false,
        }
    }
}

/// The end of the hint for two windows, where the second is meant to be left out of the first.
fn skipped_days(expression: &Expression) -> Option<String> {
    let windows = found(TWO_WINDOWS, expression)?;
    let [days, skipped] =
        ["DAYS", "N"].map(|name| windows.get(name).and_then(|text| text.parse::<f64>().ok()));
    let (days, skipped) = (days?, skipped?);
    let are_days = skipped.fract() == 0.0 && days > skipped && skipped > 0.0;
    let (rest, skipped) = (number(days - skipped), number(skipped));
    are_days.then(|| format!("; without the last {skipped} days it is lag(momentum({rest}), {skipped})"))
}

/// The hint for a number that what stands beside it cannot be.
fn out_of_range(expression: &Expression) -> Option<String> {
    if let Some(limit) = found(LIMIT_IN_PER_CENT, expression) {
        let limit: f64 = limit.get("DAYS")?.parse().ok()?;
        let (most, share, per_cent) = (number(limit), number(limit / 100.0), whole(limit * 100.0));
        return Some(format!("limits each weight to {most}, that is {per_cent} %; {most} % is {share}"));
    }
    let ExpressionKind::Binary(operator, left, right) = &expression.kind else { return None };
    let is_logic = matches!(operator, BinaryOperator::And | BinaryOperator::Or);
    if operator.is_arithmetic() || is_logic {
        return None;
    }
    [(left, right), (right, left)].into_iter().find_map(|(call, value)| {
        let value = literal(value)?;
        let is_told = |range: NotIn| match range {
            NotIn::Equal { least, most } => {
                *operator == BinaryOperator::Equal && !(least..=most).contains(&value)
            }
            NotIn::Fraction => 0.0 < value && value < 1.0,
        };
        let row = RANGES.iter().find(|(pattern, range, _)| is_told(*range) && found(pattern, call).is_some());
        row.map(|(_, _, text)| (*text).to_owned())
    })
}

/// What stands for each name in capitals of a pattern; `None` where an expression has another form.
fn found(pattern: &'static str, expression: &Expression) -> Option<BTreeMap<&'static str, String>> {
    let mut found = BTreeMap::new();
    matches(PARSED.get(pattern)?, expression, &mut found).then_some(found)
}

/// The value of a written number.
fn literal(expression: &Expression) -> Option<f64> {
    match expression.kind {
        ExpressionKind::Number(value) => Some(value),
        _ => None,
    }
}

/// Whether an expression has the form of a pattern; `found` gets the text of what stands for each name in capitals.
fn matches<'p>(
    pattern: &'p Expression,
    expression: &Expression,
    found: &mut BTreeMap<&'p str, String>,
) -> bool {
    match (&pattern.kind, &expression.kind) {
        (ExpressionKind::Name(any), kind) if any.chars().all(|letter| letter.is_ascii_uppercase()) => {
            let fits = match any.as_str() {
                "PRICE" | "OTHER" => is_price(expression),
                "DAYS" => matches!(kind, ExpressionKind::Number(days) if *days >= 2.0 && days.fract() == 0.0),
                _ => true,
            };
            let text = match kind {
                ExpressionKind::Number(value) => number(*value),
                _ => expression.to_string(),
            };
            fits && *found.entry(any).or_insert_with(|| text.clone()) == text
        }
        (ExpressionKind::Number(a), ExpressionKind::Number(b)) => a == b,
        (ExpressionKind::Name(a), ExpressionKind::Name(b)) => a == b,
        (ExpressionKind::Binary(a, left, right), ExpressionKind::Binary(b, x, y)) => {
            a == b && matches(left, x, found) && matches(right, y, found)
        }
        (ExpressionKind::Call(a, arguments), ExpressionKind::Call(b, given)) => {
            let mut pairs = arguments.iter().zip(given);
            a == b
                && arguments.len() == given.len()
                && pairs.all(|(argument, given)| {
                    given.ticker.is_none() && matches(&argument.value, &given.value, found)
                })
        }
        _ => false,
    }
}

/// Whether an expression is a price of an asset, with nothing done to it.
fn is_price(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Name(name) => Column::named(name).is_some_and(|column| column != Column::Volume),
        ExpressionKind::Call(_, arguments) => match &arguments[..] {
            [asset, x] => matches!(asset.value.kind, ExpressionKind::Ticker(_)) && is_price(&x.value),
            _ => false,
        },
        _ => false,
    }
}

/// A text with what was found in its places; what is long stays a name.
fn filled(text: &str, found: &BTreeMap<&str, String>) -> String {
    found
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), shown(name, value)))
}

/// A text, or something else in its place where it is long.
fn shown<'t>(otherwise: &'t str, text: &'t str) -> &'t str {
    if text.chars().count() > MOST_LETTERS { otherwise } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        hints(&parser::parse(text).unwrap(), &["n".to_owned(), "m".to_owned()])
    }

    /// Formulas, the part that is told, and what is said of it.
    const TOLD: [(&str, &str, &str); 22] = [
        (
            "top(momentum(252, 21), 3)",
            "momentum(252, 21)",
            "of the number 252, which never moves; without the last 21 days it is lag(momentum(231), 21)",
        ),
        ("momentum(21, 252)", "momentum(21, 252)", "of the number 21, which never moves"),
        ("close > sma(n, m)", "sma(n, m)", "of the parameter n, which never moves"),
        ("lag(2 * n, 5)", "lag(2 * n, 5)", "of 2 * n, which never moves"),
        ("correlation(20, 60)", "correlation(20, 60)", "of the number 20, which never moves"),
        ("rank(20)", "rank(20)", "of the number 20, the same for all assets"),
        ("mean_across(n)", "mean_across(n)", "of the parameter n, the same for all assets"),
        ("volatility(returns(1), 20)", "volatility(returns(1), 20)", "takes prices: write volatility(20)"),
        (
            "momentum(returns(open, 1), n)",
            "momentum(returns(open, 1), n)",
            "takes prices: write momentum(open, n)",
        ),
        (
            "share(2 * (1 / stdev(20)))",
            "1 / stdev(20)",
            "stdev(20) is of prices; of returns it is stdev(returns(1), 20)",
        ),
        (
            "share(1 / stdev(open, n))",
            "1 / stdev(open, n)",
            "stdev(open, n) is of prices; of returns it is stdev(returns(open, 1), n)",
        ),
        (
            "hold(close > 5, 20)",
            "hold(close > 5, 20)",
            "always 0, for the exit 20 is true at every close; after 20 closes it is age() >= 20",
        ),
        (
            "hold(close > 5, 20, 0.5)",
            "hold(close > 5, 20, 0.5)",
            "always 0, for the exit 20 is true at every close; after 20 closes it is age() >= 20",
        ),
        ("close > 5 and weekday() == 0", "weekday() == 0", "never true: weekday() is 1 (Monday) to 7"),
        ("8 == weekday()", "8 == weekday()", "never true: weekday() is 1 (Monday) to 7"),
        ("month() == 13", "month() == 13", "never true: month() is 1 to 12"),
        ("rsi(14) < 0.3", "rsi(14) < 0.3", "rsi goes from 0 to 100"),
        ("0.7 <= rsi(high, n)", "0.7 <= rsi(high, n)", "rsi goes from 0 to 100"),
        (
            "cap(share(close), 30)",
            "cap(share(close), 30)",
            "limits each weight to 30, that is 3,000 %; 30 % is 0.3",
        ),
        (
            "close > highest(20)",
            "close > highest(20)",
            "never true: today is in the window; write close > lag(highest(20), 1)",
        ),
        (
            "close > highest(high, 20)",
            "close > highest(high, 20)",
            "true by rounding alone: today is in the window; write close > lag(highest(high, 20), 1)",
        ),
        (
            "close < lowest(low, n)",
            "close < lowest(low, n)",
            "true by rounding alone: today is in the window; write close < lag(lowest(low, n), 1)",
        ),
    ];

    #[test]
    fn each_surprise_has_its_words() {
        for (text, part, says) in TOLD {
            assert_eq!(of(text), [(part.to_owned(), says.to_owned())], "{text}");
        }
    }

    #[test]
    fn idioms_are_not_told() {
        for text in [
            "equal(1)",
            "equal(n)",
            "top(1, n)",
            "share(2)",
            "sum_across(1)",
            "count_true(1, n)",
            "sum(1, n)",
            "risk_parity(1, n)",
            "min_variance(1, n)",
            "hold(close > 5, 0)",
            "hold(close > 5, age() >= 20)",
            "latch(20, close > 5)",
            "sma(close > 5, 20)",
            "lag(momentum(231), 21)",
            "sma(20)",
            "atr(14)",
            "supertrend(10, 3)",
            "returns(volatility(20), 5)",
            "1 / stdev(20)",
            "share(1 / stdev(returns(1), 20))",
            "weekday() == 7",
            "weekday() < 8",
            "month() == 12",
            "rsi(14) < 30",
            "rsi(14) > 1",
            "rsi(14) * 0.3",
            "cap(share(close), 0.3)",
            "cap(share(close), 1)",
            "max(0.5, 30)",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn what_is_probably_not_meant_is_said() {
        let compares = "compares with the number 20; over 20 days it is highest(close, 20)";
        assert_eq!(of("1 + max(close, 20)"), [("max(close, 20)".to_owned(), compares.to_owned())]);
        let never = "never true: today is in the window; write sma(5) > lag(highest(sma(5), n), 1)";
        assert_eq!(of("sma(5) > highest(sma(5), n)")[0].1, never);
        for text in [
            "min(low, 10)",
            "top(close > highest(close, 20), 3)",
            "close > highest(20)",
            "close > highest(high, 20)",
            "lowest(low, n) > low",
            "beta(close, of('SPY', close), 60)",
            "correlation(open, close, n)",
        ] {
            assert_eq!(of(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_series_beside_itself_is_told() {
        for (text, series) in [
            ("correlation(close, 20)", "close"),
            ("correlation(close, close, 20)", "close"),
            ("1 - correlation(returns(1), returns(1), 20)", "returns(1)"),
            ("covariance(close, n)", "close"),
            ("covariance(of('SPY', close), of('SPY', close), n)", "of(\"SPY\", close)"),
            ("beta(volume, volume, 20)", "volume"),
        ] {
            let found = of(text);
            let begins = format!("of {series} with itself; two series are wanted, such as ");
            assert!(found.len() == 1 && found[0].1.starts_with(&begins), "{text}: {found:?}");
            let operator = found[0].0.split('(').next().unwrap();
            assert!(found[0].1.ends_with(&format!(" {operator}(returns(1), of(\"SPY\", returns(1)), 60)")));
        }
        for text in ["correlation(volume, 20)", "covariance(high, 20)", "beta(returns(1), returns(2), 20)"] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn what_may_be_meant_is_not() {
        for text in [
            "max(close, 1)",
            "max(close, 20.5)",
            "max(volume, 1000)",
            "max(20, close)",
            "max(close, 20, 30)",
            "max(sma(5), 20)",
            "close >= highest(close, 20)",
            "close > highest(open, 20)",
            "close > lag(highest(close, 20), 1)",
            "beta(returns(1), of('SPY', returns(1)), 60)",
            "beta(volume, close, 60)",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn every_pattern_is_a_formula_with_a_short_text() {
        for (pattern, text) in PATTERNS.into_iter().chain(WEIGHTS) {
            assert!(parser::parse(pattern).is_ok() && text.len() < 150, "{pattern}");
        }
        let long = format!("close{}", " + close".repeat(100));
        assert!(of(&format!("({long}) > highest({long}, 5)"))[0].1.contains("lag(highest(X, 5), 1)"));
    }
}
