//! The content of a TOML file: keys in order and values that know their origin. Knows no file and no key by name.

use std::ops::Range;

use crate::text::quoted;
use crate::text::toml_text;

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct KeyValue {
    pub key: String,
    /// Origin of the key.
    pub origin: ValueOrigin,
    pub node: SourcedValue,
}

/// A value and its origin.
#[derive(Debug, Clone)]
pub(super) struct SourcedValue {
    pub value: TomlValue,
    pub origin: ValueOrigin,
}

/// A value of a TOML file.
#[derive(Debug, Clone)]
pub(super) enum TomlValue {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(toml::value::Datetime),
    Array(Vec<SourcedValue>),
    Table(Vec<KeyValue>),
}

/// Where a key or a value comes from.
#[derive(Debug, Clone)]
pub(super) enum ValueOrigin {
    /// These bytes of the file.
    File(Range<usize>),
    /// An override, as messages name it.
    Override(String),
    /// A text from outside the file that may have several lines, as messages name it.
    Text(String),
}

/// A number, and whether it was written as an integer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Written without a point.
    Integer(i64),
    /// Written with a point or an exponent.
    Float(f64),
}

impl Number {
    /// The number as a double.
    pub(crate) fn value(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// Writes a table as TOML: its keys under the heading `[prefix]`, then its inner tables.
pub(super) fn write_table(entries: &[KeyValue], prefix: &str, text: &mut String) {
    let (tables, plain): (Vec<&KeyValue>, Vec<&KeyValue>) = entries
        .iter()
        .partition(|entry| matches!(&entry.node.value, TomlValue::Table(inner) if !inner.is_empty()));
    if !plain.is_empty() && !prefix.is_empty() {
        text.push_str(&format!("\n[{prefix}]\n"));
    }
    for entry in plain {
        text.push_str(&format!("{} = {}\n", toml_text::key(&entry.key), inline(&entry.node.value)));
    }
    for entry in tables {
        let dot = if prefix.is_empty() { "" } else { "." };
        if let TomlValue::Table(inner) = &entry.node.value {
            write_table(inner, &format!("{prefix}{dot}{}", toml_text::key(&entry.key)), text);
        }
    }
}

/// A value as TOML on one line.
pub(super) fn inline(value: &TomlValue) -> String {
    match value {
        TomlValue::Text(value) => toml_text::string(value),
        TomlValue::Integer(value) => value.to_string(),
        TomlValue::Float(value) => toml_text::float(*value),
        TomlValue::Boolean(value) => value.to_string(),
        TomlValue::Date(value) => value.to_string(),
        TomlValue::Array(nodes) => {
            format!("[{}]", nodes.iter().map(|node| inline(&node.value)).collect::<Vec<_>>().join(", "))
        }
        TomlValue::Table(entries) => {
            let pair =
                |entry: &KeyValue| format!("{} = {}", toml_text::key(&entry.key), inline(&entry.node.value));
            format!("{{ {} }}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A value as messages show it.
pub(super) fn describe(value: &TomlValue) -> String {
    match value {
        TomlValue::Text(text) => format!("the text \"{}\"", quoted::text(text)),
        TomlValue::Integer(value) => format!("the number {value}"),
        TomlValue::Float(value) => format!("the number {}", quoted::number(*value)),
        TomlValue::Boolean(value) => format!("{value}"),
        TomlValue::Date(date) => format!("the date {date}"),
        TomlValue::Array(_) => "a list".to_owned(),
        TomlValue::Table(_) => "a table".to_owned(),
    }
}
