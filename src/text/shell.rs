//! Quotes any text as one word, of bash or of an `#SBATCH` line. Runs nothing.

/// Text as one word of bash. Control characters are escaped, so that the word stays on one line.
pub(crate) fn bash(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:,+@%=-".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    if !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let escaped: String = text
        .chars()
        .map(|character| match character {
            '\'' | '\\' => format!("\\{character}"),
            character if character.is_control() => format!("\\u{:04x}", u32::from(character)),
            character => character.to_string(),
        })
        .collect();
    format!("$'{escaped}'")
}

/// Text as one word of an `#SBATCH` line. To Slurm, a backslash escapes any character, also inside quotes, and a `#` outside
/// quotes begins a comment.
pub(crate) fn sbatch(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:,+@%=-[]&|*()!".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// A path as one word of bash that programs do not take for an option.
pub(crate) fn path(text: &str) -> String {
    if text.starts_with('-') { bash(&format!("./{text}")) } else { bash(text) }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn bash_reads_every_word_back() {
        for text in [
            "",
            "plain/path-1.0",
            "a b",
            "$(touch x)",
            "`touch x`",
            "it's \"quoted\"",
            "back\\slash",
            "new\nline\ttab\u{1}\u{7f}'\\",
            "~",
            "*",
            "#",
            "!!",
            "größe;&|<>",
            "-n",
        ] {
            let script = format!("printf '[%s]' {}", bash(text));
            assert!(!script.contains('\n'), "{script}");
            let output =
                Command::new("bash").args(["-c", &script]).env("LC_ALL", "C.UTF-8").output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("[{text}]"), "{script}");
        }
    }

    #[test]
    fn a_word_of_sbatch_is_quoted_if_necessary() {
        assert_eq!(sbatch("00:30:00"), "00:30:00");
        assert_eq!(sbatch("[rack1|rack2]&fast"), "[rack1|rack2]&fast");
        assert_eq!(sbatch("a b"), "\"a b\"");
        assert_eq!(sbatch("x # \"y\" \\z"), "\"x # \\\"y\\\" \\\\z\"");
    }

    #[test]
    fn a_path_is_not_an_option() {
        assert_eq!(path("-rf"), "./-rf");
        assert_eq!(path("a b"), "'a b'");
    }
}
