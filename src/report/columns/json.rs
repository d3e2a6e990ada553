//! The verdict on columns as JSON, for `sweep overfit --json`. Figures are those of a period, but for the interval and what
//! can be seen, which are those of a year.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::JudgedColumns;
use super::words::reasons;
use crate::report::json_number::JsonNumber;
use crate::report::overfitting::json::serialize_fields;
use crate::stats::skill::examination::TestedScale;

impl Serialize for JudgedColumns {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("periods", &self.rows)?;
        map.serialize_entry("periods_per_year", &JsonNumber(self.periods))?;
        serialize_fields(&mut map, &self.findings.fields(self.selected().unwrap_or("")))?;
        let examination = &self.found.examination;
        let selected = examination.selected.as_ref();
        let p = |p: Option<f64>| JsonNumber::from(p);
        map.serialize_entry("p", &p(examination.p_best()))?;
        map.serialize_entry("p_selected", &p(selected.and_then(|selected| selected.p)))?;
        map.serialize_entry("p_alone", &p(selected.and_then(|selected| selected.p_alone)))?;
        map.serialize_entry("best", &self.best().map(|(trial, p)| json!({ "trial": trial, "p": p })))?;
        map.serialize_entry("scales", &scales(self))?;
        map.serialize_entry("interval", &interval(self))?;
        map.serialize_entry("detectable", &detectable(self))?;
        map.serialize_entry("residual", &Residual(self))?;
        map.serialize_entry("positions", &positions(self))?;
        map.serialize_entry("verdict", &self.found.verdict.to_string())?;
        map.serialize_entry("reasons", &reasons(self))?;
        map.end()
    }
}

/// By name, the blocks of each scale and the smallest p of a trial in it.
fn scales(judged: &JudgedColumns) -> Option<Map<String, Value>> {
    let tested = judged.found.examination.tested.as_ref()?;
    let entry = |scale: &TestedScale| {
        (scale.used.scale.name.to_owned(), json!({ "blocks": scale.used.blocks, "p": scale.p }))
    };
    Some(tested.scales.iter().map(entry).collect())
}

fn interval(judged: &JudgedColumns) -> Option<Value> {
    let found = judged.found.examination.selected.as_ref()?.interval?;
    let a_year = |mean: f64| mean * judged.periods;
    Some(
        json!({ "low": a_year(found.low), "high": a_year(found.high), "estimate": found.estimate.map(a_year) }),
    )
}

fn detectable(judged: &JudgedColumns) -> Option<Value> {
    let selected = judged.found.examination.selected.as_ref()?;
    let ratio = selected.detectable_ratio?;
    Some(json!({ "ratio": ratio, "edge_year": selected.detectable_edge }))
}

/// The selected trial's position in each asset.
fn positions(judged: &JudgedColumns) -> Option<Map<String, Value>> {
    let column = judged.found.selected.as_ref().filter(|_| !judged.assets.is_empty())?;
    let pairs = judged.assets.iter().zip(&column.positions);
    Some(pairs.map(|(asset, position)| (asset.clone(), json!(position))).collect())
}

/// Figures of what the selected trial earned beyond what it is held against.
struct Residual<'j>(&'j JudgedColumns);

impl Serialize for Residual<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let found = &self.0.found.examination;
        let Some(selected) = found.selected.as_ref() else { return serializer.serialize_none() };
        let record = selected.record;
        let overfitting = found.splits.as_ref().map(|splits| splits.overfitting_probability);
        serializer.collect_map([
            ("psr", JsonNumber::from(record.and_then(|record| record.probabilistic(0.0)))),
            ("dsr", JsonNumber::from(selected.deflated())),
            ("inflation", JsonNumber(record.map_or(1.0, |record| record.inflation))),
            ("minimum_track_record", JsonNumber::from(record.map(|record| record.minimum_track_record()))),
            ("pbo", JsonNumber::from(overfitting)),
        ])
    }
}
