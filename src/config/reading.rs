//! Reads fields as the rows of their keys say: type, range and default. Knows no key by name.

use super::error::{ConfigError, unknown};
use super::fields::{Field, Table};
use super::schema::{Key, KeyDefault, Kind, Range, Schema};
use crate::market::date::Instant;

impl<'d> Table<'d> {
    /// This table, after a check that the schema knows each of its keys.
    ///
    /// # Errors
    /// The table has an unknown key; the error is about the first one.
    pub(crate) fn checked(self, schema: &Schema) -> Result<Table<'d>, ConfigError> {
        let path = self.path();
        if self.keys().all(|key| schema.knows(path, key)) {
            return Ok(self);
        }
        self.allow(&schema.names_in(path)).map(|()| self)
    }

    /// The inner table of a key, checked for unknown keys; an empty one if it is missing and not required.
    ///
    /// # Errors
    /// The key is required and missing, its value is not a table, or the table has an unknown key.
    pub(crate) fn inner(&self, schema: &Schema, key: &Key) -> Result<Table<'d>, ConfigError> {
        let table = match key.default {
            KeyDefault::Required => self.require_table(key.name),
            _ => self.optional_table(key.name),
        };
        table?.checked(schema)
    }

    /// The inner table of a key, checked for unknown keys; `None` if it is missing.
    ///
    /// # Errors
    /// The value is not a table, or the table has an unknown key.
    pub(crate) fn find_inner(&self, schema: &Schema, key: &Key) -> Result<Option<Table<'d>>, ConfigError> {
        self.find(key).map(|field| field.table()?.checked(schema)).transpose()
    }

    /// The field of a key; `None` if it is missing.
    pub(crate) fn find(&self, key: &Key) -> Option<Field<'d>> {
        self.get(key.name)
    }

    /// The field of a key.
    ///
    /// # Errors
    /// The key is missing.
    pub(crate) fn need(&self, key: &Key) -> Result<Field<'d>, ConfigError> {
        self.require(key.name)
    }

    /// The number of a key, or its default.
    ///
    /// # Errors
    /// The key is missing and has no default, or its value is not a number or out of range.
    pub(crate) fn number(&self, key: &Key) -> Result<f64, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Is(default)) => Ok(default),
            _ => self.need(key)?.number_in_range(key),
        }
    }

    /// The whole number of a key, or its default.
    ///
    /// # Errors
    /// The key is missing and has no default, or its value is not a whole number or out of range.
    pub(crate) fn whole(&self, key: &Key) -> Result<u64, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Is(default)) => Ok(default as u64),
            _ => self.need(key)?.whole_in_range(key),
        }
    }

    /// The whole number of a key; `None` if it is missing.
    ///
    /// # Errors
    /// The value is not a whole number, or out of range.
    pub(crate) fn find_whole(&self, key: &Key) -> Result<Option<u64>, ConfigError> {
        self.find(key).map(|field| field.whole_in_range(key)).transpose()
    }

    /// The boolean of a key, or its default.
    ///
    /// # Errors
    /// The key is missing and has no default, or its value is not a boolean.
    pub(crate) fn flag(&self, key: &Key) -> Result<bool, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Flag(default)) => Ok(default),
            _ => self.need(key)?.boolean(),
        }
    }
}

impl Field<'_> {
    /// The value as a number in the range of a key.
    ///
    /// # Errors
    /// It is not a number, or out of range.
    pub(crate) fn number_in_range(&self, key: &Key) -> Result<f64, ConfigError> {
        match key.kind {
            Kind::Number { noun, range } | Kind::NumberOrFormula { noun, range } => match self.number() {
                Ok(number) if range.contains(number.value()) => Ok(number.value()),
                _ => Err(self.expected(&range.expected(noun))),
            },
            _ => Ok(self.number()?.value()),
        }
    }

    fn whole_in_range(&self, key: &Key) -> Result<u64, ConfigError> {
        let (expected, range) = match key.kind {
            Kind::Whole { noun, range } => (range.expected(noun), range),
            Kind::WholeOr { word, range } => {
                (range.expected(&format!("\"{word}\" or a whole number")), range)
            }
            _ => ("a whole number".to_owned(), Range::Any),
        };
        let accept = |value: i64| value >= 0 && range.contains(value as f64);
        Ok(self.whole_where(accept, &expected)? as u64)
    }

    /// The instant of a key; a date alone means the time of day in the row of the key.
    ///
    /// # Errors
    /// The value is neither a date nor a date-time in UTC.
    pub(crate) fn moment(&self, key: &Key) -> Result<Instant, ConfigError> {
        match key.kind {
            Kind::Moment { time } => self.instant(time),
            _ => self.instant(0),
        }
    }

    /// The error that the text is not one of the names that the key allows.
    pub(crate) fn no_choice(&self, key: &Key) -> ConfigError {
        match (key.kind, self.text()) {
            (Kind::Choice { what, names } | Kind::ChoiceOrList { what, names }, Ok(text)) => {
                self.error(unknown(what, text, names))
            }
            (Kind::Choices { choices, .. }, Ok(text)) => {
                let choices = choices(self.key).unwrap_or_default();
                self.error(unknown(&format!("choice of '{}'", self.key), text, &choices))
            }
            (_, Ok(_)) => self.expected("another value"),
            (_, Err(error)) => error,
        }
    }
}
