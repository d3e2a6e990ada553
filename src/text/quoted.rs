//! Text and numbers of the input as messages show them: short, on one line, nothing that a terminal would obey.

/// Characters of a text that a message shows.
const TEXT_LIMIT: usize = 60;

/// Text for a message: at most its first 60 characters, control characters spelled out.
pub(crate) fn text(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(TEXT_LIMIT).map(spelled_out).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A message that may quote text of any length: its middle left out where it is longer than `limit` characters, control
/// characters spelled out.
pub(crate) fn message(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    let (head, tail) = if count > limit { (limit / 2, limit / 2) } else { (count, 0) };
    let mut shown: String = text.chars().take(head).map(spelled_out).collect();
    if count > limit {
        shown.push('…');
    }
    shown.extend(text.chars().skip(count - tail).map(spelled_out));
    shown
}

fn spelled_out(character: char) -> String {
    match character.is_control() {
        true => character.escape_default().collect(),
        false => character.to_string(),
    }
}

/// The shortest text that reads back to the same number, with an exponent where there would be many zeros.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    match size == 0.0 || (1e-5..1e16).contains(&size) || !value.is_finite() {
        true => format!("{value}"),
        false => format!("{value:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stay_short_and_on_one_line() {
        assert_eq!(text("a\tb\n\u{1b}[31mé"), "a\\tb\\n\\u{1b}[31mé");
        assert_eq!(text(&"x".repeat(1000)), format!("{}…", "x".repeat(60)));
        assert_eq!(["abcd", "abcde"].map(|text| message(text, 4)), ["abcd", "ab…de"]);
    }

    #[test]
    fn numbers_have_no_run_of_zeros() {
        let shown: Vec<String> =
            [0.0, 1.0, -2.5, 1e7, 1e15, 1e16, -1.5e300, 0.0001, 1e-300].map(number).into();
        assert_eq!(
            shown,
            ["0", "1", "-2.5", "10000000", "1000000000000000", "1e16", "-1.5e300", "0.0001", "1e-300"]
        );
        assert_eq!([f64::NAN, f64::INFINITY].map(number), ["NaN", "inf"]);
    }
}
