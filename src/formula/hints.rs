//! What is probably not meant: formulas that are right by the rules of the language and surprise who comes from another tool.

use std::collections::BTreeMap;

use super::parser;
use super::syntax::{Expression, ExpressionKind};
use crate::market::columns::Column;
use crate::text::quoted::number;

/// Formulas and what is said of them. A name in capitals stands for any expression, the same each time, but `PRICE` and `OTHER`
/// for a price alone and `DAYS` for a written whole number from 2 on. In the text `{X}` is what stands for `X`.
const PATTERNS: [(&str, &str); 19] = [
    ("max(PRICE, DAYS)", "compares with the number {DAYS}; over {DAYS} days it is highest({PRICE}, {DAYS})"),
    ("min(PRICE, DAYS)", "compares with the number {DAYS}; over {DAYS} days it is lowest({PRICE}, {DAYS})"),
    ("X > highest(X, N)", "never true: today is in the window; write {X} > lag(highest({X}, {N}), 1)"),
    ("highest(X, N) < X", "never true: today is in the window; write lag(highest({X}, {N}), 1) < {X}"),
    ("close > highest(N)", "never true: today is in the window; write close > lag(highest({N}), 1)"),
    ("highest(N) < close", "never true: today is in the window; write lag(highest({N}), 1) < close"),
    (
        "close > highest(high, N)",
        "never true: today is in the window; write close > lag(highest(high, {N}), 1)",
    ),
    ("X < lowest(X, N)", "never true: today is in the window; write {X} < lag(lowest({X}, {N}), 1)"),
    ("lowest(X, N) > X", "never true: today is in the window; write lag(lowest({X}, {N}), 1) > {X}"),
    ("close < lowest(N)", "never true: today is in the window; write close < lag(lowest({N}), 1)"),
    ("lowest(N) > close", "never true: today is in the window; write lag(lowest({N}), 1) > close"),
    ("close < lowest(low, N)", "never true: today is in the window; write close < lag(lowest(low, {N}), 1)"),
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
];

/// A longer text is not repeated in a hint.
const MOST_LETTERS: usize = 60;

/// The parts of an expression that probably do not say what is meant, in the order of the text: each in canonical form, with
/// what it does and what is probably meant.
pub(crate) fn hints(expression: &Expression) -> Vec<(String, String)> {
    let patterns: Vec<(Expression, &str)> =
        PATTERNS.iter().filter_map(|(pattern, text)| Some((parser::parse(pattern).ok()?, *text))).collect();
    let mut hints = Vec::new();
    visit(expression, &patterns, &mut hints);
    hints
}

fn visit(expression: &Expression, patterns: &[(Expression, &str)], hints: &mut Vec<(String, String)>) {
    let hint = patterns.iter().find_map(|(pattern, text)| {
        let mut found = BTreeMap::new();
        matches(pattern, expression, &mut found).then(|| filled(text, &found))
    });
    hints.extend(hint.map(|text| (expression.to_string(), text)));
    match &expression.kind {
        ExpressionKind::Number(_) | ExpressionKind::Name(_) | ExpressionKind::Ticker(_) => {}
        ExpressionKind::Unary(_, x) => visit(x, patterns, hints),
        ExpressionKind::Binary(_, left, right) => {
            visit(left, patterns, hints);
            visit(right, patterns, hints);
        }
        ExpressionKind::Call(_, arguments) => {
            arguments.iter().for_each(|argument| visit(&argument.value, patterns, hints));
        }
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
    found.iter().fold(text.to_owned(), |text, (name, value)| {
        let short = if value.chars().count() > MOST_LETTERS { name } else { value.as_str() };
        text.replace(&format!("{{{name}}}"), short)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        hints(&parser::parse(text).unwrap())
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
        for (pattern, text) in PATTERNS {
            assert!(parser::parse(pattern).is_ok() && text.len() < 150, "{pattern}");
        }
        let long = format!("close{}", " + close".repeat(100));
        assert!(of(&format!("({long}) > highest({long}, 5)"))[0].1.contains("lag(highest(X, 5), 1)"));
    }
}
