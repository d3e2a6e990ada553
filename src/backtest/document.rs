//! A TOML file whose every value knows where it stands, and keys that are set from outside. Knows no key by name, but for
//! what an override may mean.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Excerpt};
use super::toml_text;
use crate::market::date::{Date, Instant};
use crate::market::{nearest, quoted};

/// A TOML file, with overrides laid over it.
#[derive(Debug, Clone)]
pub struct Document {
    path: String,
    text: String,
    root: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone)]
struct Entry {
    key: String,
    origin: Origin,
    node: Node,
}

#[derive(Debug, Clone)]
struct Node {
    value: Value,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Value {
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
enum Origin {
    File(Range<usize>),
    Override(String),
}

/// A number and whether it was written as a whole one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Written without a point.
    Integer(i64),
    /// Written with a point or an exponent.
    Float(f64),
}

impl Number {
    /// Its value.
    pub fn value(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

impl Document {
    /// Reads a file's bytes as text; `path` is for messages.
    ///
    /// # Errors
    /// They are not UTF-8.
    pub fn text(path: &str, bytes: Vec<u8>) -> Result<String, ConfigError> {
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
    pub fn new(path: &str, text: &str) -> Result<Document, ConfigError> {
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

    fn node(
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

    /// Lays `NAME=VALUE` over the file. NAME is a parameter, a top-level key or a dotted path; VALUE is TOML, and what is
    /// not TOML is a string. A parameter keeps the type of its default.
    ///
    /// # Errors
    /// There is no `=` or no such parameter, or the value does not fit the parameter's type.
    pub fn set(&mut self, assignment: &str) -> Result<(), ConfigError> {
        self.set_by(format!("--params {}", quoted::text(assignment)), assignment)
    }

    /// [`Document::set`] for an assignment that comes from `source`, which messages name.
    ///
    /// # Errors
    /// As there.
    pub fn set_by(&mut self, source: String, assignment: &str) -> Result<(), ConfigError> {
        let origin = Origin::Override(source.clone());
        let fail = |message: String| ConfigError { place: source.clone(), message, excerpt: None };
        let Some((name, value)) = assignment.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
        else {
            return Err(fail("expected NAME=VALUE".to_owned()));
        };
        let from_override = |_| origin.clone();
        let parse_key = || -> Option<Vec<String>> {
            let text = format!("{name} = 0");
            let mut keys = Vec::new();
            let parsed = DeTable::parse(&text).ok()?;
            let mut table = parsed.get_ref();
            loop {
                let (key, value) = table.iter().next()?;
                keys.push(key.get_ref().to_string());
                match value.get_ref() {
                    DeValue::Table(inner) => table = inner,
                    _ => return Some(keys),
                }
            }
        };
        let usable = !assignment.contains(['\n', '\r']);
        let mut keys = parse_key()
            .filter(|_| usable)
            .ok_or_else(|| fail(format!("'{name}' is neither a parameter nor a dotted key")))?;
        let node = match DeValue::parse(value) {
            Ok(value) => self.node(&value, &from_override).map_err(|error| fail(error.message))?,
            Err(_) => Node { value: Value::Text(value.to_owned()), origin: origin.clone() },
        };
        let parameters = self.parameter_names();
        if let [key] = keys.as_slice() {
            if parameters.contains(key) {
                keys.insert(0, "parameters".to_owned());
            } else if !super::strategy::KEYS.contains(&key.as_str()) {
                let known =
                    parameters.iter().map(String::as_str).chain(super::strategy::KEYS.iter().copied());
                let help = match super::keys::path_to(key).as_deref().or_else(|| nearest(key, known)) {
                    Some(nearest) => format!("did you mean '{nearest}'?"),
                    None if parameters.is_empty() => "the strategy has no parameters".to_owned(),
                    None => format!("the parameters are: {}", parameters.join(", ")),
                };
                return Err(fail(format!("unknown parameter '{key}'; {help}")));
            }
        }
        let node = match keys.as_slice() {
            [table, key] if table == "parameters" => match self.parameter_type(key) {
                Some(default) => {
                    of_type(default, node).map_err(|message| fail(format!("'{key}' {message}")))?
                }
                None => node,
            },
            _ => node,
        };
        insert(&mut self.root, &keys, node, &origin).map_err(fail)
    }

    fn parameter_names(&self) -> Vec<String> {
        self.parameters().iter().map(|entry| entry.key.clone()).collect()
    }

    fn parameters(&self) -> &[Entry] {
        match self.root.iter().find(|entry| entry.key == "parameters").map(|entry| &entry.node.value) {
            Some(Value::Table(entries)) => entries,
            _ => &[],
        }
    }

    fn parameter_type(&self, name: &str) -> Option<Value> {
        self.parameters().iter().find(|entry| entry.key == name).map(|entry| entry.node.value.clone())
    }

    /// A table of this document as a document of its own; places in messages stay those of this file.
    ///
    /// # Errors
    /// The key is not there or holds something else.
    pub fn inner(&self, key: &str) -> Result<Document, ConfigError> {
        let table = self.table().require_table(key)?;
        Ok(Document { path: self.path.clone(), text: self.text.clone(), root: table.entries.to_vec() })
    }

    /// The document as TOML, overrides and all: keys in order, inner tables below `prefix` after the other keys of a table.
    pub fn to_toml(&self, prefix: &str) -> String {
        let mut text = String::new();
        write_table(&self.root, prefix, &mut text);
        text
    }

    /// The top table.
    pub fn table(&self) -> Table<'_> {
        Table { document: self, entries: &self.root, prefix: String::new(), origin: None }
    }

    fn error(&self, origin: &Origin, message: String) -> ConfigError {
        match origin {
            Origin::Override(source) => ConfigError { place: source.clone(), message, excerpt: None },
            Origin::File(span) => self.error_at(span.clone(), message),
        }
    }

    fn error_at(&self, span: Range<usize>, message: String) -> ConfigError {
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

/// Puts a node at the end of a path of keys, making the tables on the way.
fn insert(entries: &mut Vec<Entry>, keys: &[String], node: Node, origin: &Origin) -> Result<(), String> {
    let Some((key, rest)) = keys.split_first() else {
        return Ok(());
    };
    let place = match entries.iter().position(|entry| entry.key == *key) {
        Some(place) => place,
        None => {
            let value = Value::Table(Vec::new());
            entries.push(Entry {
                key: key.clone(),
                origin: origin.clone(),
                node: Node { value, origin: origin.clone() },
            });
            entries.len() - 1
        }
    };
    let found = &mut entries[place].node;
    if rest.is_empty() {
        *found = node;
        return Ok(());
    }
    if let (Value::Text(preset), "conventions") = (&found.value, key.as_str()) {
        let preset = Node { value: Value::Text(preset.clone()), origin: found.origin.clone() };
        let entry = Entry { key: "preset".to_owned(), origin: found.origin.clone(), node: preset };
        found.value = Value::Table(vec![entry]);
    }
    match &mut found.value {
        Value::Table(inner) => insert(inner, rest, node, origin),
        other => Err(format!("'{key}' is {} and has no keys", describe(other))),
    }
}

fn write_table(entries: &[Entry], prefix: &str, text: &mut String) {
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
fn inline(value: &Value) -> String {
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

/// A new value for a parameter with this default.
fn of_type(default: Value, node: Node) -> Result<Node, String> {
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

fn describe(value: &Value) -> String {
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

/// A table of a document.
#[derive(Debug, Clone)]
pub struct Table<'d> {
    document: &'d Document,
    entries: &'d [Entry],
    prefix: String,
    origin: Option<&'d Origin>,
}

/// A key of a table with its value.
#[derive(Debug, Clone)]
pub struct Field<'d> {
    document: &'d Document,
    /// The dotted path of its key.
    pub path: String,
    /// The last part of that path.
    pub key: &'d str,
    key_origin: &'d Origin,
    node: &'d Node,
}

impl<'d> Table<'d> {
    /// Refuses keys that are not among the known ones.
    ///
    /// # Errors
    /// The first unknown key.
    pub fn allow(&self, known: &[&str]) -> Result<(), ConfigError> {
        let unknown = self.entries.iter().find(|entry| !known.contains(&entry.key.as_str()));
        let Some(Entry { key, origin, .. }) = unknown else {
            return Ok(());
        };
        let table = match self.prefix.is_empty() {
            true => String::new(),
            false => format!(" in [{}]", self.prefix.trim_end_matches('.')),
        };
        let help = match nearest(key, known.iter().copied()) {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => format!("the keys are: {}", known.join(", ")),
        };
        Err(self.document.error(origin, format!("unknown key '{key}'{table}; {help}")))
    }

    /// The value of a key, if it is there.
    pub fn get(&self, key: &str) -> Option<Field<'d>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(self.field(entry))
    }

    /// The value of a key.
    ///
    /// # Errors
    /// It is not there.
    pub fn require(&self, key: &str) -> Result<Field<'d>, ConfigError> {
        self.get(key).ok_or_else(|| {
            let message = format!("the key '{}{key}' is missing", self.prefix);
            match self.origin {
                Some(origin) => self.document.error(origin, message),
                None => ConfigError { place: self.document.path.clone(), message, excerpt: None },
            }
        })
    }

    /// All keys with their values, in order.
    pub fn fields(&self) -> impl Iterator<Item = Field<'d>> + '_ {
        self.entries.iter().map(|entry| self.field(entry))
    }

    /// An inner table; an empty one where the key is not there.
    ///
    /// # Errors
    /// The key holds something else.
    pub fn optional_table(&self, key: &str) -> Result<Table<'d>, ConfigError> {
        match self.get(key) {
            Some(field) => field.table(),
            None => Ok(Table { entries: &[], prefix: format!("{}{key}.", self.prefix), ..self.clone() }),
        }
    }

    /// An inner table.
    ///
    /// # Errors
    /// The key is not there or holds something else.
    pub fn require_table(&self, key: &str) -> Result<Table<'d>, ConfigError> {
        match self.get(key) {
            Some(field) => field.table(),
            None => {
                let message = format!("the table [{}{key}] is missing", self.prefix);
                Err(ConfigError { place: self.document.path.clone(), message, excerpt: None })
            }
        }
    }

    fn field(&self, entry: &'d Entry) -> Field<'d> {
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
    pub fn error(&self, message: impl Into<String>) -> ConfigError {
        self.document.error(&self.node.origin, message.into())
    }

    /// An error about the key.
    pub fn key_error(&self, message: impl Into<String>) -> ConfigError {
        self.document.error(self.key_origin, message.into())
    }

    /// An error about some bytes of a text value.
    pub fn error_within(&self, within: Range<usize>, message: impl Into<String>) -> ConfigError {
        let (Origin::File(span), Value::Text(text)) = (&self.node.origin, &self.node.value) else {
            let mut error = self.error(message);
            if let Value::Text(text) = &self.node.value {
                let start = text.get(..within.start).map_or(0, |before| before.chars().count());
                let length = text.get(within).map_or(1, |marked| marked.chars().count().max(1));
                error.excerpt = Some(Excerpt { line: text.clone(), start, length });
            }
            return error;
        };
        // The text stands in the file as it is, behind its quotes, unless it has escapes.
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

    /// Whether the value was set from outside the file.
    pub fn is_override(&self) -> bool {
        matches!(self.node.origin, Origin::Override(_))
    }

    /// Whether the file does not have the key at all.
    pub fn is_added(&self) -> bool {
        matches!(self.key_origin, Origin::Override(_))
    }

    /// An error that says what was expected and what was found.
    pub fn expected(&self, what: &str) -> ConfigError {
        self.error(format!("'{}': expected {what}, found {}", self.path, describe(&self.node.value)))
    }

    /// The value as text.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&self) -> Result<&'d str, ConfigError> {
        match &self.node.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.expected("text in quotes")),
        }
    }

    /// The value as true or false.
    ///
    /// # Errors
    /// It is neither.
    pub fn boolean(&self) -> Result<bool, ConfigError> {
        match self.node.value {
            Value::Boolean(value) => Ok(value),
            _ => Err(self.expected("true or false")),
        }
    }

    /// The value as a number.
    ///
    /// # Errors
    /// It is none.
    pub fn number(&self) -> Result<Number, ConfigError> {
        match self.node.value {
            Value::Integer(value) => Ok(Number::Integer(value)),
            Value::Float(value) => Ok(Number::Float(value)),
            _ => Err(self.expected("a number")),
        }
    }

    /// The value as a number in a range; `expected` describes the range.
    ///
    /// # Errors
    /// It is none or outside.
    pub fn number_where(&self, accept: impl Fn(f64) -> bool, expected: &str) -> Result<f64, ConfigError> {
        match self.node.value {
            Value::Integer(value) if accept(value as f64) => Ok(value as f64),
            Value::Float(value) if accept(value) => Ok(value),
            _ => Err(self.expected(expected)),
        }
    }

    /// The value as a whole number in a range; `expected` describes the range.
    ///
    /// # Errors
    /// It is none or outside.
    pub fn whole_where(&self, accept: impl Fn(i64) -> bool, expected: &str) -> Result<i64, ConfigError> {
        match self.node.value {
            Value::Integer(value) if accept(value) => Ok(value),
            _ => Err(self.expected(expected)),
        }
    }

    /// The value as TOML on one line.
    pub fn toml(&self) -> String {
        inline(&self.node.value)
    }

    /// The values of a list; `None` if the value is no list.
    pub fn list(&self) -> Option<Vec<Field<'d>>> {
        let Value::Array(nodes) = &self.node.value else {
            return None;
        };
        Some(nodes.iter().map(|node| Field { node, ..self.clone() }).collect())
    }

    /// The value as a list of texts.
    ///
    /// # Errors
    /// It is none.
    pub fn texts(&self) -> Result<Vec<Field<'d>>, ConfigError> {
        let Value::Array(nodes) = &self.node.value else {
            return Err(self.expected("a list of texts"));
        };
        let fields: Vec<Field> = nodes.iter().map(|node| Field { node, ..self.clone() }).collect();
        fields.iter().try_for_each(|field| field.text().map(|_| ()))?;
        Ok(fields)
    }

    /// The value as a table.
    ///
    /// # Errors
    /// It is none.
    pub fn table(&self) -> Result<Table<'d>, ConfigError> {
        match &self.node.value {
            Value::Table(entries) => Ok(Table {
                document: self.document,
                entries,
                prefix: format!("{}.", self.path),
                origin: Some(self.key_origin),
            }),
            _ => Err(self.expected("a table")),
        }
    }

    /// Whether the value is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }

    /// The value as an instant in UTC: a date-time as written, a date at `time` nanoseconds after its midnight.
    ///
    /// # Errors
    /// It is neither.
    pub fn instant(&self, time: u64) -> Result<Instant, ConfigError> {
        let expected = "a date such as 2004-08-19 or a date-time such as 2004-08-19T14:30:00, without quotes";
        let Value::Date(value) = &self.node.value else {
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
