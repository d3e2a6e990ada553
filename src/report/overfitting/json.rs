//! The verdict as JSON: `sweep overfit --json`, and `verdict` in `summary.json`. All figures per period.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::report::json_number::JsonNumber;
use crate::stats::overfitting::evidence::finding::{Field, Value};
use crate::stats::overfitting::examination::Examination;

/// The verdict with its figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VerdictEntry {
    periods: usize,
    findings: Vec<Field>,
    verdict: String,
    reasons: Vec<String>,
}

/// The findings as JSON; `trial` names the selected one.
pub(crate) fn entry(found: &Examination, trial: &str) -> VerdictEntry {
    VerdictEntry {
        periods: found.periods,
        findings: found.findings.fields(trial),
        verdict: found.verdict.to_string(),
        reasons: found.reasons.clone(),
    }
}

impl Serialize for VerdictEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("periods", &self.periods)?;
        self.findings.iter().try_for_each(|(key, value)| map.serialize_entry(key, &Written(value)))?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("reasons", &self.reasons)?;
        map.end()
    }
}

/// A value of a finding, as it is written.
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
