//! What other tools and languages write, with what is written here. Names of which one operator is the whole answer stand with
//! that operator.

use super::operators;
use super::syntax::Expression;

/// Names of other tools, and what is written here in their place.
const NAMES: [(&str, &str); 37] = [
    ("mean avg average", "sma(x, n) over time, mean_across(x) over the assets of one day"),
    ("mom", "delta(x, n); momentum(x, n) is a return"),
    ("change", "returns(x, n) as a share of the old value, delta(x, n) as a difference"),
    ("var variance", "stdev(x, n) ^ 2"),
    ("cumsum expanding", "sum(x, all)"),
    ("cumprod", "product(x, all)"),
    ("cummax", "highest(x, all)"),
    ("cummin", "lowest(x, all)"),
    (
        "ts_rank percentile_rank percentrank",
        "percent_rank(x, n), from 0 to 1 and today included; over the assets of one day percent_rank_across(x)",
    ),
    ("valuewhen", "latch(x, when), the value first"),
    ("cross", "a > b and lag(a, 1) <= lag(b, 1) upwards, a < b and lag(a, 1) >= lag(b, 1) downwards"),
    ("crossover crosses_above cross_up", "a > b and lag(a, 1) <= lag(b, 1)"),
    ("crossunder crosses_below cross_down", "a < b and lag(a, 1) >= lag(b, 1)"),
    ("macd", "ema(12) - ema(26)"),
    (
        "bbands bollinger",
        "sma(20) + 2 * stdev(20), of the sample; TA-Lib and Pine take stdev(20) * sqrt(19 / 20) for stdev(20)",
    ),
    ("stoch", "100 * (close - lowest(low, 14)) / (highest(high, 14) - lowest(low, 14))"),
    (
        "cci",
        "(tp - sma(tp, n)) / (0.015 * mean_absolute_deviation(tp, n)), with tp = (high + low + close) / 3",
    ),
    ("aroon", "100 * (n - days_since_highest(high, n + 1)) / n"),
    ("donchian", "lag(highest(high, 20), 1)"),
    ("sar psar", "parabolic_sar(0.02, 0.2)"),
    ("winsorize winsorise", "clip(x, quantile_across(x, 0.01), quantile_across(x, 0.99))"),
    ("neutralize neutralise group_neutralize", "demean(x), of one group within(g, demean(x))"),
    ("decile", "percent_rank_across(x) > 0.9"),
    ("dayofweek day_of_week dow", "weekday(), 1 = Monday"),
    ("trailing_stop", "hold(.., close < 0.9 * peak(close))"),
    ("rising", "x > lag(highest(x, n), 1)"),
    ("falling", "x < lag(lowest(x, n), 1)"),
    ("linreg linearreg", "x - residual(x, n)"),
    ("power pow", "a ^ b"),
    ("vwap", "sum(close * volume, n) / sum(volume, n)"),
    ("drawdown", "close / highest(close, all) - 1"),
    ("sharpe", "sma(returns(1), n) / stdev(returns(1), n) * sqrt(252)"),
    ("isna isnull isnan na", "not (x == x or 0)"),
    ("notna notnull", "x == x or 0"),
    ("ffill pad", "latch(x, x == x)"),
    ("rolling", "sma(x, n) and others with a window"),
    ("adjusted_close adj_close", "close: [data] decides whether prices are adjusted"),
];

/// The same for calls with two arguments, where these decide what is meant.
const CALLS_WITH_TWO: [(&str, &str); 2] =
    [("mean avg average", "sma(x, n)"), ("neutralize neutralise group_neutralize", "within(g, demean(x))")];

/// What is written here for a name of another tool, called with `given` arguments, whatever the case of its letters.
pub(super) fn written_here(name: &str, given: usize) -> Option<&'static str> {
    let find = |rows: &'static [(&str, &str)]| {
        let names = |names: &&str| names.split(' ').any(|known| known.eq_ignore_ascii_case(name));
        rows.iter().find(|(words, _)| names(words)).map(|(_, here)| *here)
    };
    let of_two = if given == 2 { find(&CALLS_WITH_TWO) } else { None };
    let own = || operators::all().find(|operator| operator.name.eq_ignore_ascii_case(name));
    of_two
        .or_else(|| find(&NAMES))
        .or_else(|| operators::known_elsewhere_as(name).or_else(own).map(|operator| operator.usage))
}

/// Names of other tools for what has no counterpart.
const FORWARD: [&str; 4] = ["lead", "bfill", "backfill", "backward_fill"];
/// What is said of them.
pub(super) const NO_OPERATOR_LOOKS_FORWARD: &str = "no operator looks forward";

/// Names of other tools that stand for one value, and what is written here in their place.
const VALUES: [(&str, &str); 3] =
    [("true", "1"), ("false", "0"), ("na nan none null", "1 / 0, which is absent")];

/// The days of the week, from Monday on.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The help for a name of another tool, called with `given` arguments.
pub(super) fn help(name: &str, given: usize) -> Option<String> {
    if FORWARD.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Some(NO_OPERATOR_LOOKS_FORWARD.to_owned());
    }
    written_here(name, given).map(|here| format!("here it is {here}"))
}

/// The help for a name of another tool that stands for one value.
pub(super) fn value(name: &str) -> Option<String> {
    let is_named = |names: &str| names.split(' ').any(|known| known.eq_ignore_ascii_case(name));
    let here = VALUES.iter().find(|(names, _)| is_named(names)).map(|(_, here)| *here)?;
    Some(format!("here it is {here}"))
}

/// The help for a quoted text that stands where a number is wanted; `beside` is what it is compared with.
pub(super) fn quoted(text: &str, beside: Option<&Expression>) -> Option<String> {
    if text.trim().parse::<f64>().is_ok_and(f64::is_finite) {
        return Some(format!("a number stands without quotes: {}", text.trim()));
    }
    let is_day = |day: &&str| [&day[..3], day].iter().any(|form| form.eq_ignore_ascii_case(text));
    let (index, day) = WEEKDAYS.iter().enumerate().find(|(_, day)| is_day(day))?;
    let is_compared = beside.is_some_and(|beside| beside.to_string() == "weekday()");
    is_compared.then(|| format!("weekday() is a number: {day} is {}", index + 1))
}

/// What is written over time for an operator across assets.
pub(super) fn over_time_in_place_of(operator: &str) -> Option<&'static str> {
    written_here(operator.strip_suffix("_across")?, 2)
}

/// What is written here for a sign of other languages, which begins `rest` and comes after `before`.
pub(super) fn sign(before: &str, rest: &str) -> Option<String> {
    let first = rest.chars().next()?;
    let after = &rest[first.len_utf8()..];
    let written = match first {
        '&' => "and",
        '|' => "or",
        '!' | '~' => "not",
        '\u{2212}' | '\u{2013}' => "-",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '×' => "*",
        '÷' => "/",
        '[' => return Some(index(last_word(before), after)),
        '?' => "if(condition, then, else)",
        '$' => return Some("a name stands without `$`".to_owned()),
        ';' => return Some("a formula is one expression: write it without `;`".to_owned()),
        '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
            return Some("write straight quotes, \" or '".to_owned());
        }
        '%' => return per_cent(before),
        ':' => return weight(last_word(before), after),
        '.' if after.starts_with(|letter: char| letter.is_ascii_digit()) => {
            return Some(format!("write `0.{}`", first_digits(after)));
        }
        '.' if !last_number(before).is_empty() => return Some(format!("write `{}.0`", last_number(before))),
        '.' => return method(rest),
        _ => return None,
    };
    Some(format!("write `{written}`"))
}

/// What is written here for `x[..]`; `after` begins behind the bracket.
fn index(series: &str, after: &str) -> String {
    let series = if series.is_empty() { "x" } else { series };
    let inside = after.split(']').next().unwrap_or_default().trim();
    let name = inside.trim_matches(['"', '\'']);
    let is_quoted = name.len() + 2 == inside.len();
    if is_quoted && !name.is_empty() && name.chars().all(is_of_word) {
        let name = name.to_ascii_lowercase();
        return format!("write `{name}`");
    }
    match inside.strip_prefix('-') {
        Some(_) => format!("in pandas that is one of the last values; the value of the day is `{series}`"),
        None if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()) => match inside {
            "0" => format!("write `{series}`"),
            days => format!("write `lag({series}, {days})`"),
        },
        None => format!("write `lag({series}, n)`"),
    }
}

/// What is written here for `5%`.
fn per_cent(before: &str) -> Option<String> {
    let number = last_number(before);
    match number.parse::<f64>() {
        Ok(_) if number.len() <= 15 => Some(format!("write `{}`", hundredth(number))),
        _ => None,
    }
}

/// A written number divided by 100, digit by digit.
fn hundredth(number: &str) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole:0>3}{decimals}");
    let (whole, decimals) = digits.split_at(digits.len() - decimals.len() - 2);
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") }
}

/// What is written here for `A: 1`.
fn weight(ticker: &str, after: &str) -> Option<String> {
    let value = after.split([',', ')']).next().unwrap_or_default().trim();
    let value = if value.is_empty() || value.len() > 20 { "weight" } else { value };
    (!ticker.is_empty()).then(|| format!("write `{ticker} = {value}`"))
}

/// The digits with which a text begins.
pub(super) fn first_digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// The name with which a text ends, or nothing.
fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(['"', '\'']);
    let word = &text[text.trim_end_matches(is_of_word).len()..];
    if word.len() <= 40 && !word.starts_with(|letter: char| letter.is_ascii_digit()) { word } else { "" }
}

/// The number with which a text ends, or nothing.
fn last_number(text: &str) -> &str {
    let word = &text[text.trim_end_matches(|letter| is_of_word(letter) || letter == '.').len()..];
    let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
    if is_number && word.len() <= 40 { word } else { "" }
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// What is written here for methods, `.shift(1)` or `.rolling(20).mean()`.
fn method(text: &str) -> Option<String> {
    if text.starts_with(".shift(-") {
        return Some(format!("there are no methods, and {NO_OPERATOR_LOOKS_FORWARD}"));
    }
    let mut methods = text
        .split('.')
        .skip(1)
        .take(2)
        .map(|rest| rest.split(|letter| !is_of_word(letter)).next().unwrap_or_default());
    let first =
        methods.next().filter(|name| name.starts_with(|letter: char| letter.is_ascii_alphabetic()))?;
    if FORWARD.contains(&first) {
        return Some(format!("there are no methods, and {NO_OPERATOR_LOOKS_FORWARD}"));
    }
    let second = methods.next().and_then(|name| written_here(name, 2)).filter(|_| text.contains(")."));
    Some(match second.or_else(|| written_here(first, 2)) {
        Some(here) => format!("there are no methods: write {here}"),
        None => "there are no methods: operators stand around what they work on".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_answer() {
        let mut known: Vec<&str> = operators::all().map(|operator| operator.name).collect();
        known.extend(operators::all().flat_map(|operator| operator.synonyms));
        known.extend(NAMES.iter().flat_map(|(names, _)| names.split(' ')));
        known.sort_unstable();
        let twice = known.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
        for (name, _) in
            CALLS_WITH_TWO.iter().flat_map(|(names, here)| names.split(' ').map(move |name| (name, here)))
        {
            assert!(known.contains(&name), "{name}");
        }
    }

    #[test]
    fn arguments_and_letter_case_are_seen() {
        assert_eq!(written_here("Mean", 2), Some("sma(x, n)"));
        assert!(written_here("mean", 1).is_some_and(|here| here.contains("mean_across(x)")));
        assert_eq!(written_here("SMA", 1), Some("sma(x, n)"));
        assert_eq!(written_here("Ref", 2), Some("lag(x, n)"));
        assert_eq!(written_here("fourier", 1), None);
        assert_eq!(over_time_in_place_of("mean_across"), Some("sma(x, n)"));
        assert_eq!(over_time_in_place_of("count"), None);
    }

    #[test]
    fn methods_lead_to_operators() {
        let written = |text: &str| sign("close", text).unwrap_or_default();
        assert_eq!(written(".shift(1) > 0"), "there are no methods: write lag(x, n)");
        assert_eq!(written(".rolling(20).std()"), "there are no methods: write stdev(x, n)");
        assert_eq!(written(".abs() + 1.5"), "there are no methods: write abs(x)");
        assert!(written(".iloc[0]").starts_with("there are no methods"));
        assert!(written(".shift(-1)").ends_with(NO_OPERATOR_LOOKS_FORWARD));
        assert!(written(".bfill()").ends_with(NO_OPERATOR_LOOKS_FORWARD));
        assert_eq!((sign("", "."), sign("", "@"), sign("n", "%"), sign("", ":")), (None, None, None, None));
    }

    #[test]
    fn a_hundredth_is_exact() {
        for (number, written) in [
            ("5", "0.05"),
            ("50", "0.5"),
            ("100", "1"),
            ("1250", "12.5"),
            ("0.5", "0.005"),
            ("12.5", "0.125"),
            ("0", "0"),
        ] {
            assert_eq!(hundredth(number), written, "{number}");
        }
    }
}
