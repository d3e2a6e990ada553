//! The heat maps of a grid, for every pair of axes two: one with the other axes at the best point, one averaged over them.

use super::RankedSweep;
use super::metric::{format, value_text};
use crate::draw::heat_map::{HeatMap, HeatMapAxis, HeatMapCell};
use crate::strategy::figures::Metric;
use crate::sweep::axis::Axis;
use crate::sweep::space::Design;

/// An axis with more values than this has no map.
const LENGTH_MOST: u64 = 2000;
/// The most axes that are paired: the first ones with several values.
const AXES_MOST: usize = 8;

/// A heat map and the name of its file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedMap {
    /// `heatmap-X-Y.svg`, or `heatmap-X-Y-mean.svg` for the mean over the other axes.
    pub file: String,
    /// The map.
    pub map: HeatMap,
}

/// All heat maps of the figure that ranks; none for a sample or a list.
pub(crate) fn heat_maps(ranked: &RankedSweep) -> Vec<NamedMap> {
    let metric = ranked.rank.metric;
    views(ranked).into_iter().flat_map(|view| maps(ranked, view, &[metric])).collect()
}

/// The axes of a map, by their index, and what it does with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    /// The axis from left to right.
    pub x: usize,
    /// The axis from bottom to top; `None` if the grid has a single axis to draw.
    pub y: Option<usize>,
    /// What the map does with the axes that it does not draw.
    pub others: Others,
}

/// What a map does with the axes that it does not draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// It shows the points that have the best point's values on them.
    AtBest,
    /// It shows means over them.
    Averaged,
}

/// The views of a grid: every pair of axes, in their order; none for a sample or a list.
pub(crate) fn views(ranked: &RankedSweep) -> Vec<View> {
    let axes = &ranked.plan.sweep.space.axes;
    if ranked.plan.sweep.space.design != Design::Grid || ranked.table.points.is_empty() {
        return Vec::new();
    }
    let length = |axis: usize| axes[axis].values.count().unwrap_or(1);
    let drawn: Vec<usize> =
        (0..axes.len()).filter(|&axis| (2..=LENGTH_MOST).contains(&length(axis))).take(AXES_MOST).collect();
    let mut views = Vec::new();
    if let [only] = drawn[..] {
        views.push(View { x: only, y: None, others: Others::AtBest });
    }
    for (number, &y) in drawn.iter().enumerate() {
        for &x in &drawn[number + 1..] {
            views.push(View { x, y: Some(y), others: Others::AtBest });
            if drawn.len() > 2 {
                views.push(View { x, y: Some(y), others: Others::Averaged });
            }
        }
    }
    views
}

impl View {
    /// The cell of a point, by its indices on the axes.
    fn cell(&self, indices: &[u64]) -> HeatMapCell {
        HeatMapCell { column: indices[self.x] as usize, row: self.y.map_or(0, |y| indices[y] as usize) }
    }

    /// Whether a point has the values of another on all axes that are not drawn.
    fn shows(&self, indices: &[u64], anchor: &[u64]) -> bool {
        (0..indices.len()).all(|axis| axis == self.x || Some(axis) == self.y || indices[axis] == anchor[axis])
    }
}

/// The indices of the best point on the axes; of the first one where none qualifies.
fn anchor(ranked: &RankedSweep) -> Vec<u64> {
    let RankedSweep { plan, table, board, .. } = ranked;
    let row = board.best().or(board.order.first().map(|row| *row as usize));
    row.map_or_else(Vec::new, |row| plan.sweep.space.indices_on_axes(table.points[row]))
}

/// The cells of those points that a view shows one by one; none where it shows means.
pub(crate) fn cells(ranked: &RankedSweep, view: View, points: &[u64]) -> Vec<HeatMapCell> {
    if view.others == Others::Averaged {
        return Vec::new();
    }
    let anchor = anchor(ranked);
    let indices = points.iter().map(|point| ranked.plan.sweep.space.indices_on_axes(*point));
    indices.filter(|indices| view.shows(indices, &anchor)).map(|indices| view.cell(&indices)).collect()
}

/// The maps of some figures, made in one pass over the points. All have the marks of the figure that ranks.
pub(crate) fn maps(ranked: &RankedSweep, view: View, metrics: &[Metric]) -> Vec<NamedMap> {
    let RankedSweep { plan, table, board, .. } = ranked;
    let View { x, y, others } = view;
    let space = &plan.sweep.space;
    let length = |axis: usize| space.axes[axis].values.count().unwrap_or(1) as usize;
    let (width, height) = (length(x), y.map_or(1, length));
    let anchor = anchor(ranked);
    let cell = |indices: &[u64]| view.cell(indices);
    let is_at_anchor = |indices: &[u64]| view.shows(indices, &anchor);
    let mut sums = vec![vec![(0.0, 0u32); width * height]; metrics.len()];
    for (row, &point) in
        table.points.iter().enumerate().filter(|(row, _)| !table.failed[*row] && !table.is_ruined(*row))
    {
        let indices = space.indices_on_axes(point);
        if others == Others::Averaged || is_at_anchor(&indices) {
            let cell = cell(&indices);
            for (sums, metric) in sums.iter_mut().zip(metrics) {
                let value = table.values(*metric)[row];
                if value.is_finite() {
                    let sum = &mut sums[cell.row * width + cell.column];
                    *sum = (sum.0 + value, sum.1 + 1);
                }
            }
        }
    }
    let mark = |row: Option<usize>| {
        let indices = space.indices_on_axes(table.points[row?]);
        (others == Others::AtBest && is_at_anchor(&indices)).then(|| cell(&indices))
    };
    let names = [Some(x), y].into_iter().flatten().map(|axis| file_part(&space.axes[axis].name));
    let names = names.collect::<Vec<_>>().join("-");
    let ending = if others == Others::Averaged { "-mean" } else { "" };
    let named = |(sums, &metric): (Vec<(f64, u32)>, &Metric)| {
        let map = HeatMap {
            title: format!("{}: {}", plan.sweep.name, metric.name()),
            subtitle: subtitle(ranked, &anchor, x, y, others),
            metric: metric.name().to_owned(),
            x: heat_map_axis(&space.axes[x]),
            y: y.map_or(HeatMapAxis { name: String::new(), labels: vec![String::new()] }, |y| {
                heat_map_axis(&space.axes[y])
            }),
            cells: sums.iter().map(|(sum, count)| (*count > 0).then(|| sum / f64::from(*count))).collect(),
            best: mark(board.best()),
            plateau: mark(board.plateau_best),
            equals: Vec::new(),
            better: metric.figure().better,
            format: format(metric),
        };
        NamedMap { file: format!("heatmap-{names}{ending}.svg"), map }
    };
    sums.into_iter().zip(metrics).map(named).collect()
}

fn heat_map_axis(axis: &Axis) -> HeatMapAxis {
    let count = axis.values.count().unwrap_or(1);
    HeatMapAxis {
        name: axis.name.clone(),
        labels: (0..count).map(|index| value_text(&axis.values.at(index))).collect(),
    }
}

fn subtitle(ranked: &RankedSweep, anchor: &[u64], x: usize, y: Option<usize>, others: Others) -> String {
    let axes = &ranked.plan.sweep.space.axes;
    let hidden: Vec<usize> = (0..axes.len()).filter(|&axis| axis != x && Some(axis) != y).collect();
    if hidden.is_empty() || anchor.is_empty() {
        return String::new();
    }
    let named = |axis: &usize| match others {
        Others::Averaged => axes[*axis].name.clone(),
        Others::AtBest => format!("{} = {}", axes[*axis].name, axes[*axis].values.at(anchor[*axis]).plain()),
    };
    let list = hidden.iter().map(named).collect::<Vec<_>>().join(", ");
    match others {
        Others::Averaged => format!("mean over {list}"),
        Others::AtBest => format!("at the best point's {list}"),
    }
}

/// A name as a part of a file name: everything but letters, digits and `.` becomes `_`.
fn file_part(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '_' };
    name.chars().map(plain).collect()
}
