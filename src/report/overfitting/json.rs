//! Findings as JSON. All figures are per period.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::report::json_number::JsonNumber;
use crate::stats::overfitting::evidence::finding::{Field, Value};

/// Writes the keys of findings into an object.
pub(crate) fn serialize_fields<M: SerializeMap>(map: &mut M, fields: &[Field]) -> Result<(), M::Error> {
    fields.iter().try_for_each(|(key, value)| map.serialize_entry(key, &Written(value)))
}

/// A value of a finding, to be serialised.
struct Written<'v>(&'v Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Whole(count) => serializer.serialize_u64(*count),
            Value::Number(number) => JsonNumber(*number).serialize(serializer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Fields(fields) => {
                serializer.collect_map(fields.iter().map(|(key, value)| (key, Written(value))))
            }
        }
    }
}
