//! How numbers are written in JSON.

use serde::{Serialize, Serializer};

/// A number in JSON: NaN becomes `null`, infinities become the texts `"Infinity"` and `"-Infinity"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct JsonNumber(pub f64);

impl From<Option<f64>> for JsonNumber {
    fn from(value: Option<f64>) -> JsonNumber {
        JsonNumber(value.unwrap_or(f64::NAN))
    }
}

impl Serialize for JsonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_none(),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            value => serializer.serialize_f64(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_no_bare_nan() {
        let json = |value| serde_json::to_string(&JsonNumber(value)).unwrap();
        assert_eq!(json(f64::NAN), "null");
        assert_eq!(json(f64::NEG_INFINITY), "\"-Infinity\"");
        assert_eq!(json(0.1), "0.1");
    }
}
