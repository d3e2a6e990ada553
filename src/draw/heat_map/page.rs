//! A heat map as a part of a page: cells stretch with the page; numbers and labels keep their size, and fewer are on a phone.
//!
//! Draws the same [`HeatMap`] in the same colours as the image, whose width is fixed.

use std::collections::BTreeSet;
use std::fmt::Write;

use maud::{Markup, html};

use super::colour_scale::ColourScale;
use super::grid::CellGrid;
use super::{HeatMap, HeatMapCell};
use crate::draw::frame::legend;
use crate::draw::round_ticks::shown_labels;
use crate::draw::svg::{fitted, number, width};
use crate::draw::value_format::Digits;
use crate::draw::{anchor, listed, percent};
use crate::stats::better::Better;

/// The most cells along a side; neighbours beyond that share a cell.
const SIDE_MOST: usize = 128;
/// With more cells than this colours are rounded to [`SHADES`], so that runs of one colour make a short text.
const EXACT_MOST: usize = 2000;
const SHADES: usize = 64;
/// Pixels that labels must fit into on a phone and on a screen.
const NARROW: f64 = 270.0;
const WIDE: f64 = 620.0;
/// Font size of labels, and the pixels after which they end in an ellipsis.
const LABEL: f64 = 12.0;
const LABEL_MOST: f64 = 110.0;
/// Pixels that all rows together aim at, and the least and most of one row.
const ROWS_HEIGHT: f64 = 420.0;
const ROW: [f64; 2] = [3.0, 30.0];
/// Rows of at least this height, and at most so many columns, leave room for frames as marks and for lines between cells.
const FRAMED_HEIGHT: f64 = 14.0;
const FRAMED_COLUMNS: usize = 24;
/// The most pixels of a column.
const COLUMN_MOST: usize = 96;
/// Steps of the colour bar.
const STEPS: usize = 48;

/// The labels of cells along a side: a single value, or the first and the last of a group.
fn group_labels(labels: &[String], group: usize) -> Vec<String> {
    labels
        .chunks(group)
        .map(|group| match group {
            [only] => only.clone(),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        })
        .collect()
}

impl HeatMap {
    /// The map as a part of a page; a sentence if no cell has a finite value. `description` is read to those who do not see it.
    pub(crate) fn markup(&self, description: &str) -> Markup {
        match PageMap::new(self) {
            Some(drawing) => drawing.draw(description),
            None => html! { p.absent { "No point has the figure." } },
        }
    }
}

/// A heat map with what is needed to draw it on a page.
struct PageMap<'m> {
    map: &'m HeatMap,
    grid: CellGrid,
    scale: ColourScale,
    digits: Digits,
    /// The text of each cell of the grid.
    texts: Vec<String>,
    /// Pixels of one row.
    row_height: f64,
    /// Whether marks are frames around cells, and lines part the cells.
    framed: bool,
}

impl<'m> PageMap<'m> {
    fn new(map: &'m HeatMap) -> Option<PageMap<'m>> {
        let grid = CellGrid::new(map, SIDE_MOST);
        let scale = map.colour_scale()?;
        let digits = Digits::between(scale.low, scale.high);
        let [columns, rows] = grid.counts;
        let row_height = (ROWS_HEIGHT / rows as f64).clamp(ROW[0], ROW[1]);
        let row_height = if row_height > 4.0 { row_height.floor() } else { row_height };
        let framed = row_height >= FRAMED_HEIGHT && columns <= FRAMED_COLUMNS;
        let texts = grid.values.iter().map(|value| map.value_text(*value, digits)).collect();
        Some(PageMap { map, grid, scale, digits, texts, row_height, framed })
    }

    /// Pixels of all rows.
    fn height(&self) -> f64 {
        self.row_height * self.grid.counts[1] as f64
    }

    fn draw(&self, description: &str) -> Markup {
        let PageMap { map, grid, texts, .. } = self;
        let [columns, rows] = grid.counts;
        let widths = map.y.labels.iter().map(|label| width(label, LABEL).min(LABEL_MOST));
        let y_width = (widths.fold(0.0, f64::max) + 10.0).ceil();
        let most = columns * COLUMN_MOST + y_width as usize;
        html! {
            div.heat {
                @if !map.y.name.is_empty() { p.axis-name { "↑ " (map.y.name) } }
                div.heat-grid style=(format!("grid-template-columns:{y_width}px 1fr;max-width:{most}px")) {
                    (self.y_labels(y_width))
                    div.plot data-kind="map" data-columns=(columns) data-rows=(rows) data-x=(map.x.name) data-y=(map.y.name)
                        data-labels=(listed(group_labels(&map.x.labels, grid.group[0])))
                        data-rows-labels=(listed(group_labels(&map.y.labels, grid.group[1]))) data-name=(map.metric)
                        data-values=(listed(texts)) {
                        (self.cells(description))
                    }
                    span {}
                    svg.draw aria-hidden="true" height="20" { (self.x_labels()) }
                    span {}
                    p.axis-name.x { (map.x.name) " →" }
                }
                (self.key())
            }
        }
    }

    fn y_labels(&self, y_width: f64) -> Markup {
        let (labels, group, height) = (&self.map.y.labels, self.grid.group[1] as f64, self.height());
        let extents = vec![LABEL * 1.3; labels.len()];
        html! {
            svg.draw aria-hidden="true" width=(y_width) height=(height) {
                @for row in shown_labels(labels, &extents, self.row_height / group) {
                    @let y = height - (row as f64 / group + 0.5) * self.row_height;
                    text.label x=(y_width - 6.0) y=(number(y + 4.0)) text-anchor="end" {
                        (fitted(&labels[row], LABEL, LABEL_MOST))
                    }
                }
            }
        }
    }

    fn x_labels(&self) -> Markup {
        let (labels, grid) = (&self.map.x.labels, &self.grid);
        let shown = |room: f64| {
            let widths: Vec<f64> =
                labels.iter().map(|label| width(label, LABEL).min(LABEL_MOST) + 8.0).collect();
            shown_labels(labels, &widths, room / labels.len() as f64)
        };
        let (narrow, wide) = (shown(NARROW), shown(WIDE));
        let mut all: Vec<usize> = narrow.iter().chain(&wide).copied().collect();
        all.sort_unstable();
        all.dedup();
        html! {
            @for column in all {
                @let x = (column as f64 / grid.group[0] as f64 + 0.5) / grid.counts[0] as f64;
                text.label.wide[!narrow.contains(&column)].narrow[!wide.contains(&column)] x=(percent(x)) y="15"
                    text-anchor=(if grid.counts[0] > 8 { anchor(x) } else { "middle" }) { (fitted(&labels[column], LABEL, LABEL_MOST)) }
            }
        }
    }

    /// The coloured cells with their numbers and marks.
    fn cells(&self, description: &str) -> Markup {
        let PageMap { map, grid, .. } = self;
        let [columns, rows] = grid.counts;
        let height = number(self.height());
        html! {
            svg.draw role="img" aria-label=(description) height=(height) {
                rect width="100%" height="100%" fill="url(#absent)" {}
                svg.stretched width="100%" height=(height) viewBox={"0 0 " (columns) " " (rows)}
                    preserveAspectRatio="none" shape-rendering="crispEdges" {
                    g transform=(format!("matrix(1 0 0 -1 0 {})", rows as f64 - 0.5)) {
                        @for (colour, path) in grid.runs(|value| self.colour(value)) {
                            path stroke=(colour) d=(path) {}
                        }
                    }
                }
                @if self.framed { (self.seams()) (self.numbers()) }
                (self.equals())
                @if let Some(cell) = map.plateau { (self.mark("plateau", cell, map.plateau == map.best)) }
                @if let Some(cell) = map.best { (self.mark("best", cell, false)) }
            }
        }
    }

    /// The marks of what cannot be told from the best trial: a dot in the corner of a cell, or a line around cells that are
    /// small.
    fn equals(&self) -> Markup {
        let [columns, rows] = self.grid.counts;
        let group = self.grid.group;
        let of_grid = |cell: &HeatMapCell| [cell.column / group[0], cell.row / group[1]];
        let marked: BTreeSet<[usize; 2]> = self.map.equals.iter().map(of_grid).collect();
        if marked.is_empty() {
            return html! {};
        }
        let path = if self.framed { dots(&marked, rows) } else { outline(&marked, rows) };
        html! {
            svg.stretched width="100%" height=(number(self.height())) viewBox={"0 0 " (columns) " " (rows)}
                preserveAspectRatio="none" {
                @for halo in [true, false] {
                    path.equal.outline[!self.framed].halo[halo] d=(path) {}
                }
            }
        }
    }

    /// The colour of a value, exact where there are few cells.
    fn colour(&self, value: f64) -> String {
        if self.grid.values.len() <= EXACT_MOST {
            return self.scale.colour(value).hex();
        }
        self.scale.colour_of_shade(self.scale.shade(value, SHADES), SHADES).hex()
    }

    /// Lines between cells.
    fn seams(&self) -> Markup {
        let [columns, rows] = self.grid.counts;
        html! {
            @for column in 1..columns {
                @let x = percent(column as f64 / columns as f64);
                line.seam x1=(x) x2=(x) y1="0" y2=(number(self.height())) {}
            }
            @for row in 1..rows {
                @let y = number(row as f64 * self.row_height);
                line.seam x1="0" x2="100%" y1=(y) y2=(y) {}
            }
        }
    }

    /// The numbers in cells; nothing if they do not fit on a screen. A phone shows them only if they fit there too.
    fn numbers(&self) -> Markup {
        let PageMap { grid, scale, texts, row_height, .. } = self;
        let columns = grid.counts[0];
        let widest = texts.iter().map(|text| width(text, LABEL)).fold(0.0, f64::max) + 4.0;
        let room = widest * columns as f64;
        html! {
            @if room <= WIDE {
                g.numbers.wide[room > NARROW] {
                    @for (index, value) in grid.values.iter().enumerate() {
                        @if let Some(value) = value {
                            @let y = self.height() - (index / columns) as f64 * row_height - row_height / 2.0;
                            text x=(percent((index % columns) as f64 / columns as f64 + 0.5 / columns as f64))
                                y=(number(y + 4.3)) fill=(scale.colour(*value).text()) { (texts[index]) }
                        }
                    }
                }
            }
        }
    }

    /// A frame around a cell, or a sign on it where cells are small. `both`: the cell has the other mark too.
    fn mark(&self, class: &str, cell: HeatMapCell, both: bool) -> Markup {
        let [columns, rows] = self.grid.counts.map(|count| count as f64);
        let (column, row) =
            ((cell.column / self.grid.group[0]) as f64, (cell.row / self.grid.group[1]) as f64);
        let row_height = self.height() / rows;
        let top = self.height() - (row + 1.0) * row_height;
        // The dashed frame of the plateau then lies around the frame of the best point.
        let (out, radius) = if both { (3.0, 10.0) } else { (0.0, 6.0) };
        let (width, tall) = (percent(1.0 / columns), number(row_height + 2.0 * out));
        html! {
            @if self.framed {
                @for halo in [true, false] {
                    rect.frame.halo[halo] .(class) x=(percent(column / columns)) y=(number(top - out)) width=(width) height=(tall) rx="3" {}
                }
            } @else {
                svg.sign x=(percent((column + 0.5) / columns)) y=(number(top + row_height / 2.0)) width="1" height="1" {
                    @for halo in [true, false] {
                        @if class == "best" {
                            circle.frame.halo[halo].best r=(radius) {}
                        } @else {
                            path.frame.halo[halo].plateau d=(format!("M0-{0}L{0} 0 0 {0}-{0} 0z", radius + 2.0)) {}
                        }
                    }
                }
            }
        }
    }

    /// The colour bar, and what the marks mean.
    fn key(&self) -> Markup {
        let PageMap { map, scale, .. } = self;
        let text = |value: f64| map.format.text(value, self.digits);
        let value_at = |share: f64| scale.low + (scale.high - scale.low) * share;
        let better = match map.better {
            Better::High => "more is better",
            Better::Low => "less is better",
        };
        html! {
            div.key {
                span { (map.metric) " (" (better) ")" }
                span.ramp {
                    span { (text(scale.low)) }
                    svg aria-hidden="true" width="140" height="12" viewBox={"0 0 " (STEPS) " 1"} preserveAspectRatio="none"
                        shape-rendering="crispEdges" {
                        @for step in 0..STEPS {
                            rect x=(step) width="1.1" height="1" fill=(scale.colour(value_at((step as f64 + 0.5) / STEPS as f64)).hex()) {}
                        }
                    }
                    span { (text(scale.high)) }
                }
            }
            (self.legend())
        }
    }

    fn legend(&self) -> Markup {
        let map = self.map;
        let position = |cell: HeatMapCell| {
            let x = format!("{} = {}", map.x.name, map.x.labels[cell.column]);
            if map.y.name.is_empty() {
                x
            } else {
                format!("{x}, {} = {}", map.y.name, map.y.labels[cell.row])
            }
        };
        let sample = |class: &str| {
            html! {
                @match (self.framed, class) {
                    (true, "equal") => path.equal d="M10 9h0" {},
                    (false, "equal") => path.equal.outline d="M3 3h14v12h-14z" {},
                    (true, _) => rect.frame.(class) x="2" y="3" width="16" height="12" rx="3" {},
                    (false, "best") => circle.frame.best cx="10" cy="9" r="6" {},
                    (false, _) => path.frame.plateau d="M10 1l8 8-8 8-8-8z" {},
                }
            }
        };
        let marked = |class: &str, name: &str, cell: Option<HeatMapCell>| {
            let value = map.value_text(map.value(cell?), self.digits);
            Some(([20, 18], sample(class), format!("{name}: {value} at {}", position(cell?))))
        };
        let absent = map.absent_cells();
        let no_result = || {
            let sample = html! { rect x="2" y="2" width="16" height="12" fill="url(#absent)" {} };
            ([20, 16], sample, format!("no result: {absent} of {} cells", map.cells.len()))
        };
        let cells = map.equals.len();
        let equal = || {
            let text = format!("cannot be told from the best trial: {cells} of {} cells", map.cells.len());
            ([20, 18], sample("equal"), text)
        };
        legend(
            [marked("best", "best", map.best), marked("plateau", "plateau centre", map.plateau)]
                .into_iter()
                .flatten()
                .chain((cells > 0).then(equal))
                .chain((absent > 0).then(no_result)),
        )
    }
}

/// SVG path data of a dot in the upper right corner of each cell, above its number.
fn dots(cells: &BTreeSet<[usize; 2]>, rows: usize) -> String {
    cells.iter().fold(String::new(), |mut path, [column, row]| {
        let top = (rows - 1 - row) as f64;
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h0", number(*column as f64 + 0.9), number(top + 0.22));
        path
    })
}

/// SVG path data of the lines between these cells and others.
fn outline(cells: &BTreeSet<[usize; 2]>, rows: usize) -> String {
    let has = |column: Option<usize>, row: Option<usize>| {
        column.zip(row).is_some_and(|(column, row)| cells.contains(&[column, row]))
    };
    cells.iter().fold(String::new(), |mut path, &[column, row]| {
        let top = rows - 1 - row;
        let sides = [
            (has(Some(column), Some(row + 1)), column, top, 'h'),
            (has(Some(column), row.checked_sub(1)), column, top + 1, 'h'),
            (has(column.checked_sub(1), Some(row)), column, top, 'v'),
            (has(Some(column + 1), Some(row)), column + 1, top, 'v'),
        ];
        for (_, x, y, along) in sides.into_iter().filter(|(is_inside, ..)| !is_inside) {
            let _ = write!(path, "M{x} {y}{along}1");
        }
        path
    })
}

/// Defines the pattern of cells without a value. A page has it once, outside of all maps: a hidden map defines nothing.
pub(crate) fn definitions() -> Markup {
    html! {
        svg.definitions width="0" height="0" aria-hidden="true" {
            defs {
                pattern #absent width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.absent-ground width="6" height="6" {}
                    path.absent-line d="M0 0v6" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::heat_map::HeatMapAxis;
    use crate::draw::value_format::ValueFormat;

    fn map(columns: usize, rows: usize) -> HeatMap {
        let axis = |name: &str, count: usize| HeatMapAxis {
            name: name.to_owned(),
            labels: (0..count).map(|i| i.to_string()).collect(),
        };
        HeatMap {
            title: String::new(),
            subtitle: String::new(),
            metric: "sharpe".to_owned(),
            x: axis("<x>", columns),
            y: axis("y", rows),
            cells: (0..columns * rows).map(|i| (i != 1).then_some(i as f64)).collect(),
            best: Some(HeatMapCell { column: columns - 1, row: rows - 1 }),
            plateau: Some(HeatMapCell { column: 0, row: 0 }),
            equals: Vec::new(),
            better: Better::High,
            format: ValueFormat::Number,
        }
    }

    #[test]
    fn few_cells_have_their_numbers_and_frames() {
        let drawn = map(3, 2).markup("What it shows.").into_string();
        assert!(drawn.contains("no result: 1 of 6 cells") && drawn.contains("class=\"frame best\""));
        assert_eq!(drawn.matches("<g class=\"numbers\">").count(), 1);
        assert!(drawn.contains("&lt;x&gt;") && !drawn.contains("<x>"));
        assert!(drawn.contains("data-values=\"0.0|no result|2.0"), "{drawn}");
    }

    #[test]
    fn many_cells_are_taken_together() {
        let drawn = map(400, 300).markup("What it shows.").into_string();
        assert!(drawn.contains("data-columns=\"100\"") && drawn.contains("data-rows=\"100\""));
        assert!(drawn.contains("396 to 399") && drawn.contains("circle"));
        assert!(drawn.len() < 250_000, "{}", drawn.len());
    }

    #[test]
    fn equals_are_marked_and_counted() {
        let mut small = map(3, 2);
        assert!(!small.markup("").into_string().contains("equal"));
        small.equals = vec![HeatMapCell { column: 2, row: 1 }, HeatMapCell { column: 0, row: 0 }];
        let drawn = small.markup("").into_string();
        assert_eq!(drawn.matches("d=\"M0.9 1.22h0M2.9 0.22h0\"").count(), 2, "a dot and its halo: {drawn}");
        assert!(drawn.contains("cannot be told from the best trial: 2 of 6 cells"));
        // Two cells side by side have six sides between them and the others.
        let mut large = map(100, 100);
        large.equals = vec![HeatMapCell { column: 7, row: 99 }, HeatMapCell { column: 8, row: 99 }];
        let drawn = large.markup("").into_string();
        assert!(drawn.contains("d=\"M7 0h1M7 1h1M7 0v1M8 0h1M8 1h1M9 0v1\""), "{drawn}");
    }

    #[test]
    fn a_single_cell_and_no_value_are_drawn() {
        let mut one = map(1, 1);
        assert!(one.markup("").into_string().contains("M0 0h1"));
        one.cells = vec![None];
        assert!(one.markup("").into_string().contains("No point"));
    }
}
