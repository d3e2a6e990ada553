//! A metric over two axes of a sweep as an SVG image: one file, no script, no font, the same in every viewer.
//!
//! Draws what it is given: which cells exist, which is best and what stands for points that share a cell is
//! the caller's choice.

mod cells;
pub mod colour_scale;
mod drawing;
mod layout;

use crate::report::plot::value_format::ValueFormat;

use crate::stats::better::Better;

/// An axis of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMapAxis {
    /// What the axis is.
    pub name: String,
    /// A text for each value.
    pub labels: Vec<String>,
}

/// The place of a cell, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatMapCell {
    /// Place on the x axis.
    pub column: usize,
    /// Place on the y axis.
    pub row: usize,
}

/// A metric over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
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

#[cfg(test)]
mod tests;
