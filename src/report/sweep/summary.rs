//! `summary.json`: what an aggregate found, for programs.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use serde_json::{Map, Value};

use super::RankedSweep;
use super::sensitivity::AxisSensitivity;
use super::walk_forward::WalkForwardEntry;
use crate::report::json_number::JsonNumber;
use crate::report::overfitting::json::VerdictEntry;
use crate::stats::better::Better;
use crate::strategy::figures;
use crate::strategy::seal::RESULTS_REVISION;
use crate::sweep::value::AxisValue;

/// The summary of a sweep.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    /// Its name.
    pub sweep: String,
    /// Its seal.
    pub seal: String,
    /// Hash of the prices used.
    pub data_fingerprint: String,
    /// Revision of the results.
    pub results_revision: u32,
    /// Version of the program that aggregated.
    pub version: &'static str,
    /// How many points.
    pub points: Points,
    /// How they are ranked.
    pub rank: Ranking,
    /// The best point.
    pub best: Option<PointEntry>,
    /// The point with the best plateau.
    pub plateau_best: Option<PointEntry>,
    /// The worst of the points that have the figure.
    pub worst: Option<PointEntry>,
    /// What each axis does.
    pub sensitivity: Vec<AxisSensitivity>,
    /// How often points failed, by reason.
    pub failures: BTreeMap<String, u64>,
    /// Whether the best point is real; null if that was not asked.
    pub verdict: Option<VerdictEntry>,
    /// The walk forward; null if the sweep asks for none.
    pub walk_forward: Option<WalkForwardEntry>,
}

/// How many points.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Points {
    /// That exist.
    pub exist: u64,
    /// With a row.
    pub done: u64,
    /// With a row that says why they failed.
    pub failed: u64,
    /// Without a row.
    pub missing: u64,
    /// First and last of each range without rows.
    pub missing_ranges: Vec<[u64; 2]>,
}

/// How points are ranked.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ranking {
    /// By this figure.
    pub metric: &'static str,
    /// `max` or `min`.
    pub goal: &'static str,
    /// Conditions.
    pub require: Vec<String>,
    /// Points that fulfil them and have the figure.
    pub qualify: usize,
}

/// One point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PointEntry {
    /// Its number.
    pub point: u64,
    /// Its values.
    pub values: Map<String, Value>,
    /// Its figures.
    pub metrics: BTreeMap<&'static str, JsonNumber>,
    /// Figures of its neighbourhood.
    pub plateau: Option<PlateauEntry>,
}

/// The neighbourhood of a point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlateauEntry {
    /// Mean less deviation.
    pub score: JsonNumber,
    /// Median.
    pub median: JsonNumber,
    /// Share of the neighbourhood that has a figure.
    pub coverage: f64,
    /// Largest change in one step, over the point's own figure.
    pub sensitivity: JsonNumber,
    /// Distance from the median of the others in robust deviations; above 3 the point is an isolated peak.
    pub spike: JsonNumber,
    /// Whether the point stands at the edge of an axis.
    pub edge: bool,
}

/// Sums up what was found. `missing` has the ranges of points without rows, of `absent` points in all.
pub(crate) fn summary(
    ranked: &RankedSweep,
    missing: &[Range<u64>],
    absent: u64,
    sensitivity: Vec<AxisSensitivity>,
) -> Summary {
    let RankedSweep { plan, table, rank, board } = ranked;
    let ranked_by = table.values(rank.metric);
    let worst = board.order.iter().rev().map(|row| *row as usize);
    let worst = worst.into_iter().find(|row| !ranked_by[*row].is_nan());
    Summary {
        sweep: plan.sweep.name.clone(),
        seal: plan.seal.to_string(),
        data_fingerprint: plan.fingerprint.to_string(),
        results_revision: RESULTS_REVISION,
        version: env!("CARGO_PKG_VERSION"),
        points: Points {
            exist: plan.kept.count(),
            done: table.points.len() as u64,
            failed: table.failures(),
            missing: absent,
            missing_ranges: missing.iter().map(|gap| [gap.start, gap.end - 1]).collect(),
        },
        rank: Ranking {
            metric: rank.name(),
            goal: match rank.metric.figure().better {
                Better::High => "max",
                Better::Low => "min",
            },
            require: rank.require.iter().map(|(text, _)| text.clone()).collect(),
            qualify: board.qualifies.iter().filter(|qualifies| **qualifies).count(),
        },
        best: board.best().map(|row| entry(ranked, row)),
        plateau_best: board.plateau_best.map(|row| entry(ranked, row)),
        worst: worst.map(|row| entry(ranked, row)),
        sensitivity,
        failures: table.reasons.clone(),
        verdict: None,
        walk_forward: None,
    }
}

fn entry(ranked: &RankedSweep, row: usize) -> PointEntry {
    let RankedSweep { plan, table, board, .. } = ranked;
    let space = &plan.sweep.space;
    let point = table.points[row];
    let value = |value: AxisValue| match value.number() {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        Some(number) => Value::from(number),
        None => Value::from(value.plain()),
    };
    let names = space.axes.iter().map(|axis| axis.name.clone());
    let figure = |value: Option<f64>| JsonNumber(value.unwrap_or(f64::NAN));
    PointEntry {
        point,
        values: names.zip(space.values(point).into_iter().map(value)).collect(),
        metrics: figures::NAMES.into_iter().zip(table.of_row(row).map(JsonNumber)).collect(),
        plateau: board.plateaus.get(row).and_then(|plateau| {
            let figures = plateau.figures.as_ref()?;
            Some(PlateauEntry {
                score: JsonNumber(figures.score),
                median: JsonNumber(figures.median),
                coverage: plateau.coverage,
                sensitivity: figure(figures.sensitivity),
                spike: figure(figures.spike),
                edge: plateau.edge,
            })
        }),
    }
}
