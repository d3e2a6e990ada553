//! Draws the cells of a heat map and the marks on them.
//!
//! Few cells are drawn one by one, each with its number and a note under the pointer. Many cells are drawn as runs of one
//! colour, row by row, with one path for each colour, so that a file stays below two million characters.

use crate::draw::heat_map::colour_scale::{Colour, ColourScale};
use crate::draw::heat_map::grid::CellGrid;
use crate::draw::heat_map::{HeatMap, HeatMapCell};
use crate::draw::svg::{self, Svg, escaped, number};
use crate::draw::value_format::Digits;

/// The most cells along a side.
pub(crate) const SIDE_MOST: usize = 450;
/// The most cells that are drawn one by one.
const NOTED_MOST: usize = 2000;
/// Number of colours of cells drawn in runs. With fewer the eye would see steps; more would cut the runs short.
const SHADES: usize = 96;
/// Font sizes of the numbers in cells; the first that fits is used.
const FONTS: [f64; 4] = [12.0, 11.0, 10.0, 9.0];
/// Cells of at least this size have room for a frame beside their number.
const FRAMED_LEAST: f64 = 18.0;
/// Cells of at least this size are a pixel apart.
const GAP_LEAST: f64 = 8.0;

/// What a mark says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellMark {
    /// It is the best point.
    Best,
    /// It is the centre of the best plateau.
    Plateau,
    /// It has no value.
    Absent,
}

/// The cells of a map with what is needed to draw them.
pub(crate) struct MapCells<'a> {
    /// The map.
    pub map: &'a HeatMap,
    /// The colours; `None` if no cell has a finite value.
    pub scale: Option<&'a ColourScale>,
    /// Digits of the numbers.
    pub digits: Digits,
    /// Left, top, width and height of all cells.
    pub plot: [f64; 4],
    /// Width and height of one cell.
    pub cell: [f64; 2],
}

/// Whether marks are frames around cells of this size, not signs on them.
pub(crate) fn is_framed(cell: [f64; 2]) -> bool {
    cell[0].min(cell[1]) >= FRAMED_LEAST
}

impl MapCells<'_> {
    /// Draws the cells, then the marks.
    pub(crate) fn draw(&self, svg: &mut Svg) {
        hatch(svg);
        if self.map.cells.len() <= NOTED_MOST {
            self.one_by_one(svg);
        } else {
            self.runs(svg);
        }
        let framed = is_framed(self.cell);
        let gap = self.gap();
        let mut mark = |mark: CellMark, cell: HeatMapCell, larger: f64| {
            let [x, y] = self.corner(cell.column, cell.row);
            let [width, height] = self.cell;
            let size =
                if framed { [width - 3.0 + larger, height - 3.0 + larger] } else { [13.0 + larger; 2] };
            draw_mark(svg, mark, [x + (width - gap) / 2.0, y + (height - gap) / 2.0], size, framed);
        };
        // If both are the same point, the mark of the plateau lies around the other.
        let apart = if self.map.plateau == self.map.best { 8.0 } else { 0.0 };
        if let Some(cell) = self.map.plateau {
            mark(CellMark::Plateau, cell, apart);
        }
        if let Some(cell) = self.map.best {
            mark(CellMark::Best, cell, 0.0);
        }
    }

    /// Pixels between cells.
    fn gap(&self) -> f64 {
        if self.cell[0].min(self.cell[1]) >= GAP_LEAST { 1.0 } else { 0.0 }
    }

    /// The upper left corner of a cell.
    fn corner(&self, column: usize, row: usize) -> [f64; 2] {
        let [left, top, _, height] = self.plot;
        [left + column as f64 * self.cell[0], top + height - (row + 1) as f64 * self.cell[1]]
    }

    fn one_by_one(&self, svg: &mut Svg) {
        let HeatMap { x, y, metric, format, .. } = self.map;
        let texts: Vec<String> = self
            .map
            .cells
            .iter()
            .map(|value| value.map_or(String::new(), |value| format.text(value, self.digits)))
            .collect();
        let font = self.font(&texts);
        let gap = self.gap();
        svg.raw("<g shape-rendering=\"crispEdges\">\n");
        for (index, value) in self.map.cells.iter().enumerate() {
            let (column, row) = (index % x.labels.len(), index / x.labels.len());
            let [left, top] = self.corner(column, row);
            let fill = self.colour(*value).map_or("url(#absent)".to_owned(), |colour| colour.hex());
            let shown = if fill.starts_with('#') { &texts[index] } else { "no result" };
            let note = format!(
                "{} = {}, {} = {}\n{metric}: {shown}",
                x.name, x.labels[column], y.name, y.labels[row]
            );
            let [left, top, width, height] = [left, top, self.cell[0] - gap, self.cell[1] - gap].map(number);
            svg.raw(&format!(
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\">\
                 <title>{}</title></rect>\n",
                note.lines().map(escaped).collect::<Vec<_>>().join("&#10;")
            ));
        }
        svg.raw("</g>\n");
        let Some(font) = font else {
            return;
        };
        // Numbers ignore the pointer, so that the note of a cell appears everywhere on the cell.
        svg.raw(&format!("<g font-size=\"{font}\" text-anchor=\"middle\" pointer-events=\"none\">\n"));
        for (index, value) in self.map.cells.iter().enumerate() {
            if let Some(colour) = self.colour(*value) {
                let [left, top] = self.corner(index % x.labels.len(), index / x.labels.len());
                let (x, y) = (left + (self.cell[0] - gap) / 2.0, top + (self.cell[1] - gap) / 2.0);
                svg.text(x, y + font * 0.36, &format!("fill=\"{}\"", colour.text()), &texts[index]);
            }
        }
        svg.raw("</g>\n");
    }

    /// The largest font size at which every number fits into its cell.
    fn font(&self, texts: &[String]) -> Option<f64> {
        FONTS.into_iter().find(|&font| {
            let widest = texts.iter().map(|text| svg::width(text, font)).fold(0.0, f64::max);
            widest + 6.0 <= self.cell[0] && font + 5.0 <= self.cell[1]
        })
    }

    fn colour(&self, value: Option<f64>) -> Option<Colour> {
        let value = value.filter(|value| !value.is_nan())?;
        self.scale.map(|scale| scale.colour(value))
    }

    fn runs(&self, svg: &mut Svg) {
        let Some(scale) = self.scale else {
            return;
        };
        let grid = CellGrid::new(self.map, SIDE_MOST);
        svg.rectangle(self.plot, "fill=\"url(#absent)\" stroke=\"#bbbbbb\"");
        // The unit of the inner SVG is one drawn cell, counted from the lower left corner. The last cells may stand for fewer
        // values; the inner SVG cuts them off there.
        let [left, top, width, height] = self.plot.map(number);
        let sizes = self.map.sizes();
        let [across, up] = [0, 1].map(|side| sizes[side] as f64 / grid.group[side] as f64);
        svg.raw(&format!(
            "<svg x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {across} {up}\" \
             preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">\n\
             <g fill=\"none\" transform=\"matrix(1 0 0 -1 0 {})\">\n",
            up - 0.5
        ));
        for (shade, path) in grid.runs(|value| scale.shade(value, SHADES)) {
            let colour = scale.colour_of_shade(shade, SHADES).hex();
            svg.raw(&format!("<path stroke=\"{colour}\" d=\"{path}\"/>\n"));
        }
        svg.raw("</g>\n</svg>\n");
    }
}

/// Defines the pattern of cells without a value.
fn hatch(svg: &mut Svg) {
    svg.raw(
        "<defs><pattern id=\"absent\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fbfbfb\"/>\
         <path d=\"M0 0v6\" stroke=\"#d4d4d4\" stroke-width=\"1.6\"/></pattern></defs>\n",
    );
}

/// Draws a mark around a centre: solid or round for the best, dashed or square for the plateau, and dark with a light border,
/// so that it stands out on any colour.
pub(crate) fn draw_mark(
    svg: &mut Svg,
    mark: CellMark,
    [x, y]: [f64; 2],
    [width, height]: [f64; 2],
    framed: bool,
) {
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    if mark == CellMark::Absent {
        return svg.rectangle([left, top, width, height], "fill=\"url(#absent)\" stroke=\"#bbbbbb\"");
    }
    for (colour, thick) in [("#ffffff", 5.0), ("#111111", 2.25)] {
        let stroke =
            format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{thick}\" pointer-events=\"none\"");
        match (mark, framed) {
            (CellMark::Best, true) => {
                svg.rectangle([left, top, width, height], &format!("rx=\"4\" {stroke}"))
            }
            (_, true) => {
                let dashed = if thick < 3.0 { " stroke-dasharray=\"5 3.5\"" } else { "" };
                svg.rectangle([left, top, width, height], &format!("rx=\"4\" {stroke}{dashed}"));
            }
            (CellMark::Best, false) => svg.raw(&format!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {stroke}/>\n",
                number(x),
                number(y),
                number(width / 2.0)
            )),
            (_, false) => {
                let far = width * 0.62;
                svg.raw(&format!(
                    "<path d=\"M{} {}l{far} {far}l-{far} {far}l-{far} -{far}z\" {stroke}/>\n",
                    number(x),
                    number(y - far)
                ));
            }
        }
    }
}
