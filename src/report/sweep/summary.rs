//! `summary.json`: the results of a sweep for programs.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use serde_json::{Map, Value};

use super::RankedSweep;
use super::sensitivity::AxisSensitivity;
use super::walk_forward::WalkForwardEntry;
use crate::report::figure_value::FigureValue;
use crate::report::json_number::JsonNumber;
use crate::stats::better::Better;
use crate::strategy::figures::FIGURES;
use crate::strategy::seal::RESULTS_REVISION;
use crate::sweep::value::AxisValue;

/// The summary of a sweep.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    /// The name of the sweep.
    pub sweep: String,
    /// The seal of its plan.
    pub seal: String,
    /// The hash of its prices.
    pub data_fingerprint: String,
    /// The revision of the results.
    pub results_revision: u32,
    /// The version of the program that aggregated.
    pub version: &'static str,
    /// Counts of points.
    pub points: PointCounts,
    /// The rule of the ranking.
    pub rank: Ranking,
    /// The best point.
    pub best: Option<PointEntry>,
    /// The point with the best plateau.
    pub plateau_best: Option<PointEntry>,
    /// The worst of the points that have the figure and were not ruined.
    pub worst: Option<PointEntry>,
    /// How the figure depends on each axis.
    pub sensitivity: Vec<AxisSensitivity>,
    /// The number of failed points by reason.
    pub failures: BTreeMap<String, u64>,
    /// The verdict on the best point; null if it was not asked for.
    pub verdict: Option<Value>,
    /// The walk forward; null if the sweep asks for none.
    pub walk_forward: Option<WalkForwardEntry>,
}

/// Counts of points.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PointCounts {
    /// Points of the sweep.
    pub exist: u64,
    /// Points with a row.
    pub done: u64,
    /// Points whose row says why they failed.
    pub failed: u64,
    /// Points whose account was ruined: they have figures that mean nothing, and stand last but for those that failed.
    pub ruined: u64,
    /// Points without a row.
    pub missing: u64,
    /// The first and the last point of each range without rows.
    pub missing_ranges: Vec<[u64; 2]>,
}

/// The rule of the ranking.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ranking {
    /// The figure that ranks.
    pub metric: &'static str,
    /// `max` or `min`.
    pub goal: &'static str,
    /// The conditions that a point must fulfil.
    pub require: Vec<String>,
    /// Number of points that fulfil them and have the figure.
    pub qualify: usize,
}

/// A point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PointEntry {
    /// Its index.
    pub point: u64,
    /// Its values by axis.
    pub values: Map<String, Value>,
    /// Its figures by name.
    pub metrics: BTreeMap<&'static str, FigureValue>,
    /// The figures of its neighbourhood.
    pub plateau: Option<PlateauEntry>,
}

/// The neighbourhood of a point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlateauEntry {
    /// The mean of its figures less their standard deviation.
    pub score: JsonNumber,
    /// The median of its figures.
    pub median: JsonNumber,
    /// The share of its points that have a figure.
    pub coverage: f64,
    /// The largest change of the figure in one step, over the figure of the point.
    pub sensitivity: JsonNumber,
    /// The distance of the point from the median of the others in robust deviations; above 3 the point is an isolated peak.
    pub spike: JsonNumber,
    /// Whether the point is at the edge of an axis.
    pub edge: bool,
}

/// The summary of a ranked sweep. `missing` has the ranges of points without rows, which are `absent` points together.
pub(crate) fn summary(
    ranked: &RankedSweep,
    missing: &[Range<u64>],
    absent: u64,
    sensitivity: Vec<AxisSensitivity>,
) -> Summary {
    let RankedSweep { plan, table, rank, board } = ranked;
    let ranked_by = table.meaningful_values(rank.metric);
    let worst = board.order.iter().rev().map(|row| *row as usize);
    let worst = worst.into_iter().find(|row| !ranked_by[*row].is_nan());
    Summary {
        sweep: plan.sweep.name.clone(),
        seal: plan.seal.to_string(),
        data_fingerprint: plan.fingerprint.to_string(),
        results_revision: RESULTS_REVISION,
        version: env!("CARGO_PKG_VERSION"),
        points: PointCounts {
            exist: plan.kept.count(),
            done: table.points.len() as u64,
            failed: table.failures(),
            ruined: table.ruined(),
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
    let metrics = FIGURES
        .iter()
        .zip(table.of_row(row))
        .map(|(figure, value)| (figure.name, FigureValue::new(figure, value)));
    let figure = |value: Option<f64>| JsonNumber(value.unwrap_or(f64::NAN));
    PointEntry {
        point,
        values: names.zip(space.values(point).into_iter().map(value)).collect(),
        metrics: metrics.collect(),
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
