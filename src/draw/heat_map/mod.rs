//! A metric over two axes of a sweep: what is drawn, and its two drawings, an image file and a part of a page.
//!
//! Draws what it is given: the caller says which cells exist, which is best, and which value stands for points that
//! share a cell. Cells, colours and runs are the same in both drawings. An image has a fixed width; on a page cells stretch, and numbers and
//! labels keep their size.

pub(crate) mod colour_scale;
mod grid;
mod image;
pub(crate) mod page;

use crate::draw::value_format::ValueFormat;
use crate::stats::better::Better;

/// An axis of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMapAxis {
    /// What the axis is.
    pub name: String,
    /// A text for each value.
    pub labels: Vec<String>,
}

/// The place of a cell, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeatMapCell {
    /// Place on the x axis.
    pub column: usize,
    /// Place on the y axis.
    pub row: usize,
}

/// A metric over two axes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMap {
    /// What is seen.
    pub title: String,
    /// What happens with the axes that are not seen; may be empty.
    pub subtitle: String,
    /// The name of the metric.
    pub metric: String,
    /// From left to right.
    pub x: HeatMapAxis,
    /// From the bottom to the top.
    pub y: HeatMapAxis,
    /// Row by row, the lowest first. `None`: there is no such point, or it failed.
    pub cells: Vec<Option<f64>>,
    /// The best point.
    pub best: Option<HeatMapCell>,
    /// The centre of the best plateau.
    pub plateau: Option<HeatMapCell>,
    /// Whether much or little is good.
    pub better: Better,
    /// How the metric reads.
    pub format: ValueFormat,
}

impl HeatMap {
    /// Number of values along x and along y.
    fn sizes(&self) -> [usize; 2] {
        [self.x.labels.len(), self.y.labels.len()]
    }
}
