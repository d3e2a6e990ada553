//! Plateaus of a grid: the neighbours of a point are the points at most some steps away on every axis.
//!
//! Points may be missing, which makes the grid sparse; the full grid may have more cells than fit into memory. The points are
//! sorted, so that points with the same first coordinates are consecutive. The search goes down axis by axis, for all points
//! with the same first coordinates at once, and keeps the ranges of points whose first coordinates are near theirs. The work is
//! proportional to the number of neighbours that exist.

use std::ops::Range;

use rayon::prelude::*;

use super::plateau::{Plateau, Surroundings};

/// Number of points that a thread works on at a time.
const BLOCK: usize = 8192;

/// An axis of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlateauAxis {
    /// Number of values, at least 1.
    pub length: u64,
    /// Whether the values have an order, so that consecutive values are neighbours. On an axis without order only points with
    /// the same value are neighbours.
    pub ordered: bool,
}

/// Plateaus of points of a grid, one for each point.
///
/// `points` are the numbers of the cells that exist, ascending; cells are numbered with the first axis slowest. `values` are
/// the metric, NaN for a point that failed. `radius` is the number of steps on every ordered axis, at least 1. `lambda` is the
/// weight of the deviation in the score.
pub(crate) fn on_grid(
    axes: &[PlateauAxis],
    points: &[u64],
    values: &[f64],
    radius: u64,
    lambda: f64,
) -> Vec<Plateau> {
    assert_eq!(points.len(), values.len(), "a value for every point");
    assert!(radius > 0, "a neighbourhood has neighbours");
    debug_assert!(points.is_sorted_by(|a, b| a < b));
    let grid = Grid::new(axes, points, values, radius, lambda);
    let mut blocks: Vec<Vec<Plateau>> = Vec::new();
    (0..points.len().div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| grid.plateaus(block * BLOCK..((block + 1) * BLOCK).min(points.len())))
        .collect_into_vec(&mut blocks);
    blocks.into_iter().flatten().collect()
}

struct Grid<'a> {
    axes: Vec<GridAxis>,
    points: &'a [u64],
    values: &'a [f64],
    lambda: f64,
    /// Number of cells in a full neighbourhood.
    cells: f64,
}

struct GridAxis {
    length: u64,
    /// The difference between the numbers of two cells one step apart on this axis.
    stride: u64,
    /// The number of steps to the farthest neighbours.
    reach: u64,
    /// Whether the first and the last value are an edge.
    edges: bool,
}

impl GridAxis {
    fn is_edge(&self, digit: u64) -> bool {
        self.edges && (digit == 0 || digit + 1 == self.length)
    }
}

/// Points with the same coordinates up to some axis, which are near those of the points whose neighbours are wanted.
struct Near {
    range: Range<usize>,
    /// The number of the cell with these coordinates and 0 on all axes that follow.
    base: u64,
    /// The distance up to this axis, in steps.
    steps: u64,
}

impl<'a> Grid<'a> {
    fn new(axes: &[PlateauAxis], points: &'a [u64], values: &'a [f64], radius: u64, lambda: f64) -> Grid<'a> {
        let mut cells = 1.0;
        let mut stride = 1;
        let mut inner: Vec<GridAxis> = Vec::with_capacity(axes.len().max(1));
        for axis in axes.iter().rev() {
            let reach = if axis.ordered { radius.min(axis.length - 1) } else { 0 };
            if axis.ordered {
                cells *= (2 * reach + 1).min(axis.length) as f64;
            }
            let edges = axis.ordered && axis.length > 1;
            inner.push(GridAxis { length: axis.length, stride, reach, edges });
            stride *= axis.length;
        }
        if inner.is_empty() {
            inner.push(GridAxis { length: 1, stride: 1, reach: 0, edges: false });
        }
        inner.reverse();
        Grid { axes: inner, points, values, lambda, cells }
    }

    fn plateaus(&self, own: Range<usize>) -> Vec<Plateau> {
        let mut plateaus = Vec::with_capacity(own.len());
        let all = Near { range: 0..self.points.len(), base: 0, steps: 0 };
        self.descend(0, own, &[all], false, &mut plateaus);
        plateaus
    }

    /// Appends the plateaus of the points `own`, which have the same coordinates before `axis`. `edge` says whether one of
    /// these coordinates is at an edge.
    fn descend(&self, axis: usize, own: Range<usize>, near: &[Near], edge: bool, out: &mut Vec<Plateau>) {
        if axis + 1 == self.axes.len() {
            return self.rows(own, near, edge, out);
        }
        let GridAxis { length, stride, .. } = self.axes[axis];
        let mut start = own.start;
        while start < own.end {
            let prefix = self.points[start] / stride;
            let digit = prefix % length;
            let end = self.first_at_least((prefix + 1) * stride, start..own.end);
            let mut nearer = Vec::with_capacity(near.len());
            for row in near {
                self.narrow(axis, row, digit, &mut nearer);
            }
            self.descend(axis + 1, start..end, &nearer, edge || self.axes[axis].is_edge(digit), out);
            start = end;
        }
    }

    /// Appends the parts of a range whose coordinate on `axis` is near `digit`.
    fn narrow(&self, axis: usize, row: &Near, digit: u64, out: &mut Vec<Near>) {
        let GridAxis { length, stride, reach, .. } = self.axes[axis];
        let last = (digit + reach).min(length - 1);
        let mut start =
            self.first_at_least(row.base + digit.saturating_sub(reach) * stride, row.range.clone());
        while start < row.range.end {
            let coordinate = (self.points[start] - row.base) / stride;
            if coordinate > last {
                break;
            }
            let base = row.base + coordinate * stride;
            let end = self.first_at_least(base + stride, start..row.range.end);
            out.push(Near { range: start..end, base, steps: row.steps + coordinate.abs_diff(digit) });
            start = end;
        }
    }

    /// Appends the plateaus of points that differ on the last axis only. The points and their neighbours both ascend, so one
    /// cursor into each row of neighbours is enough.
    fn rows(&self, own: Range<usize>, near: &[Near], edge: bool, out: &mut Vec<Plateau>) {
        let axis = &self.axes[self.axes.len() - 1];
        let mut cursors: Vec<usize> = near.iter().map(|row| row.range.start).collect();
        let mut surroundings = Surroundings::default();
        for point in own {
            let digit = self.points[point] % axis.length;
            let centre = self.values[point];
            surroundings.clear();
            for (row, cursor) in near.iter().zip(&mut cursors) {
                let first = row.base + digit.saturating_sub(axis.reach);
                let last = row.base + digit + axis.reach;
                while *cursor < row.range.end && self.points[*cursor] < first {
                    *cursor += 1;
                }
                let mut other = *cursor;
                while other < row.range.end && self.points[other] <= last {
                    let steps = row.steps + (self.points[other] - row.base).abs_diff(digit);
                    if other != point {
                        surroundings.add(centre, self.values[other], steps == 1);
                    }
                    other += 1;
                }
            }
            out.push(Plateau {
                coverage: surroundings.count(centre) as f64 / self.cells,
                edge: edge || axis.is_edge(digit),
                figures: surroundings.figures(centre, self.lambda),
            });
        }
    }

    /// The index of the first point of a range whose cell has at least this number.
    fn first_at_least(&self, cell: u64, range: Range<usize>) -> usize {
        range.start + self.points[range].partition_point(|&point| point < cell)
    }
}
