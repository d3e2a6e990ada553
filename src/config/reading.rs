//! Fields read as their rows say: type, range and default from the row. Knows no key by name.

use super::error::{ConfigError, unknown};
use super::fields::{Field, Table};
use super::schema::{Key, KeyDefault, Kind, Range, Schema};
use crate::market::date::Instant;

impl<'d> Table<'d> {
    /// The table itself, once each of its keys is known to the schema.
    ///
    /// # Errors
    /// The first unknown key.
    pub(crate) fn checked(self, schema: &Schema) -> Result<Table<'d>, ConfigError> {
        let path = self.path();
        if self.keys().all(|key| schema.knows(path, key)) {
            return Ok(self);
        }
        self.allow(&schema.names_in(path)).map(|()| self)
    }

    /// The inner table of a row, each key of it known; an empty one where it is not there and need not be.
    ///
    /// # Errors
    /// It is missing or no table, or has an unknown key.
    pub(crate) fn inner(&self, schema: &Schema, key: &Key) -> Result<Table<'d>, ConfigError> {
        let table = match key.default {
            KeyDefault::Required => self.require_table(key.name),
            _ => self.optional_table(key.name),
        };
        table?.checked(schema)
    }

    /// The inner table of a row, each key of it known, if it is there.
    ///
    /// # Errors
    /// It is no table, or has an unknown key.
    pub(crate) fn find_inner(&self, schema: &Schema, key: &Key) -> Result<Option<Table<'d>>, ConfigError> {
        self.find(key).map(|field| field.table()?.checked(schema)).transpose()
    }

    /// The field of a row, if it is there.
    pub(crate) fn find(&self, key: &Key) -> Option<Field<'d>> {
        self.get(key.name)
    }

    /// The field of a row.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn need(&self, key: &Key) -> Result<Field<'d>, ConfigError> {
        self.require(key.name)
    }

    /// The number of a row, or its default.
    ///
    /// # Errors
    /// It is missing, no number, or out of its range.
    pub(crate) fn number(&self, key: &Key) -> Result<f64, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Is(default)) => Ok(default),
            _ => self.need(key)?.number_of(key),
        }
    }

    /// The whole number of a row, or its default.
    ///
    /// # Errors
    /// It is missing, no whole number, or out of its range.
    pub(crate) fn whole(&self, key: &Key) -> Result<u64, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Is(default)) => Ok(default as u64),
            _ => self.need(key)?.whole_of(key),
        }
    }

    /// The whole number of a row, if it is there.
    ///
    /// # Errors
    /// It is no whole number, or out of its range.
    pub(crate) fn find_whole(&self, key: &Key) -> Result<Option<u64>, ConfigError> {
        self.find(key).map(|field| field.whole_of(key)).transpose()
    }

    /// The truth value of a row, or its default.
    ///
    /// # Errors
    /// It is missing, or neither true nor false.
    pub(crate) fn flag(&self, key: &Key) -> Result<bool, ConfigError> {
        match (self.find(key), key.default) {
            (None, KeyDefault::Flag(default)) => Ok(default),
            _ => self.need(key)?.boolean(),
        }
    }
}

impl Field<'_> {
    fn number_of(&self, key: &Key) -> Result<f64, ConfigError> {
        match key.kind {
            Kind::Number { noun, range } => match self.number() {
                Ok(number) if range.contains(number.value()) => Ok(number.value()),
                _ => Err(self.expected(&range.expected(noun))),
            },
            _ => Ok(self.number()?.value()),
        }
    }

    fn whole_of(&self, key: &Key) -> Result<u64, ConfigError> {
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

    /// The instant; a date alone means the time of day that the row says.
    ///
    /// # Errors
    /// It is neither a date nor a date-time in UTC.
    pub(crate) fn moment(&self, key: &Key) -> Result<Instant, ConfigError> {
        match key.kind {
            Kind::Moment { time } => self.instant(time),
            _ => self.instant(0),
        }
    }

    /// An error that says that the text is none of the names of a row.
    pub(crate) fn no_choice(&self, key: &Key) -> ConfigError {
        match (key.kind, self.text()) {
            (Kind::Choice { what, names }, Ok(text)) => self.error(unknown(what, text, names)),
            (Kind::Choices { of, .. }, Ok(text)) => {
                let choices = of(self.key).unwrap_or_default();
                self.error(unknown(&format!("choice of '{}'", self.key), text, &choices))
            }
            (_, Ok(_)) => self.expected("another value"),
            (_, Err(error)) => error,
        }
    }
}
