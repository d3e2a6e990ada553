//! Tables of a document and their fields: typed access to values, and errors with their location. Knows no key by name.

use std::ops::Range;

use super::document::Document;
use super::error::{ConfigError, Excerpt};
use super::tree::{KeyValue, Number, SourcedValue, TomlValue, ValueOrigin, describe, inline};
use crate::market::date::{Date, Instant};
use crate::text::nearest::nearest;

impl Document {
    /// A table of this document as a document of its own. Messages still give locations in this file.
    ///
    /// # Errors
    /// The key is missing, or its value is not a table.
    pub(crate) fn inner(&self, key: &str) -> Result<Document, ConfigError> {
        let table = self.table().require_table(key)?;
        Ok(Document { path: self.path.clone(), text: self.text.clone(), root: table.entries.to_vec() })
    }

    /// The top table.
    pub(crate) fn table(&self) -> Table<'_> {
        Table { document: self, entries: &self.root, prefix: String::new(), origin: None }
    }
}

/// A table of a document.
#[derive(Debug, Clone)]
pub(crate) struct Table<'d> {
    document: &'d Document,
    entries: &'d [KeyValue],
    prefix: String,
    origin: Option<&'d ValueOrigin>,
}

/// A key of a table with its value.
#[derive(Debug, Clone)]
pub(crate) struct Field<'d> {
    document: &'d Document,
    /// Dotted path of the key.
    pub path: String,
    /// Last part of the path.
    pub key: &'d str,
    key_origin: &'d ValueOrigin,
    node: &'d SourcedValue,
}

impl<'d> Table<'d> {
    /// Dotted path of the table; empty for the top table.
    pub(crate) fn path(&self) -> &str {
        self.prefix.trim_end_matches('.')
    }

    /// Refuses keys that are not among the known ones.
    ///
    /// # Errors
    /// The table has an unknown key; the error is about the first one.
    pub(crate) fn allow(&self, known: &[&str]) -> Result<(), ConfigError> {
        let unknown = self.entries.iter().find(|entry| !known.contains(&entry.key.as_str()));
        let Some(KeyValue { key, origin, .. }) = unknown else {
            return Ok(());
        };
        let table = if self.prefix.is_empty() { String::new() } else { format!(" in [{}]", self.path()) };
        let help = match nearest(key, known.iter().copied()) {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => format!("the keys are: {}", known.join(", ")),
        };
        Err(self.document.error(origin, format!("unknown key '{key}'{table}; {help}")))
    }

    /// The field of a key; `None` if the table lacks the key.
    pub(crate) fn get(&self, key: &str) -> Option<Field<'d>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(self.field(entry))
    }

    /// The field of a key.
    ///
    /// # Errors
    /// The table lacks the key.
    pub(crate) fn require(&self, key: &str) -> Result<Field<'d>, ConfigError> {
        self.get(key).ok_or_else(|| {
            let message = format!("the key '{}{key}' is missing", self.prefix);
            match self.origin {
                Some(origin) => self.document.error(origin, message),
                None => ConfigError { location: self.document.path.clone(), message, excerpt: None },
            }
        })
    }

    /// The names of the keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// The fields of all keys, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field<'d>> + '_ {
        self.entries.iter().map(|entry| self.field(entry))
    }

    /// An inner table; an empty one if the key is missing.
    ///
    /// # Errors
    /// The value of the key is not a table.
    pub(crate) fn optional_table(&self, key: &str) -> Result<Table<'d>, ConfigError> {
        match self.get(key) {
            Some(field) => field.table(),
            None => Ok(Table { entries: &[], prefix: format!("{}{key}.", self.prefix), ..self.clone() }),
        }
    }

    /// An inner table.
    ///
    /// # Errors
    /// The key is missing, or its value is not a table.
    pub(crate) fn require_table(&self, key: &str) -> Result<Table<'d>, ConfigError> {
        match self.get(key) {
            Some(field) => field.table(),
            None => {
                let message = format!("the table [{}{key}] is missing", self.prefix);
                Err(ConfigError { location: self.document.path.clone(), message, excerpt: None })
            }
        }
    }

    fn field(&self, entry: &'d KeyValue) -> Field<'d> {
        Field {
            document: self.document,
            path: format!("{}{}", self.prefix, entry.key),
            key: &entry.key,
            key_origin: &entry.origin,
            node: &entry.node,
        }
    }
}

impl<'d> Field<'d> {
    /// An error about the value.
    pub(crate) fn error(&self, message: impl Into<String>) -> ConfigError {
        self.document.error(&self.node.origin, message.into())
    }

    /// An error about the key.
    pub(crate) fn key_error(&self, message: impl Into<String>) -> ConfigError {
        self.document.error(self.key_origin, message.into())
    }

    /// An error about a range of bytes of a text value.
    pub(crate) fn error_within(&self, within: Range<usize>, message: impl Into<String>) -> ConfigError {
        if let (ValueOrigin::Text(source), TomlValue::Text(text)) = (&self.node.origin, &self.node.value) {
            let lines = Document { path: source.clone(), text: text.clone(), root: Vec::new() };
            return lines.error_at(within, message.into());
        }
        let (ValueOrigin::File(span), TomlValue::Text(text)) = (&self.node.origin, &self.node.value) else {
            let mut error = self.error(message);
            if let TomlValue::Text(text) = &self.node.value {
                let start = text.get(..within.start).map_or(0, |before| before.chars().count());
                let length = text.get(within).map_or(1, |marked| marked.chars().count().max(1));
                error.excerpt = Some(Excerpt { line: text.clone(), start, length });
            }
            return error;
        };
        // Unless the text has escapes, it follows its quotes in the file unchanged.
        let raw = &self.document.text[span.clone()];
        let quotes =
            (1..=5).find(|&quotes| raw.get(quotes..).is_some_and(|raw| raw.starts_with(text.as_str())));
        match quotes {
            Some(quotes) => {
                let start = span.start + quotes;
                self.document.error_at(start + within.start..start + within.end, message.into())
            }
            None => self.error(message),
        }
    }

    /// Whether an override set the value.
    pub(crate) fn is_override(&self) -> bool {
        matches!(self.node.origin, ValueOrigin::Override(_))
    }

    /// Whether an override added the key, which the file does not have.
    pub(crate) fn is_added(&self) -> bool {
        matches!(self.key_origin, ValueOrigin::Override(_))
    }

    /// The error that `what` was expected instead of the value.
    pub(crate) fn expected(&self, what: &str) -> ConfigError {
        self.error(format!("'{}': expected {what}, found {}", self.path, describe(&self.node.value)))
    }

    /// The value as text.
    ///
    /// # Errors
    /// The value is not text.
    pub(crate) fn text(&self) -> Result<&'d str, ConfigError> {
        match &self.node.value {
            TomlValue::Text(text) => Ok(text),
            _ => Err(self.expected("text in quotes")),
        }
    }

    /// The value as true or false.
    ///
    /// # Errors
    /// The value is not a boolean.
    pub(crate) fn boolean(&self) -> Result<bool, ConfigError> {
        match self.node.value {
            TomlValue::Boolean(value) => Ok(value),
            _ => Err(self.expected("true or false")),
        }
    }

    /// The value as a number.
    ///
    /// # Errors
    /// The value is not a number.
    pub(crate) fn number(&self) -> Result<Number, ConfigError> {
        match self.node.value {
            TomlValue::Integer(value) => Ok(Number::Integer(value)),
            TomlValue::Float(value) => Ok(Number::Float(value)),
            _ => Err(self.expected("a number")),
        }
    }

    /// The value as a number in a range; `expected` describes the range.
    ///
    /// # Errors
    /// The value is not a number, or `accept` refuses it.
    pub(crate) fn number_where(
        &self,
        accept: impl Fn(f64) -> bool,
        expected: &str,
    ) -> Result<f64, ConfigError> {
        match self.node.value {
            TomlValue::Integer(value) if accept(value as f64) => Ok(value as f64),
            TomlValue::Float(value) if accept(value) => Ok(value),
            _ => Err(self.expected(expected)),
        }
    }

    /// The value as a whole number in a range; `expected` describes the range.
    ///
    /// # Errors
    /// The value is not a whole number, or `accept` refuses it.
    pub(crate) fn whole_where(
        &self,
        accept: impl Fn(i64) -> bool,
        expected: &str,
    ) -> Result<i64, ConfigError> {
        match self.node.value {
            TomlValue::Integer(value) if accept(value) => Ok(value),
            _ => Err(self.expected(expected)),
        }
    }

    /// The value as TOML on one line.
    pub(crate) fn toml(&self) -> String {
        inline(&self.node.value)
    }

    /// The values of a list; `None` if the value is not a list.
    pub(crate) fn list(&self) -> Option<Vec<Field<'d>>> {
        let TomlValue::Array(nodes) = &self.node.value else {
            return None;
        };
        Some(nodes.iter().map(|node| Field { node, ..self.clone() }).collect())
    }

    /// The value as a list of texts.
    ///
    /// # Errors
    /// The value is not a list, or one of its values is not text.
    pub(crate) fn texts(&self) -> Result<Vec<Field<'d>>, ConfigError> {
        let TomlValue::Array(nodes) = &self.node.value else {
            return Err(self.expected("a list of texts"));
        };
        let fields: Vec<Field> = nodes.iter().map(|node| Field { node, ..self.clone() }).collect();
        fields.iter().try_for_each(|field| field.text().map(|_| ()))?;
        Ok(fields)
    }

    /// The value as a table.
    ///
    /// # Errors
    /// The value is not a table.
    pub(crate) fn table(&self) -> Result<Table<'d>, ConfigError> {
        match &self.node.value {
            TomlValue::Table(entries) => Ok(Table {
                document: self.document,
                entries,
                prefix: format!("{}.", self.path),
                origin: Some(self.key_origin),
            }),
            _ => Err(self.expected("a table")),
        }
    }

    /// Whether the value is a table.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.node.value, TomlValue::Table(_))
    }

    /// The value as a date.
    ///
    /// # Errors
    /// The value is not a date between the years 1 and 9999, or has a time of day.
    pub(crate) fn date(&self) -> Result<Date, ConfigError> {
        let expected = || self.expected("a date such as 2004-08-19, without quotes and without a time");
        match &self.node.value {
            TomlValue::Date(value) if value.time.is_none() => Ok(self.instant(0)?.date),
            _ => Err(expected()),
        }
    }

    /// The value as an instant in UTC: a date-time as written, or a date at `time` nanoseconds after midnight.
    ///
    /// # Errors
    /// The value is neither a date nor a date-time between the years 1 and 9999, or it has an offset from UTC.
    pub(crate) fn instant(&self, time: u64) -> Result<Instant, ConfigError> {
        let expected = "a date such as 2004-08-19 or a date-time such as 2004-08-19T14:30:00, without quotes";
        let TomlValue::Date(value) = &self.node.value else {
            return Err(self.expected(expected));
        };
        let date = value
            .date
            .and_then(|date| Date::from_ymd(date.year.into(), date.month.into(), date.day.into()))
            .ok_or_else(|| self.expected(expected))?;
        let shift = match value.offset {
            None | Some(toml::value::Offset::Z) => 0,
            Some(toml::value::Offset::Custom { minutes }) => i64::from(minutes),
        };
        if shift != 0 {
            return Err(self.error(format!("'{}': times are in UTC; write it without the offset", self.path)));
        }
        Ok(match value.time {
            None => Instant { date, time },
            Some(clock) => Instant::from_hms(
                date,
                clock.hour.into(),
                clock.minute.into(),
                clock.second.unwrap_or(0).into(),
                clock.nanosecond.unwrap_or(0),
            ),
        })
    }
}
