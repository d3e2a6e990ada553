//! The cells of a heat map that are drawn, and their runs of one colour. Knows no size and no format.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use super::HeatMap;

/// Cells that are drawn as one where there are too many: neighbours share a cell, which shows their median.
pub(crate) struct Grid {
    /// Columns and rows that are drawn.
    pub counts: [usize; 2],
    /// Neighbours along x and along y that share a cell.
    pub group: [usize; 2],
    /// Row by row, the lowest first; `None` where no neighbour has a value.
    pub values: Vec<Option<f64>>,
}

/// How many neighbours along x and along y share a cell, so that no side has more than `side_most` cells.
pub(crate) fn group(map: &HeatMap, side_most: usize) -> [usize; 2] {
    map.sizes().map(|size| size.div_ceil(side_most))
}

impl Grid {
    /// Takes neighbours together until no side has more than `side_most` cells.
    pub(crate) fn new(map: &HeatMap, side_most: usize) -> Grid {
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
        Grid { counts, group, values: (0..counts[0] * counts[1]).map(value).collect() }
    }

    /// Path data for each colour, in the order of the colours: every run of cells of one colour in a row is one stroke of width 1
    /// in units of cells, rows counted from the lowest.
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
