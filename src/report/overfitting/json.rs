//! The verdict as JSON, for `sweep overfit --json` and for `verdict` in `summary.json`. All figures are per period.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::report::json_number::JsonNumber;
use crate::stats::overfitting::evidence::finding::{Field, Value};
use crate::stats::overfitting::examination::Examination;

/// A verdict with the figures behind it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VerdictEntry {
    periods: usize,
    findings: Vec<Field>,
    verdict: String,
    reasons: Vec<String>,
}

/// The verdict of an examination; `trial` names the selected trial.
pub(crate) fn entry(examination: &Examination, trial: &str) -> VerdictEntry {
    VerdictEntry {
        periods: examination.periods,
        findings: examination.findings.fields(trial),
        verdict: examination.verdict.to_string(),
        reasons: examination.reasons.clone(),
    }
}

impl Serialize for VerdictEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("periods", &self.periods)?;
        serialize_fields(&mut map, &self.findings)?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("reasons", &self.reasons)?;
        map.end()
    }
}

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
