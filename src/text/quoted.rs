//! Text and numbers of the input as messages show them: short, on one line, and without characters that control a terminal.

/// Largest number of characters of a text that a message shows.
const TEXT_LIMIT: usize = 60;

/// Text for a message: at most its first 60 characters, with control characters escaped.
pub(crate) fn text(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(TEXT_LIMIT).map(escaped).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A message that may quote text of any length, with control characters escaped. If it has more than `limit` characters, its
/// middle is left out.
pub(crate) fn message(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    let (head, tail) = if count > limit { (limit / 2, limit / 2) } else { (count, 0) };
    let mut shown: String = text.chars().take(head).map(escaped).collect();
    if count > limit {
        shown.push('…');
    }
    shown.extend(text.chars().skip(count - tail).map(escaped));
    shown
}

/// A character, escaped if it is a control character.
fn escaped(character: char) -> String {
    if character.is_control() { character.escape_default().collect() } else { character.to_string() }
}

/// The shortest text that reads back to the same number, with an exponent if it would have many zeros.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) || !value.is_finite() {
        format!("{value}")
    } else {
        format!("{value:e}")
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
