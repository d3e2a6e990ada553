//! Overrides: keys of a document that are set from outside its file, as `NAME=VALUE`. Knows no key but `parameters`.

use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::error::ConfigError;
use super::schema::{Kind, Schema};
use super::tree::{KeyValue, SourcedValue, TomlValue, ValueOrigin, describe};
use crate::text::nearest::nearest;
use crate::text::quoted;

/// The table whose keys an override may name without the table.
const PARAMETERS: &str = "parameters";

impl Document {
    /// Sets a key by `NAME=VALUE`. NAME is a parameter, a top-level key or a dotted path. VALUE is TOML; anything that is not
    /// TOML is a string. A parameter keeps the type of its default. `schema` has the keys of the file.
    ///
    /// # Errors
    /// The assignment has no `=`, NAME is not a dotted path or neither a parameter nor a key, or VALUE has another type than
    /// the parameter.
    pub(crate) fn set(&mut self, schema: &Schema, assignment: &str) -> Result<(), ConfigError> {
        self.set_by(schema, format!("--params {}", quoted::text(assignment)), assignment)
    }

    /// [`Document::set`] with a text for messages that says where the assignment comes from.
    ///
    /// # Errors
    /// Those of [`Document::set`].
    pub(crate) fn set_by(
        &mut self,
        schema: &Schema,
        source: String,
        assignment: &str,
    ) -> Result<(), ConfigError> {
        let origin = ValueOrigin::Override(source.clone());
        let fail = |message: String| ConfigError { location: source.clone(), message, excerpt: None };
        let Some((name, value)) = assignment.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
        else {
            return Err(fail("expected NAME=VALUE".to_owned()));
        };
        let mut keys = parts(name)
            .filter(|_| !assignment.contains(['\n', '\r']))
            .ok_or_else(|| fail(format!("'{name}' is neither a parameter nor a dotted key")))?;
        let mut node = match DeValue::parse(value) {
            Ok(value) => self.node(&value, &|_| origin.clone()).map_err(|error| fail(error.message))?,
            Err(_) => SourcedValue { value: TomlValue::Text(value.to_owned()), origin: origin.clone() },
        };
        if let [key] = keys.as_slice() {
            if self.parameter(key).is_some() {
                keys.insert(0, PARAMETERS.to_owned());
            } else if !schema.knows("", key) {
                return Err(fail(self.unknown(schema, key)));
            }
        }
        if let [table, key] = keys.as_slice()
            && table == PARAMETERS
            && let Some(default) = self.parameter(key)
        {
            node =
                convert(&default.node.value, node).map_err(|message| fail(format!("'{key}' {message}")))?;
        }
        insert(&mut self.root, schema, &keys, 0, node, &origin).map_err(fail)
    }

    /// Sets a key to a text that may have several lines. `source` names the text: an error within it has this name, then line
    /// and column of the text.
    ///
    /// # Errors
    /// A part of the path that should be a table is none.
    pub(crate) fn set_text(
        &mut self,
        schema: &Schema,
        path: [&str; 2],
        source: &str,
        text: &str,
    ) -> Result<(), ConfigError> {
        let origin = ValueOrigin::Text(source.to_owned());
        let node = SourcedValue { value: TomlValue::Text(text.to_owned()), origin: origin.clone() };
        insert(&mut self.root, schema, &path.map(str::to_owned), 0, node, &origin)
            .map_err(|message| self.error(&origin, message))
    }

    fn parameters(&self) -> &[KeyValue] {
        match self.root.iter().find(|entry| entry.key == PARAMETERS).map(|entry| &entry.node.value) {
            Some(TomlValue::Table(entries)) => entries,
            _ => &[],
        }
    }

    fn parameter(&self, name: &str) -> Option<&KeyValue> {
        self.parameters().iter().find(|entry| entry.key == name)
    }

    /// The message about a name that is neither a parameter nor a top-level key.
    fn unknown(&self, schema: &Schema, name: &str) -> String {
        let parameters: Vec<&str> = self.parameters().iter().map(|entry| entry.key.as_str()).collect();
        let known = parameters.iter().copied().chain(schema.names_in(""));
        let help = match schema.path_to(name).as_deref().or_else(|| nearest(name, known)) {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None if parameters.is_empty() => "the strategy has no parameters".to_owned(),
            None => format!("the parameters are: {}", parameters.join(", ")),
        };
        format!("unknown parameter '{name}'; {help}")
    }
}

/// The parts of a dotted key as TOML parses it; `None` if it is not a key.
fn parts(name: &str) -> Option<Vec<String>> {
    let text = format!("{name} = 0");
    let parsed = DeTable::parse(&text).ok()?;
    let mut parts = Vec::new();
    let mut table = parsed.get_ref();
    loop {
        let (key, value) = table.iter().next()?;
        parts.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Some(parts),
        }
    }
}

/// Sets the value at a path of keys and adds the tables on the way. `entries` is the table that the first `depth` parts of the
/// path lead to.
fn insert(
    entries: &mut Vec<KeyValue>,
    schema: &Schema,
    path: &[String],
    depth: usize,
    node: SourcedValue,
    origin: &ValueOrigin,
) -> Result<(), String> {
    let Some(key) = path.get(depth) else {
        return Ok(());
    };
    let index = match entries.iter().position(|entry| entry.key == *key) {
        Some(index) => index,
        None => {
            let value = TomlValue::Table(Vec::new());
            let node = SourcedValue { value, origin: origin.clone() };
            entries.push(KeyValue { key: key.clone(), origin: origin.clone(), node });
            entries.len() - 1
        }
    };
    let current = &mut entries[index].node;
    if depth + 1 == path.len() {
        *current = node;
        return Ok(());
    }
    let kind = || schema.key(&path[..=depth].join(".")).map(|key| key.kind);
    if let TomlValue::Text(text) = &current.value
        && let Some(Kind::TextOrTable(only_key)) = kind()
    {
        let text = SourcedValue { value: TomlValue::Text(text.clone()), origin: current.origin.clone() };
        let entry = KeyValue { key: only_key.to_owned(), origin: current.origin.clone(), node: text };
        current.value = TomlValue::Table(vec![entry]);
    }
    match &mut current.value {
        TomlValue::Table(inner) => insert(inner, schema, path, depth + 1, node, origin),
        other => Err(format!("'{key}' is {} and has no keys", describe(other))),
    }
}

/// Converts the new value of a parameter to the type of its default.
///
/// # Errors
/// The default is a number and the value is not, or the default is an integer and the value is not whole. The text continues a
/// sentence that begins with the parameter.
fn convert(default: &TomlValue, node: SourcedValue) -> Result<SourcedValue, String> {
    let value = match (default, node.value) {
        (TomlValue::Integer(_), TomlValue::Float(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
            TomlValue::Integer(value as i64)
        }
        (TomlValue::Integer(_), TomlValue::Integer(value)) => TomlValue::Integer(value),
        (TomlValue::Float(_), TomlValue::Integer(value)) => TomlValue::Float(value as f64),
        (TomlValue::Float(_), TomlValue::Float(value)) => TomlValue::Float(value),
        (TomlValue::Integer(_), other) => {
            return Err(format!("is a whole number (as its default is), found {}", describe(&other)));
        }
        (TomlValue::Float(_), other) => return Err(format!("is a number, found {}", describe(&other))),
        (_, other) => other,
    };
    Ok(SourcedValue { value, origin: node.origin })
}
