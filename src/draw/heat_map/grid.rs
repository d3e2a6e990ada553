//! The cells of a heat map as they are drawn, and their runs of one colour. Knows no sizes and no formats.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use super::HeatMap;

/// The drawn cells. If a map has too many, neighbours share one, which shows their median.
pub(crate) struct CellGrid {
    /// Number of drawn columns and rows.
    pub counts: [usize; 2],
    /// How many neighbours along x and along y share a cell.
    pub group: [usize; 2],
    /// The values row by row, the lowest row first; `None` where no neighbour has a value.
    pub values: Vec<Option<f64>>,
}

/// How many neighbours along x and along y must share a cell so that no side has more than `side_most` cells.
pub(crate) fn group(map: &HeatMap, side_most: usize) -> [usize; 2] {
    map.sizes().map(|size| size.div_ceil(side_most))
}

impl CellGrid {
    /// The cells of a map, with at most `side_most` along a side.
    pub(crate) fn new(map: &HeatMap, side_most: usize) -> CellGrid {
        let (sizes, group) = (map.sizes(), group(map, side_most));
        let counts = [0, 1].map(|side| sizes[side].div_ceil(group[side]));
        let range = |index: usize, side: usize| -> Range<usize> {
            index * group[side]..((index + 1) * group[side]).min(sizes[side])
        };
        let value = |cell: usize| {
            let [column, row] = [cell % counts[0], cell / counts[0]];
            let neighbours =
                range(row, 1).flat_map(|row| range(column, 0).map(move |column| row * sizes[0] + column));
            let mut values: Vec<f64> = neighbours
                .filter_map(|neighbour| map.cells[neighbour])
                .filter(|value| !value.is_nan())
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            values.get(values.len().checked_sub(1)? / 2).copied()
        };
        CellGrid { counts, group, values: (0..counts[0] * counts[1]).map(value).collect() }
    }

    /// SVG path data for each colour, in the order of the colours. A run of cells of one colour in a row is one stroke as wide
    /// as a cell. The unit is a cell, and rows are counted from the lowest.
    pub(crate) fn runs<C: Ord + Clone>(&self, colour: impl Fn(f64) -> C) -> BTreeMap<C, String> {
        let mut paths: BTreeMap<C, String> = BTreeMap::new();
        for (row, values) in self.values.chunks(self.counts[0]).enumerate() {
            let colours: Vec<Option<C>> = values.iter().map(|value| value.map(&colour)).collect();
            let mut column = 0;
            for run in colours.chunk_by(PartialEq::eq) {
                if let Some(colour) = &run[0] {
                    let path = paths.entry(colour.clone()).or_default();
                    // Writing to a String cannot fail.
                    let _ = write!(path, "M{column} {row}h{}", run.len());
                }
                column += run.len();
            }
        }
        paths
    }
}
