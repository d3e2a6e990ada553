//! A heat map of a metric over two axes: its values, and its two drawings, an image file and a part of a page.
//!
//! The caller says which cells exist, which is best, and which value a cell shows for several points. Cells, colours and runs
//! of one colour are the same in both drawings. An image has a fixed width; on a page cells stretch, while numbers and labels
//! keep their size.

pub(crate) mod colour_scale;
mod grid;
mod image;
pub(crate) mod page;

use self::colour_scale::ColourScale;
use crate::draw::value_format::{Digits, ValueFormat};
use crate::stats::better::Better;

/// An axis of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMapAxis {
    /// Its name; empty for the y axis of a map with a single row.
    pub name: String,
    /// The text of each value.
    pub labels: Vec<String>,
}

/// The column and the row of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeatMapCell {
    /// Index of its value on the x axis.
    pub column: usize,
    /// Index of its value on the y axis.
    pub row: usize,
}

/// A metric over two axes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMap {
    /// What the map shows.
    pub title: String,
    /// What holds for the axes that are not drawn; may be empty.
    pub subtitle: String,
    /// The name of the metric.
    pub metric: String,
    /// The axis from left to right.
    pub x: HeatMapAxis,
    /// The axis from bottom to top.
    pub y: HeatMapAxis,
    /// The values row by row, the lowest row first. `None` where the point does not exist or failed.
    pub cells: Vec<Option<f64>>,
    /// The cell of the best point.
    pub best: Option<HeatMapCell>,
    /// The cell of the centre of the best plateau.
    pub plateau: Option<HeatMapCell>,
    /// Cells of points that cannot be told from the best trial. An image leaves them out.
    pub equals: Vec<HeatMapCell>,
    /// Whether high or low values are better.
    pub better: Better,
    /// How the metric is written.
    pub format: ValueFormat,
}

impl HeatMap {
    /// Number of values along x and along y.
    fn sizes(&self) -> [usize; 2] {
        [self.x.labels.len(), self.y.labels.len()]
    }

    /// The colours of the values; `None` if no value is finite.
    fn colour_scale(&self) -> Option<ColourScale> {
        let values: Vec<f64> = self.cells.iter().flatten().copied().collect();
        ColourScale::new(&values, self.better)
    }

    /// The value of a cell.
    fn value(&self, cell: HeatMapCell) -> Option<f64> {
        self.cells[cell.row * self.x.labels.len() + cell.column]
    }

    /// The text of a value.
    fn value_text(&self, value: Option<f64>, digits: Digits) -> String {
        value.map_or("no result".to_owned(), |value| self.format.text(value, digits))
    }

    /// Number of cells without a value.
    fn absent_cells(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_none_or(f64::is_nan)).count()
    }
}
