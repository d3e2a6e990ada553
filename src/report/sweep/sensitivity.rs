//! How the figure that ranks depends on each axis: its best, median and worst over all points that share a value.

use serde::Serialize;

use super::RankedSweep;
use super::metric::value_text;
use crate::report::json_number::JsonNumber;
use crate::stats::better::Better;
use crate::sweep::value::AxisValue;

/// The most groups: an axis with more values has this many groups of neighbours.
const GROUPS_MOST: usize = 12;

/// How the figure depends on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct AxisSensitivity {
    /// The name of the axis.
    pub axis: String,
    /// Its values, or groups of neighbouring values, in order.
    pub groups: Vec<Group>,
    /// The value of the best point.
    pub best: Option<String>,
    /// Whether the best point has the first or the last of several ordered values, so that better points may lie beyond.
    pub edge: bool,
}

/// The points that share a value or a group of values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Group {
    /// The value, or the first and the last value.
    pub values: String,
    /// Number of points that have the figure.
    pub points: usize,
    /// The best figure.
    pub best: JsonNumber,
    /// The median of the figures.
    pub median: JsonNumber,
    /// The worst figure.
    pub worst: JsonNumber,
}

/// How the figure depends on every axis.
pub(crate) fn sensitivity(ranked: &RankedSweep) -> Vec<AxisSensitivity> {
    let axes = &ranked.plan.sweep.space.axes;
    (0..axes.len()).map(|index| axis_sensitivity(ranked, index)).collect()
}

fn axis_sensitivity(ranked: &RankedSweep, index: usize) -> AxisSensitivity {
    let RankedSweep { plan, table, rank, board } = ranked;
    let space = &plan.sweep.space;
    let axis = &space.axes[index];
    let ordered = axis.values.is_ordered();
    let value = |row: usize| space.values(table.points[row]).swap_remove(index);
    let metric = table.meaningful_values(rank.metric);
    let mut rows: Vec<(AxisValue, f64)> = (0..table.points.len())
        .filter(|&row| !metric[row].is_nan())
        .map(|row| (value(row), metric[row]))
        .collect();
    if ordered {
        rows.sort_by(|(a, _), (b, _)| number(a).total_cmp(&number(b)));
    } else {
        rows.sort_by_cached_key(|(value, _)| value.plain());
    }
    let mut runs: Vec<&[(AxisValue, f64)]> = rows.chunk_by(|(a, _), (b, _)| a == b).collect();
    let (lowest, highest) = (runs.first().map(|run| &run[0].0), runs.last().map(|run| &run[0].0));
    let best = board.best().map(value);
    // The lowest cost is always the best, so that the best point has it says nothing.
    let is_search = ordered && !axis.name.starts_with("costs.") && runs.len() > 1;
    let edge = is_search && best.is_some() && (best.as_ref() == lowest || best.as_ref() == highest);
    let joined: Vec<Vec<(AxisValue, f64)>>;
    if runs.len() > GROUPS_MOST {
        let count = runs.len();
        let bound = |group: usize| group * count / GROUPS_MOST;
        joined = (0..GROUPS_MOST).map(|group| runs[bound(group)..bound(group + 1)].concat()).collect();
        runs = joined.iter().map(Vec::as_slice).collect();
    }
    let groups = runs.into_iter().map(|run| group(run, rank.metric.figure().better)).collect();
    AxisSensitivity { axis: axis.name.clone(), groups, best: best.map(|value| value_text(&value)), edge }
}

fn number(value: &AxisValue) -> f64 {
    value.number().unwrap_or(f64::NAN)
}

fn group(run: &[(AxisValue, f64)], better: Better) -> Group {
    let mut figures: Vec<f64> = run.iter().map(|(_, figure)| *figure).collect();
    figures.sort_by(f64::total_cmp);
    let (low, high) = (figures[0], figures[figures.len() - 1]);
    let middle = figures.len() / 2;
    let median =
        if figures.len() % 2 == 1 { figures[middle] } else { (figures[middle - 1] + figures[middle]) / 2.0 };
    let (first, last) = (&run[0].0, &run[run.len() - 1].0);
    let values = if first == last {
        value_text(first)
    } else {
        format!("{} to {}", value_text(first), value_text(last))
    };
    let (best, worst) = match better {
        Better::High => (high, low),
        Better::Low => (low, high),
    };
    Group {
        values,
        points: run.len(),
        best: JsonNumber(best),
        median: JsonNumber(median),
        worst: JsonNumber(worst),
    }
}
