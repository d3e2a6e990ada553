//! A TOML file whose every value knows where it stands. Knows no key by name.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Excerpt};
use super::tree::{Entry, Node, Origin, Value, write_table};

/// A TOML file, with overrides laid over it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) root: Vec<Entry>,
}

impl Document {
    /// Reads a file's bytes as text; `path` is for messages.
    ///
    /// # Errors
    /// They are not UTF-8.
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

    /// Reads the text of a file; `path` is for messages.
    ///
    /// # Errors
    /// It is not TOML.
    pub(crate) fn new(path: &str, text: &str) -> Result<Document, ConfigError> {
        // Editors of one system begin a file with a mark that belongs to no line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Document { path: path.to_owned(), text: text.to_owned(), root: Vec::new() };
        let table = DeTable::parse(text).map_err(|error| {
            document.error(&Origin::File(error.span().unwrap_or(0..0)), error.message().to_owned())
        })?;
        document.root = document.entries(table.get_ref(), &Origin::File)?;
        Ok(document)
    }

    fn entries(
        &self,
        table: &DeTable,
        origin: &dyn Fn(Range<usize>) -> Origin,
    ) -> Result<Vec<Entry>, ConfigError> {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue>)| {
            let key_text: &std::borrow::Cow<str> = key.get_ref();
            Ok(Entry {
                key: key_text.to_string(),
                origin: origin(key.span()),
                node: self.node(value, origin)?,
            })
        };
        table.iter().map(entry).collect()
    }

    pub(super) fn node(
        &self,
        value: &Spanned<DeValue>,
        origin: &dyn Fn(Range<usize>) -> Origin,
    ) -> Result<Node, ConfigError> {
        let own = origin(value.span());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(value) => Value::Date(*value),
            DeValue::Integer(value) => Value::Integer(
                i64::from_str_radix(value.as_str(), value.radix())
                    .map_err(|_| self.error(&own, format!("the number {} is too large", value.as_str())))?,
            ),
            DeValue::Float(value) => match value.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Float(number),
                _ => {
                    return Err(
                        self.error(&own, format!("expected a finite number, found {}", value.as_str()))
                    );
                }
            },
            DeValue::Array(values) => {
                Value::Array(values.iter().map(|value| self.node(value, origin)).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => Value::Table(self.entries(table, origin)?),
        };
        Ok(Node { value, origin: own })
    }

    /// The document as TOML, overrides and all: keys in order, inner tables below `prefix` after the other keys of a table.
    pub(crate) fn to_toml(&self, prefix: &str) -> String {
        let mut text = String::new();
        write_table(&self.root, prefix, &mut text);
        text
    }

    pub(super) fn error(&self, origin: &Origin, message: String) -> ConfigError {
        match origin {
            Origin::Override(source) => ConfigError { place: source.clone(), message, excerpt: None },
            Origin::File(span) => self.error_at(span.clone(), message),
        }
    }

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
            place: format!("{}:{number}:{}", self.path, column + 1),
            message,
            excerpt: Some(Excerpt { line: line.to_owned(), start: column, length: marked }),
        }
    }
}
