//! One value of an axis.

use crate::config::document::Document;
use crate::config::fields::Field;
use crate::config::tree::Number;
use crate::text::toml_text;

/// A value of a parameter or of any other key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AxisValue {
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// Anything else, as TOML on one line.
    Other(String),
}

impl AxisValue {
    /// The value of a key of a file.
    pub(crate) fn of_field(field: &Field) -> AxisValue {
        match (field.number(), field.text()) {
            (Ok(number), _) => AxisValue::Number(number),
            (_, Ok(text)) => AxisValue::Text(text.to_owned()),
            _ => AxisValue::Other(field.toml()),
        }
    }

    /// A cell of a table: TOML, and text where it is not TOML.
    pub(crate) fn of_cell(cell: &str) -> AxisValue {
        let document = Document::new("", &format!("value = {cell}"));
        let is_one_line = !cell.contains(['\n', '\r', '#']);
        let field =
            document.as_ref().ok().filter(|_| is_one_line).and_then(|document| document.table().get("value"));
        field.map_or_else(|| AxisValue::Text(cell.to_owned()), |field| AxisValue::of_field(&field))
    }

    /// The value as a number, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            AxisValue::Number(number) => Some(number.value()),
            _ => None,
        }
    }

    /// The value as TOML.
    pub(crate) fn toml(&self) -> String {
        match self {
            AxisValue::Number(Number::Integer(value)) => value.to_string(),
            AxisValue::Number(Number::Float(value)) => toml_text::float(*value),
            AxisValue::Text(text) => toml_text::string(text),
            AxisValue::Other(toml) => toml.clone(),
        }
    }

    /// The value as people read it: text without quotes.
    pub(crate) fn plain(&self) -> String {
        match self {
            AxisValue::Text(text) => text.clone(),
            other => other.toml(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_toml_or_text() {
        assert_eq!(AxisValue::of_cell("21"), AxisValue::Number(Number::Integer(21)));
        assert_eq!(AxisValue::of_cell("0.5"), AxisValue::Number(Number::Float(0.5)));
        assert_eq!(AxisValue::of_cell("end_of_month"), AxisValue::Text("end_of_month".into()));
        assert_eq!(AxisValue::of_cell("true"), AxisValue::Other("true".into()));
        assert_eq!(AxisValue::of_cell("[\"A\", \"B\"]"), AxisValue::Other("[\"A\", \"B\"]".into()));
        assert_eq!(AxisValue::of_cell("1\nb = 2"), AxisValue::Text("1\nb = 2".into()));
    }
}
