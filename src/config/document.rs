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
            document.error(&ValueOrigin::File(error.span().unwrap_or(0..0)), error.message().to_owned())
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
