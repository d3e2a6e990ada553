//! What a TOML file holds: keys and values that know where they come from, in order. Knows no file and no key by name.

use std::ops::Range;

use crate::text::quoted;
use crate::text::toml_text;

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub origin: Origin,
    pub node: Node,
}

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub value: Value,
    pub origin: Origin,
}

/// What a key holds.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(toml::value::Datetime),
    Array(Vec<Node>),
    Table(Vec<Entry>),
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    File(Range<usize>),
    Override(String),
}

/// A number and whether it was written as a whole one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Written without a point.
    Integer(i64),
    /// Written with a point or an exponent.
    Float(f64),
}

impl Number {
    /// Its value.
    pub(crate) fn value(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// A table as TOML: its keys, then its inner tables, under a heading `[prefix]`.
pub(super) fn write_table(entries: &[Entry], prefix: &str, text: &mut String) {
    let (tables, plain): (Vec<&Entry>, Vec<&Entry>) = entries
        .iter()
        .partition(|entry| matches!(&entry.node.value, Value::Table(inner) if !inner.is_empty()));
    if !plain.is_empty() && !prefix.is_empty() {
        text.push_str(&format!("\n[{prefix}]\n"));
    }
    for entry in plain {
        text.push_str(&format!("{} = {}\n", toml_text::key(&entry.key), inline(&entry.node.value)));
    }
    for entry in tables {
        let dot = if prefix.is_empty() { "" } else { "." };
        if let Value::Table(inner) = &entry.node.value {
            write_table(inner, &format!("{prefix}{dot}{}", toml_text::key(&entry.key)), text);
        }
    }
}

/// A value as TOML on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Text(value) => toml_text::string(value),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => toml_text::float(*value),
        Value::Boolean(value) => value.to_string(),
        Value::Date(value) => value.to_string(),
        Value::Array(nodes) => {
            format!("[{}]", nodes.iter().map(|node| inline(&node.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) => {
            let pair =
                |entry: &Entry| format!("{} = {}", toml_text::key(&entry.key), inline(&entry.node.value));
            format!("{{ {} }}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A value as messages show it.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("the text \"{}\"", quoted::text(text)),
        Value::Integer(value) => format!("the number {value}"),
        Value::Float(value) => format!("the number {}", quoted::number(*value)),
        Value::Boolean(value) => format!("{value}"),
        Value::Date(date) => format!("the date {date}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a table".to_owned(),
    }
}
