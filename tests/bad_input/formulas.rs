//! Broken formulas: every message points at the character.

use super::{Case, Expected, STRATEGY, check_all};

/// The formula of the sound strategy, between its quotes.
const FORMULA: &str = "'top(momentum(n), 1) * part + equal(close) * (1 - part)'";

/// The strategy with another TOML text as its formula.
fn with_formula(toml: &str) -> String {
    assert!(STRATEGY.contains(FORMULA));
    STRATEGY.replace(FORMULA, toml)
}

fn refused(code: i32, toml: &str, says: &'static [&'static str]) -> Case {
    Case::run(toml, Expected::Refused(code, says)).with("case.toml", with_formula(toml))
}

/// Formulas without quotes in them, and what the message says; `weights = "` takes eleven columns of line 13.
fn refuse(cases: &[(&str, &'static [&'static str])]) {
    check_all(cases.iter().map(|&(formula, says)| refused(78, &format!("\"{formula}\""), says)));
}

#[test]
fn what_is_no_formula_is_refused_at_its_character() {
    refuse(&[
        ("", &["case.toml:13:12", "expected a number, a name or '(', found the end of the formula"]),
        ("   ", &["case.toml:13:15", "found the end"]),
        ("sma(n", &["case.toml:13:17", "expected ')' or ',' after an argument, found the end"]),
        ("sma(n))", &["case.toml:13:18", "found ')'"]),
        ("(close", &["case.toml:13:18", "expected ')' to close the parenthesis"]),
        ("sma(n) >", &["case.toml:13:20", "found the end of the formula"]),
        (
            "close close",
            &["case.toml:13:18", "expected an operator or the end of the formula, found 'close'"],
        ),
        ("close 5", &["case.toml:13:18", "found the number 5"]),
        ("1 + * 2", &["case.toml:13:16", "found '*'"]),
        ("+1", &["case.toml:13:12", "found '+'"]),
        (",", &["case.toml:13:12", "found ','"]),
        ("not", &["case.toml:13:15", "found the end"]),
        ("1 + and", &["case.toml:13:16", "found 'and'"]),
        ("close = open", &["case.toml:13:18", "equality is written =="]),
        ("1 < close < 3", &["case.toml:13:22", "comparisons do not chain", "write `a < b and b < c`"]),
        ("close ? open", &["case.toml:13:18", "unexpected character '?'"]),
        ("close; open", &["case.toml:13:17", "unexpected character ';'"]),
        ("close > 😀", &["case.toml:13:20", "unexpected character '😀'"]),
        ("ｃｌｏｓｅ", &["case.toml:13:12", "unexpected character 'ｃ'"]),
        (".5", &["case.toml:13:12", "unexpected character '.'; write `0.5`"]),
        ("5.", &["case.toml:13:13", "unexpected character '.'; write `5.0`"]),
        ("0x10", &["case.toml:13:13", "found 'x10'"]),
        ("1_000", &["case.toml:13:13", "unexpected character '_'; write `1000`"]),
        ("1e", &["case.toml:13:13", "found 'e'"]),
        ("1e999", &["case.toml:13:12", "the number '1e999' is too large"]),
        ("of('AAA, close)", &["case.toml:13:15", "the quote ' is not closed"]),
    ]);
}

#[test]
fn unknown_names_come_with_the_nearest() {
    refuse(&[
        (
            "top(momentun(n), 1)",
            &["case.toml:13:16", "unknown operator 'momentun'", "did you mean 'momentum'?"],
        ),
        ("top(momentum(m), 1)", &["case.toml:13:25", "unknown name 'm'", "did you mean 'n'?"]),
        ("Close", &["case.toml:13:12", "unknown name 'Close'", "did you mean 'close'?"]),
        ("price", &["case.toml:13:12", "the names are: open high low close volume n part", "[parameters]"]),
        (
            "fourier(close, 5)",
            &["case.toml:13:12", "unknown operator 'fourier'", "docs/formula.md has all operators"],
        ),
        ("average(close, 5)", &["case.toml:13:12", "unknown operator 'average'; here it is sma(x, n)"]),
        ("HHV(close, 5)", &["case.toml:13:12", "unknown operator 'HHV'; here it is highest(x, n)"]),
        ("sma", &["case.toml:13:12", "the operator 'sma' needs its arguments", "write sma(n) or sma(x, n)"]),
        ("close(5)", &["case.toml:13:12", "'close' is a value and takes no arguments"]),
        ("n(5)", &["case.toml:13:12", "'n' is a value and takes no arguments"]),
        ("nan", &["case.toml:13:12", "unknown name 'nan'"]),
        ("inf", &["case.toml:13:12", "unknown name 'inf'"]),
        ("AAA", &["case.toml:13:12", "unknown name 'AAA'"]),
    ]);
}

#[test]
fn arguments_have_their_number_and_kind() {
    refuse(&[
        ("top(close)", &["case.toml:13:12", "'top' does not take 1 argument", "write top(x, n)"]),
        ("count(close)", &["case.toml:13:12", "'count' does not take 1 argument"]),
        ("if(close > 1, 2)", &["case.toml:13:12", "'if' does not take 2 arguments"]),
        ("max(close)", &["case.toml:13:12", "'max' does not take 1 argument"]),
        ("fixed()", &["case.toml:13:12", "'fixed' does not take 0 arguments"]),
        ("fixed(0.5)", &["case.toml:13:18", "expected `TICKER = weight`"]),
        ("fixed(AAA = close)", &["case.toml:13:24", "must be made of numbers and parameters alone"]),
        ("fixed(AAA = 0.5, AAA = 0.5)", &["case.toml:13:29", "'AAA' has a weight already"]),
        ("fixed('../x' = 1)", &["case.toml:13:18", "'../x' is no ticker"]),
        ("fixed(A B = 1)", &["case.toml:13:20", "expected ')' or ','"]),
        ("of(AAA, close)", &["case.toml:13:15", "expected a quoted ticker"]),
        ("of('', close)", &["case.toml:13:15", "'' is no ticker"]),
        ("sma(x = close)", &["case.toml:13:16", "'sma' takes no named arguments, only 'fixed' does"]),
        ("'AAA' + 1", &["case.toml:13:12", "the ticker \"AAA\" is no value", "of(\"AAA\", close)"]),
    ]);
}

#[test]
fn windows_are_whole_numbers_in_range() {
    refuse(&[
        ("sma(0)", &["case.toml:13:16", "expected a whole number from 1 to 1000000, found 0"]),
        ("sma(-n)", &["case.toml:13:16", "found -5"]),
        ("sma(n / 2)", &["case.toml:13:16", "found 2.5"]),
        ("sma(1000001)", &["case.toml:13:16", "found 1000001"]),
        ("sma(1e300)", &["case.toml:13:16", "found 1e300"]),
        ("sma(0 / 0)", &["case.toml:13:16", "found no number"]),
        ("sma(9 ^ 9 ^ 9)", &["case.toml:13:16", "found no number"]),
        ("stdev(close, 1)", &["case.toml:13:25", "expected a whole number from 2 to 1000000, found 1"]),
        ("sma(close)", &["case.toml:13:16", "expected a whole number", "write sma(n) or sma(x, n)"]),
        ("top(close, count())", &["case.toml:13:23", "cannot change from day to day"]),
        ("top(close, part)", &["case.toml:13:23", "found 0.5"]),
        ("bottom(close, 1e7)", &["case.toml:13:26", "found 10000000"]),
    ]);
}

#[test]
fn formulas_without_end_or_depth_are_refused() {
    check_all([
        refused(
            78,
            &format!("\"{}\"", "(".repeat(90_000)),
            &["case.toml:13:76", "more than 64 expressions nested"],
        ),
        refused(
            78,
            &format!("\"{}1\"", "-".repeat(90_000)),
            &["case.toml:13:", "more than 64 expressions nested"],
        ),
        refused(
            78,
            &format!("\"{}1\"", "1 + ".repeat(20_000)),
            &["case.toml:13:", "more than 256 operators"],
        ),
        refused(
            78,
            &format!("\"{}\"", "x".repeat(100_001)),
            &["case.toml:13:12", "longer than 100000 bytes"],
        ),
        refused(78, &format!("\"{}\"", "x".repeat(90_000)), &["case.toml:13:12", "unknown name 'xxx", "…"]),
        refused(78, &format!("\"of('{}/', 1)\"", "x".repeat(90_000)), &["case.toml:13:15", "is no ticker"]),
    ]);
}

#[test]
fn the_place_is_right_in_every_kind_of_toml_text() {
    check_all([
        refused(78, "'sma(m)'", &["case.toml:13:16", "unknown name 'm'"]),
        refused(
            78,
            "\"\"\"\ntop(momentum(n),\n  1) + oops\n\"\"\"",
            &["case.toml:15:8", "| ", "1) + oops", "unknown name 'oops'"],
        ),
        refused(78, "'''\r\nsma(n) >\r\n  smaa(n)'''", &["case.toml:15:3", "unknown operator 'smaa'"]),
        refused(78, "\"sma(n) \\u003e smaa(n)\"", &["case.toml:13:11", "unknown operator 'smaa'"]),
        refused(78, "\"1 +\\n *\"", &["case.toml:13:11", "found '*'"]),
        refused(78, "\"close\\u0000\"", &["case.toml:13:11", "unexpected character '\\0'"]),
        refused(78, "\"close\\u001b[31m\"", &["case.toml:13:11", "unexpected character '\\u{1b}'"]),
        refused(78, "\"\\\"AAA\\\"\"", &["case.toml:13:11", "the ticker \"AAA\" is no value"]),
    ]);
}

#[test]
fn weights_that_cannot_be_traded_are_bad_data() {
    check_all([
        refused(
            65,
            "\"-1\"",
            &["asset 'AAA' has the negative weight -1 at 2020-01-10T21:00:00Z", "long_only"],
        ),
        refused(65, "\"fixed(AAA = 0.6, BBB = -1e-300)\"", &["asset 'BBB' has the negative weight -1e-300"]),
        refused(
            66,
            "\"fixed(AAC = 1)\"",
            &["AAC.csv", "no price file for asset 'AAC'", "did you mean 'AAA'?"],
        ),
        refused(66, "'of(\"ZZZ\", close)'", &["ZZZ.csv", "no price file for asset 'ZZZ'"]),
        Case::run(
            "too many shares",
            Expected::Refused(65, &["asset 'AAA': cannot hold 2.44", "e103 shares at 2020-01-10"]),
        )
        .with(
            "case.toml",
            STRATEGY.replace("long_only = { cash_buffer = 0.01 }", "long_short = { gross_leverage = 1e100 }"),
        ),
    ]);
}

#[test]
fn sound_formulas_that_look_odd_are_accepted() {
    let accepted = |toml: &&str| Case::run(toml, Expected::Accepted).with("case.toml", with_formula(toml));
    check_all(
        [
            "\"0\"",
            "\"1e300\"",
            "\"1/0\"",
            "\"share(close - close)\"",
            "\"log(0) + sqrt(-1) + exp(1e6)\"",
            "\"sma(1000000)\"",
            "\"top(close, 1000000)\"",
            "\"(((((((((close)))))))))\"",
            "\"\\u0063lose\"",
            "\"sma(n\u{a0})\"",
            "'of(\"AAA\", of(\"BBB\", close))'",
            "\"fixed('AAA' = part, BBB = 2 ^ -n)\"",
            "\"\"\"\r\n  share(\r\n\tvolume\r\n  )\"\"\"",
            "\"if(not close > 1 or n, 1, 0)\"",
        ]
        .iter()
        .map(accepted),
    );
}
