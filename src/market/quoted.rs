//! Text and numbers of the input as messages show them: short, on one line, nothing that a terminal would obey.

/// Characters of a text that a message shows.
const TEXT_LIMIT: usize = 60;

/// Text for a message: at most 60 characters, control characters spelled out.
pub fn text(text: &str) -> String {
    limited(text, TEXT_LIMIT)
}

/// Text with at most this many characters, control characters spelled out.
pub fn limited(text: &str, limit: usize) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(limit).map(spelled_out).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn spelled_out(character: char) -> String {
    match character.is_control() {
        true => character.escape_default().collect(),
        false => character.to_string(),
    }
}

/// The shortest text that reads back to the same number, with an exponent where there would be many zeros.
pub fn number(value: f64) -> String {
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
        assert_eq!(limited("abc", 3), "abc");
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
