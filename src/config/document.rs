//! A TOML file whose values know their location, for messages. Knows no key by name.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Excerpt};
use super::tree::{KeyValue, SourcedValue, TomlValue, ValueOrigin, write_table};

/// A TOML file and the overrides of its keys.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) root: Vec<KeyValue>,
}

impl Document {
    /// The bytes of a file as text; `path` is for messages.
    ///
    /// # Errors
    /// The bytes are not UTF-8; the error names the location of the first wrong one.
    pub(crate) fn text(path: &str, bytes: Vec<u8>) -> Result<String, ConfigError> {
        String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let document = Document { path: path.to_owned(), text, root: Vec::new() };
            let message = format!("the byte 0x{:02x} is not UTF-8; save the file as UTF-8", bytes[valid]);
            document.error_at(valid..valid, message)
        })
    }

    /// Parses the text of a file; `path` is for messages.
    ///
    /// # Errors
    /// The text is not TOML, an integer does not fit into 64 bits, or a number is infinite or NaN.
    pub(crate) fn new(path: &str, text: &str) -> Result<Document, ConfigError> {
        // Some editors write a byte-order mark, which must not shift the columns of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Document { path: path.to_owned(), text: text.to_owned(), root: Vec::new() };
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let help = help(text, span.start).map_or_else(String::new, |help| format!("; {help}"));
            document.error(&ValueOrigin::File(span), format!("{}{help}", error.message()))
        })?;
        document.root = document.entries(table.get_ref(), &ValueOrigin::File)?;
        Ok(document)
    }

    fn entries(
        &self,
        table: &DeTable,
        origin: &dyn Fn(Range<usize>) -> ValueOrigin,
    ) -> Result<Vec<KeyValue>, ConfigError> {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue>)| {
            let key_text: &std::borrow::Cow<str> = key.get_ref();
            Ok(KeyValue {
                key: key_text.to_string(),
                origin: origin(key.span()),
                node: self.node(value, origin)?,
            })
        };
        table.iter().map(entry).collect()
    }

    /// A parsed value with its origin, which `origin` makes from its range of bytes.
    pub(super) fn node(
        &self,
        value: &Spanned<DeValue>,
        origin: &dyn Fn(Range<usize>) -> ValueOrigin,
    ) -> Result<SourcedValue, ConfigError> {
        let own = origin(value.span());
        let value = match value.get_ref() {
            DeValue::String(text) => TomlValue::Text(text.to_string()),
            DeValue::Boolean(value) => TomlValue::Boolean(*value),
            DeValue::Datetime(value) => TomlValue::Date(*value),
            DeValue::Integer(value) => TomlValue::Integer(
                i64::from_str_radix(value.as_str(), value.radix())
                    .map_err(|_| self.error(&own, format!("the number {} is too large", value.as_str())))?,
            ),
            DeValue::Float(value) => match value.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => TomlValue::Float(number),
                _ => {
                    return Err(
                        self.error(&own, format!("expected a finite number, found {}", value.as_str()))
                    );
                }
            },
            DeValue::Array(values) => TomlValue::Array(
                values.iter().map(|value| self.node(value, origin)).collect::<Result<_, _>>()?,
            ),
            DeValue::Table(table) => TomlValue::Table(self.entries(table, origin)?),
        };
        Ok(SourcedValue { value, origin: own })
    }

    /// The document as TOML with its overrides applied: keys in order, the inner tables of a table after its other keys. The
    /// paths of all tables begin with `prefix`.
    pub(crate) fn to_toml(&self, prefix: &str) -> String {
        let mut text = String::new();
        write_table(&self.root, prefix, &mut text);
        text
    }

    /// An error about a value with this origin.
    pub(super) fn error(&self, origin: &ValueOrigin, message: String) -> ConfigError {
        match origin {
            ValueOrigin::Override(source) | ValueOrigin::Text(source) => {
                ConfigError { location: source.clone(), message, excerpt: None }
            }
            ValueOrigin::File(span) => self.error_at(span.clone(), message),
        }
    }

    /// An error about a range of bytes of the file.
    pub(super) fn error_at(&self, span: Range<usize>, message: String) -> ConfigError {
        let floor = |mut offset: usize| {
            offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let (start, end) = (floor(span.start), floor(span.end));
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[line_start..].lines().next().unwrap_or("");
        let column = self.text[line_start..start].chars().count();
        let marked = self.text[start..end.max(start)].lines().next().unwrap_or("").chars().count().max(1);
        let number = self.text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        ConfigError {
            location: format!("{}:{number}:{}", self.path, column + 1),
            message,
            excerpt: Some(Excerpt { line: line.to_owned(), start: column, length: marked }),
        }
    }
}

/// What is probably meant by a value that is not TOML; `at` is the byte at which that was seen.
fn help(text: &str, at: usize) -> Option<String> {
    let (before, after) = text.split_at_checked(at)?;
    let before = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let after = after.lines().next().unwrap_or_default();
    let value = before.split_once('=').map_or("", |(_, value)| value.trim());
    if value.starts_with('"') && value.ends_with('"') && value.len() > 1 && after.contains('"') {
        return Some("a formula with \" in it stands in single quotes".to_owned());
    }
    let belongs = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '/' | '-');
    let begin = before.trim_end_matches(belongs).len();
    let end = after.len() - after.trim_start_matches(belongs).len();
    let written = [&before[begin..], &after[..end]].concat();
    let are_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = |sign: char| {
        let parts: Vec<&str> = written.split(sign).collect();
        parts.len() == 3 && parts.iter().all(are_digits) && parts.iter().any(|part| part.len() == 4)
    };
    if ['.', '/', '-'].into_iter().any(is_date) {
        return Some("dates are written 2000-03-01".to_owned());
    }
    let thousands: Vec<&str> = written.trim_end_matches(',').split(',').collect();
    let are_thousands = thousands.len() > 1
        && thousands.iter().all(are_digits)
        && thousands[0].len() <= 3
        && thousands[1..].iter().all(|part| part.len() == 3);
    are_thousands.then(|| format!("write {}", thousands.join("_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_toml_comes_with_what_is_meant() {
        for (text, says) in [
            ("weights = \"of(\"IBM\", close)\"", "; a formula with \" in it stands in single quotes"),
            ("a = 1\nstart = 01.03.2000\nb = 1", "; dates are written 2000-03-01"),
            ("start = 1.3.2000", "; dates are written 2000-03-01"),
            ("start = 2000/03/01", "; dates are written 2000-03-01"),
            ("start = 2000-3-1", "; dates are written 2000-03-01"),
            ("period = { start = 01.03.2000 }", "; dates are written 2000-03-01"),
            ("initial_cash = 1,000,000", "; write 1_000_000"),
            ("initial_cash = 1,000,000 # a million", "; write 1_000_000"),
        ] {
            let message = Document::new("a.toml", text).unwrap_err().message;
            assert!(message.ends_with(says), "{text}: {message}");
        }
        for text in
            ["a = ", "a = b", "a = 'x' y", "a = \"x\" y", "a = 1, b = 2", "ä = é", "a = 1.2.3", "a = 1,00"]
        {
            let message = Document::new("a.toml", text).unwrap_err().message;
            assert!(
                !message.contains("written 2000")
                    && !message.contains("write")
                    && !message.contains("single"),
                "{text}: {message}"
            );
        }
    }
}
