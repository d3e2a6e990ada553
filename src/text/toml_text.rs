//! Keys and values in the syntax of TOML. Parses nothing.

use std::fmt::Write;

/// A key, in quotes unless it is a bare key of TOML.
pub(crate) fn key(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(is_plain) { key.to_owned() } else { string(key) }
}

/// Text in double quotes, with quotes, backslashes and control characters escaped.
pub(crate) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            character if character.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// The shortest number that reads back to the same double and that TOML does not take for an integer.
pub(crate) fn float(value: f64) -> String {
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in ["", "plain", "a \"b\" \\c", "tab\tnew\nline\u{1b}\u{7f}", "größe", "''' \"\"\""] {
            let line = format!("{} = {}", key(text), string(text));
            let table: toml::Table = toml::from_str(&line).unwrap();
            assert_eq!(table.get(text).and_then(|value| value.as_str()), Some(text), "{line}");
        }
        for number in [0.0, 1.0, 0.1, 1e300, -1.5e-7, 1e16, f64::MIN_POSITIVE] {
            let table: toml::Table = toml::from_str(&format!("x = {}", float(number))).unwrap();
            assert_eq!(table["x"].as_float(), Some(number));
        }
    }
}
