//! What other tools and languages write, with what is written here. Names of which one operator is the whole answer stand with
//! that operator.

use super::operators;

/// Names of other tools, and what is written here in their place.
const NAMES: [(&str, &str); 33] = [
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
    ("cross crossover crosses_above cross_up", "a > b and lag(a, 1) <= lag(b, 1)"),
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
    ("dayofweek dow", "weekday(), 1 = Monday"),
    ("trailing_stop", "hold(.., close < 0.9 * peak(close))"),
    ("rising", "x > lag(highest(x, n), 1)"),
    ("falling", "x < lag(lowest(x, n), 1)"),
    ("linreg linearreg", "x - residual(x, n)"),
    ("power pow", "a ^ b"),
    ("isna isnull", "not (x == x or 0)"),
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

/// What is written over time for an operator across assets.
pub(super) fn over_time_in_place_of(operator: &str) -> Option<&'static str> {
    written_here(operator.strip_suffix("_across")?, 2)
}

/// What is written here for a sign of other languages, which begins a text.
pub(super) fn sign(text: &str) -> Option<String> {
    let written = match text.chars().next()? {
        '&' => "and",
        '|' => "or",
        '!' => "not",
        '[' => "lag(x, 1)",
        '?' => "if(condition, then, else)",
        '$' => return Some("a name stands without `$`".to_owned()),
        '.' => return method(text),
        _ => return None,
    };
    Some(format!("write `{written}`"))
}

/// What is written here for methods, `.shift(1)` or `.rolling(20).mean()`.
fn method(text: &str) -> Option<String> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut methods = text
        .split('.')
        .skip(1)
        .take(2)
        .map(|rest| rest.split(|letter| !is_word(letter)).next().unwrap_or_default());
    let first =
        methods.next().filter(|name| name.starts_with(|letter: char| letter.is_ascii_alphabetic()))?;
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
        let written = |text: &str| sign(text).unwrap_or_default();
        assert_eq!(written(".shift(1) > 0"), "there are no methods: write lag(x, n)");
        assert_eq!(written(".rolling(20).std()"), "there are no methods: write stdev(x, n)");
        assert_eq!(written(".abs() + 1.5"), "there are no methods: write abs(x)");
        assert!(written(".iloc[0]").starts_with("there are no methods"));
        assert_eq!((sign(".5"), sign("."), sign("@")), (None, None, None));
    }
}
