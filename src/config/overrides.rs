//! Keys of a document that are set from outside its file: `NAME=VALUE`.

use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::error::ConfigError;
use super::schema::{Kind, Schema};
use super::tree::{Entry, Node, Origin, Value, describe};
use crate::text::nearest::nearest;
use crate::text::quoted;

/// The table whose names may be given without it.
const PARAMETERS: &str = "parameters";

impl Document {
    /// Lays `NAME=VALUE` over the file. NAME is a parameter, a top-level key or a dotted path; VALUE is TOML, and what is
    /// not TOML is a string. A parameter keeps the type of its default. `schema` has the keys of the file.
    ///
    /// # Errors
    /// There is no `=` or no such parameter, or the value does not fit the parameter's type.
    pub(crate) fn set(&mut self, schema: &Schema, assignment: &str) -> Result<(), ConfigError> {
        self.set_by(schema, format!("--params {}", quoted::text(assignment)), assignment)
    }

    /// [`Document::set`] for an assignment that comes from `source`, which messages name.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn set_by(
        &mut self,
        schema: &Schema,
        source: String,
        assignment: &str,
    ) -> Result<(), ConfigError> {
        let origin = Origin::Override(source.clone());
        let fail = |message: String| ConfigError { place: source.clone(), message, excerpt: None };
        let Some((name, value)) = assignment.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
        else {
            return Err(fail("expected NAME=VALUE".to_owned()));
        };
        let mut keys = parts(name)
            .filter(|_| !assignment.contains(['\n', '\r']))
            .ok_or_else(|| fail(format!("'{name}' is neither a parameter nor a dotted key")))?;
        let mut node = match DeValue::parse(value) {
            Ok(value) => self.node(&value, &|_| origin.clone()).map_err(|error| fail(error.message))?,
            Err(_) => Node { value: Value::Text(value.to_owned()), origin: origin.clone() },
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
                of_type(&default.node.value, node).map_err(|message| fail(format!("'{key}' {message}")))?;
        }
        insert(&mut self.root, schema, &keys, 0, node, &origin).map_err(fail)
    }

    fn parameters(&self) -> &[Entry] {
        match self.root.iter().find(|entry| entry.key == PARAMETERS).map(|entry| &entry.node.value) {
            Some(Value::Table(entries)) => entries,
            _ => &[],
        }
    }

    fn parameter(&self, name: &str) -> Option<&Entry> {
        self.parameters().iter().find(|entry| entry.key == name)
    }

    /// The message about a name that is neither a parameter nor a key of the top.
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

/// The parts of a dotted key as TOML reads it.
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

/// Puts a node at the end of a path of keys, making the tables on the way; `depth` of its parts lead to these entries.
fn insert(
    entries: &mut Vec<Entry>,
    schema: &Schema,
    path: &[String],
    depth: usize,
    node: Node,
    origin: &Origin,
) -> Result<(), String> {
    let Some(key) = path.get(depth) else {
        return Ok(());
    };
    let place = match entries.iter().position(|entry| entry.key == *key) {
        Some(place) => place,
        None => {
            let value = Value::Table(Vec::new());
            let node = Node { value, origin: origin.clone() };
            entries.push(Entry { key: key.clone(), origin: origin.clone(), node });
            entries.len() - 1
        }
    };
    let found = &mut entries[place].node;
    if depth + 1 == path.len() {
        *found = node;
        return Ok(());
    }
    let kind = || schema.key(&path[..=depth].join(".")).map(|key| key.kind);
    if let Value::Text(text) = &found.value
        && let Some(Kind::TextOrTable(stands_for)) = kind()
    {
        let text = Node { value: Value::Text(text.clone()), origin: found.origin.clone() };
        let entry = Entry { key: stands_for.to_owned(), origin: found.origin.clone(), node: text };
        found.value = Value::Table(vec![entry]);
    }
    match &mut found.value {
        Value::Table(inner) => insert(inner, schema, path, depth + 1, node, origin),
        other => Err(format!("'{key}' is {} and has no keys", describe(other))),
    }
}

/// A new value for a parameter with this default.
fn of_type(default: &Value, node: Node) -> Result<Node, String> {
    let value = match (default, node.value) {
        (Value::Integer(_), Value::Float(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
            Value::Integer(value as i64)
        }
        (Value::Integer(_), Value::Integer(value)) => Value::Integer(value),
        (Value::Float(_), Value::Integer(value)) => Value::Float(value as f64),
        (Value::Float(_), Value::Float(value)) => Value::Float(value),
        (Value::Integer(_), other) => {
            return Err(format!("is a whole number (as its default is), found {}", describe(&other)));
        }
        (Value::Float(_), other) => return Err(format!("is a number, found {}", describe(&other))),
        (_, other) => other,
    };
    Ok(Node { value, origin: node.origin })
}
