//! Errors about names and calls that the language does not have, with what to write instead.

use super::elsewhere;
use super::error::FormulaError;
use super::names::Names;
use super::operator::{Number, Operator};
use super::operators;
use super::syntax::{Argument, Expression};
use super::words::KEYWORDS;
use crate::market::columns::Column;
use crate::text::nearest::nearest;

/// Names are listed until they have so many letters.
const MOST_LISTED: usize = 200;

/// The error about a call of no operator.
pub(super) fn call(
    names: &Names,
    name: &str,
    arguments: &[Argument],
    expression: &Expression,
) -> FormulaError {
    let error = unknown("operator", name, expression);
    if series().chain(names.values()).any(|known| known == name) {
        return error.with_help(format!("'{}' is a value and takes no arguments", name));
    }
    if let Some(help) = elsewhere::help(name, arguments.len()) {
        return error.with_help(help);
    }
    error.with_help(nearest_name(names, name).unwrap_or_else(|| {
        let some = |family: &operators::Family| {
            let some: Vec<&str> = family.operators.iter().take(3).map(|operator| operator.name).collect();
            format!("{}: {} ...", family.name, some.join(" "))
        };
        let families: Vec<String> = operators::FAMILIES.iter().map(some).collect();
        format!("docs/formula.md has all operators; {}", families.join("; "))
    }))
}

/// The error about a name of nothing.
pub(super) fn name(names: &Names, name: &str, expression: &Expression) -> FormulaError {
    let error = unknown("name", name, expression);
    let help = || nearest_name(names, name).or_else(|| elsewhere::help(name, 0));
    if let Some(help) = elsewhere::value(name).or_else(help) {
        return error.with_help(help);
    }
    let values: Vec<&str> = series().chain(names.values()).collect();
    let mut listed = String::new();
    let mut more = values.len();
    for name in &values {
        if listed.len() + name.len() > MOST_LISTED {
            break;
        }
        listed += if listed.is_empty() { "" } else { " " };
        listed += name;
        more -= 1;
    }
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    error.with_help(format!("the names are: {listed}{more} (parameters must stand under [parameters])"))
}

/// The error about a name of nothing where groups are wanted; `None` where no name of groups is like it.
pub(super) fn groups(names: &Names, name: &str, expression: &Expression) -> Option<FormulaError> {
    let is_value = series().chain(names.values()).any(|known| known == name);
    let nearest = nearest(name, names.groups.iter().map(String::as_str)).filter(|_| !is_value)?;
    Some(unknown("name", name, expression).with_help(format!("did you mean the groups '{nearest}'?")))
}

/// The help for a number that stands at the place of a formula, where the formula stands at that of the number: the call with
/// both at their places. `at` is the place of the formula, `kind` what is wanted there.
pub(super) fn swapped(
    operator: &Operator,
    arguments: &[&Expression],
    series: usize,
    at: usize,
    kind: Number,
) -> String {
    let mut texts: Vec<String> = arguments.iter().map(|argument| argument.to_string()).collect();
    texts.swap(series, at);
    let rule = match kind {
        Number::Whole { .. } | Number::Window { .. } => "the series comes first",
        Number::Any { .. } | Number::Positive => "the limit comes second",
    };
    format!("{rule}: {}({})", operator.name, texts.join(", "))
}

/// The error about a number of arguments that an operator does not take.
pub(super) fn wrong_number(operator: &Operator, given: usize, expression: &Expression) -> FormulaError {
    let count = match given {
        1 => "1 argument".to_owned(),
        count => format!("{count} arguments"),
    };
    let message = format!("'{}' does not take {count}", operator.name);
    let error = FormulaError::new(expression.span.clone(), message);
    let has_window = given == operator.written().count() + 1;
    match elsewhere::over_time_in_place_of(operator.name).filter(|_| has_window) {
        Some(over_time) => error.with_help(format!("{}; over time it is {over_time}", operator.help())),
        None => error.with_help(operator.help()),
    }
}

/// The names of the columns of the market.
fn series<'a>() -> impl Iterator<Item = &'a str> + Clone {
    Column::shown().map(|column| column.name())
}

fn unknown(kind: &str, name: &str, expression: &Expression) -> FormulaError {
    let span = expression.span.start..expression.span.start + name.len();
    FormulaError::new(span, format!("unknown {kind} '{}'", name))
}

/// The known name that is probably meant.
fn nearest_name(names: &Names, name: &str) -> Option<String> {
    let operators = operators::all().map(|operator| operator.name);
    let known = KEYWORDS.into_iter().chain(operators).chain(series()).chain(names.values());
    nearest(name, known).map(|nearest| format!("did you mean '{nearest}'?"))
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::formula::check::Purpose;
    use crate::formula::node::Formula;

    fn message(text: &str) -> String {
        let parameters: Vec<String> = (0..200).map(|i| format!("{}{i}", "parameter".repeat(6))).collect();
        Formula::new(text, &parameters).unwrap_err().to_string()
    }

    /// Formulas of other tools, and what is said of them.
    const FORMULAS: [(&str, &str); 75] = [
        ("mean(close, 20)", "here it is sma(x, n)"),
        ("mean(close)", "mean_across(x)"),
        ("mean_across(close, 20)", "write mean_across(x); over time it is sma(x, n)"),
        ("neutralize(close)", "here it is demean(x)"),
        ("group_neutralize(close, sector)", "here it is within(g, demean(x))"),
        ("valuewhen(close > 5, close)", "latch(x, when), the value first"),
        ("psar(0.02, 0.2)", "parabolic_sar(0.02, 0.2)"),
        ("VAR(close, 5)", "stdev(x, n) ^ 2"),
        ("CrossOver(sma(5), sma(20))", "a > b and lag(a, 1) <= lag(b, 1)"),
        ("rma(close, 5)", "here it is wilder(x, n)"),
        ("standardize(close)", "here it is zscore_across(x)"),
        ("barssince(close > 1)", "here it is days_since(condition)"),
        ("close > macd", "ema(12) - ema(26)"),
        ("close.shift(1)", "there are no methods: write lag(x, n)"),
        ("close[1]", "write `lag(close, 1)`"),
        ("sma(5)[3]", "write `lag(x, 3)`"),
        ("close[n]", "write `lag(close, n)`"),
        ("close[0] > 5", "write `close`"),
        ("close[-1]", "in pandas that is one of the last values; the value of the day is `close`"),
        ("df[\"Close\"] > 5", "write `close`"),
        ("lag(close, -1)", "found -1; no operator looks forward"),
        ("returns(-5)", "found -5; no operator looks forward"),
        ("lead(close, 1)", "unknown operator 'lead'; no operator looks forward"),
        ("bfill(close)", "unknown operator 'bfill'; no operator looks forward"),
        ("backfill(close)", "unknown operator 'backfill'; no operator looks forward"),
        ("close.bfill()", "no operator looks forward"),
        ("close.shift(-1)", "no operator looks forward"),
        ("cross(sma(5), sma(20))", "upwards, a < b and lag(a, 1) >= lag(b, 1) downwards"),
        ("sma(20, close)", "the series comes first: sma(close, 20)"),
        ("top(3, momentum(20))", "the series comes first: top(momentum(20), 3)"),
        ("lag(252, close)", "the series comes first: lag(close, 252)"),
        ("top(3, momentum(20), 5)", "the series comes first: top(momentum(20), 3, 5)"),
        ("cap(0.3, share(close))", "the limit comes second: cap(share(close), 0.3)"),
        (
            "monthly(weekly(close))",
            "'weekly' does not stand inside 'monthly'; write monthly(daily(weekly(..)))",
        ),
        ("partial(2 * partial(sma(5)))", "'partial' does not stand inside 'partial'; one partial(..)"),
        ("top(close, \"2\")", "a number stands without quotes: 2"),
        ("\"2.5\" * close", "a number stands without quotes: 2.5"),
        ("weekday() == \"MON\"", "weekday() is a number: Monday is 1"),
        ("\"friday\" != weekday()", "weekday() is a number: Friday is 5"),
        ("\"SUN\" > 5", "its close is of(\"SUN\", close)"),
        ("vwap(20)", "here it is sum(close * volume, n) / sum(volume, n)"),
        ("vwap", "here it is sum(close * volume, n) / sum(volume, n)"),
        ("drawdown", "here it is close / highest(close, all) - 1"),
        ("sharpe(60)", "here it is sma(returns(1), n) / stdev(returns(1), n) * sqrt(252)"),
        ("day_of_week == 1", "here it is weekday(), 1 = Monday"),
        ("isnan(close)", "here it is not (x == x or 0)"),
        ("isna(close)", "here it is not (x == x or 0)"),
        ("na(close)", "here it is not (x == x or 0)"),
        ("close == na", "here it is 1 / 0, which is absent"),
        ("true", "here it is 1"),
        ("False", "here it is 0"),
        (".5 * close", "write `0.5`"),
        ("5. * close", "write `5.0`"),
        ("1_000 * close", "write `1000`"),
        ("1_000_000.5", "write `1000000.5`"),
        ("close − 5", "write `-`"),
        ("close ≥ 5", "write `>=`"),
        ("close ≤ 5", "write `<=`"),
        ("close ≠ 5", "write `!=`"),
        ("of(“SPY”, close)", "write straight quotes"),
        ("of(‘SPY’, close)", "write straight quotes"),
        ("~(close > 5)", "write `not`"),
        ("close <> 5", "write `!=`"),
        ("close // 5", "write `/`; a comment begins with #"),
        ("close > 5;", "write it without `;`"),
        ("returns(1) > 5%", "write `0.05`"),
        ("returns(1) > 12.5%", "write `0.125`"),
        ("fixed(SPY: 1)", "write `SPY = 1`"),
        ("fixed(SPY: 0.6, TLT: 0.4)", "write `SPY = 0.6`"),
        ("Mean($close, 20)", "a name stands without `$`"),
        ("close > open ? 1 : 0", "write `if(condition, then, else)`"),
        ("close > 1 && close < 2", "write `and`"),
        ("close > 1 AND close < 2", "write `and`"),
        ("close = 5", "equality is written =="),
        ("(close = 5) * 2", "equality is written =="),
    ];

    #[test]
    fn other_tools_are_understood() {
        for (text, says) in FORMULAS {
            assert!(message(text).contains(says), "{text}: {}", message(text));
        }
    }

    /// Words of other tools, called with a series and a number, and the answer to each of a line.
    const ELSEWHERE: [(&str, &str); 66] = [
        ("ref shift delay Ref ts_delay prev", "lag(x, n)"),
        ("pct_change roc ROC", "returns(x, n)"),
        ("change", "returns(x, n) as a share of the old value, delta(x, n) as a difference"),
        ("diff ts_delta", "delta(x, n)"),
        ("mom", "delta(x, n); momentum(x, n) is a return"),
        ("mean avg average ma MA SMA rolling_mean ts_mean", "sma(x, n)"),
        ("ewm ema_span expma", "ema(x, n)"),
        ("rma smma", "wilder(x, n)"),
        ("lwma", "wma(x, n)"),
        ("std stddev sd ts_std_dev sigma", "stdev(x, n)"),
        ("var variance", "stdev(x, n) ^ 2"),
        ("vol hv", "volatility(x, n)"),
        ("ts_max hhv HHV rolling_max", "highest(x, n)"),
        ("ts_min llv LLV rolling_min", "lowest(x, n)"),
        ("argmax ts_argmax idxmax highestbars", "days_since_highest(x, n)"),
        ("argmin ts_argmin idxmin lowestbars", "days_since_lowest(x, n)"),
        ("ts_sum rolling_sum", "sum(x, n)"),
        ("ts_product", "product(x, n)"),
        ("cumprod", "product(x, all)"),
        ("cumsum expanding", "sum(x, all)"),
        ("cummax", "highest(x, all)"),
        ("cummin", "lowest(x, all)"),
        ("med", "median(x, n)"),
        ("percentile qtile", "quantile(x, n, q)"),
        ("ts_rank percentile_rank percentrank", "percent_rank(x, n), from 0 to 1 and today included"),
        ("mad", "mean_absolute_deviation(x, n)"),
        ("kurt", "kurtosis(x, n)"),
        ("skewness", "skew(x, n)"),
        ("cov", "covariance(x, y, n)"),
        ("corr ts_corr", "correlation(x, y, n)"),
        ("linreg_slope linearreg_slope", "slope(x, n)"),
        ("resi", "residual(x, n)"),
        ("rsq r2", "rsquare(x, n)"),
        ("countif ts_count", "count_true(c, n)"),
        ("barssince", "days_since(condition)"),
        ("valuewhen", "latch(x, when), the value first"),
        ("nz coalesce fillna", "fill(x, y)"),
        ("cross", "a > b and lag(a, 1) <= lag(b, 1) upwards, a < b and lag(a, 1) >= lag(b, 1) downwards"),
        ("crossover crosses_above cross_up", "a > b and lag(a, 1) <= lag(b, 1)"),
        ("crossunder", "a < b and lag(a, 1) >= lag(b, 1)"),
        ("macd", "ema(12) - ema(26)"),
        ("bbands bollinger", "sma(20) + 2 * stdev(20), of the sample"),
        ("stoch", "100 * (close - lowest(low, 14)) / (highest(high, 14) - lowest(low, 14))"),
        ("cci", "(tp - sma(tp, n)) / (0.015 * mean_absolute_deviation(tp, n))"),
        ("aroon", "100 * (n - days_since_highest(high, n + 1)) / n"),
        ("donchian", "lag(highest(high, 20), 1)"),
        ("di_plus", "plus_di(n)"),
        ("di_minus", "minus_di(n)"),
        ("sar psar", "parabolic_sar(0.02, 0.2)"),
        ("zscore_cs standardize standardise", "zscore_across(x)"),
        ("winsorize", "clip(x, quantile_across(x, 0.01), quantile_across(x, 0.99))"),
        ("neutralize group_neutralize", "within(g, demean(x))"),
        ("scale normalize", "share(x)"),
        ("decile", "percent_rank_across(x) > 0.9"),
        ("where iff ifelse", "if(condition, then, else)"),
        ("dayofweek dow", "weekday(), 1 = Monday"),
        ("dayofmonth dom", "day()"),
        ("resample", "monthly(f)"),
        ("rising", "x > lag(highest(x, n), 1)"),
        ("falling", "x < lag(lowest(x, n), 1)"),
        ("linreg linearreg LINEARREG", "x - residual(x, n)"),
        ("Power pow", "a ^ b"),
        ("isna isnull", "not (x == x or 0)"),
        ("notna", "x == x or 0"),
        ("ffill", "latch(x, x == x)"),
        ("trailing_stop", "hold(.., close < 0.9 * peak(close))"),
    ];

    #[test]
    fn every_word_of_another_tool_has_its_answer() {
        let mut wrong = Vec::new();
        for (words, answer) in ELSEWHERE {
            for word in words.split(' ') {
                let says = format!("unknown operator '{word}'; here it is {answer}");
                let message = message(&format!("{word}(close, 5)"));
                if !message.contains(&says) {
                    wrong.push(format!("{word}: {message}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(
            message("mean(close)").contains("here it is sma(x, n) over time, mean_across(x) over the assets")
        );
        assert!(
            message("neutralize(close)").contains("here it is demean(x), of one group within(g, demean(x))")
        );
        assert!(
            message("percentrank(close)").ends_with("percent_rank_across(x)"),
            "{}",
            message("percentrank(close)")
        );
    }

    #[test]
    fn groups_are_the_nearest_groups() {
        let names =
            Names { groups: vec!["sector".to_owned()], ..Names::of_parameters(&["sectar".to_owned()]) };
        let says = |text: &str| {
            Formula::read(text, &names, Purpose::Weights, None)
                .map_or_else(|error| error.to_string(), |_| String::new())
        };
        assert_eq!(
            says("within(sektor, rank(close))"),
            "unknown name 'sektor'; did you mean the groups 'sector'?"
        );
        assert_eq!(says("within(sectar, rank(close))"), "");
        assert!(says("within(industry, rank(close))").starts_with("unknown name 'industry'; the names are"));
    }

    #[test]
    fn no_message_is_long() {
        let long = "x".repeat(5000);
        for text in [
            "fourier(close, 5)",
            "nothing_of_the_kind",
            &long,
            &format!("{long}(1)"),
            &format!("1 + {long} {long}"),
            &format!("{long}[5]"),
            &format!("fixed({long}: {long})"),
            &format!("sma(20, {long} + close)"),
            &format!("sma(20, close{})", " + close".repeat(200)),
            &format!("1_{}", "0".repeat(5000)),
            &format!(".{}", "0".repeat(5000)),
            &format!("{}.", "1".repeat(200)),
            &format!("\"{}\" + 1", "1".repeat(200)),
        ] {
            assert!(message(text).chars().count() <= 500, "{}", message(text));
        }
    }
}
